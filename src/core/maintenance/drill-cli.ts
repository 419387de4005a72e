import { parseArgs } from 'node:util';
import { deskArguments, readToolDesk } from '../platform/desk-arguments.ts';
import { systemClock } from '../platform/clock.ts';
import { drillRestore } from '../storage/recovery/drill.ts';

/**
 * `npm run desk:drill -- [--config desk.json] [--data folder] [--desk id] [--key-file file]`: restores the newest copy into a folder that is removed
 * afterwards and says what came out. The desk may run meanwhile. Ends with 0 when the copy can be relied on, 1 when not, 2 when it could not begin.
 */
const { values } = parseArgs({ options: deskArguments });

try {
  const drilled = await drillRestore(readToolDesk(values), { nowMs: systemClock.nowMs(), monotonicMs: () => systemClock.monotonicMs() });
  if (drilled.ok) {
    const { backupAtMs, sizeBytes, tookMs, auditRows, commands, applications } = drilled.value;
    process.stdout.write(
      `The copy of ${new Date(backupAtMs).toISOString()} (${sizeBytes} bytes) can be restored: every page is whole, the chain holds for ${auditRows} rows, ` +
        `${commands} commands, ${applications} applications; it took ${tookMs} ms.\n`,
    );
  } else {
    process.stdout.write(`The newest copy cannot be relied on: ${drilled.failure.code}. Make another one now.\n`);
    process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`The drill could not begin: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
