import { parseArgs } from 'node:util';
import { deskArguments, readToolDesk } from '../platform/desk-arguments.ts';
import { openReader } from '../storage/open-reader.ts';
import { verifyAudit } from './verify.ts';

/**
 * `npm run audit:verify -- [--config desk.json] [--data folder] [--desk id] [--key-file file]`: recomputes the audit chain of a desk, running or
 * not, and names the first bad row. Ends with 0 when the chain holds, 1 when it does not, 2 when it could not be read. Without a key file the
 * auditor of a production desk uses the audit page.
 */
const { values } = parseArgs({ options: deskArguments });

try {
  process.exitCode = await verify();
} catch (error) {
  process.stderr.write(`The audit could not be read: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function verify(): Promise<number> {
  const { file, keyHex, deskId } = readToolDesk(values);
  const reader = await openReader(file, keyHex);
  if (!reader.ok) throw new Error(reader.failure.code);
  const verdict = await verifyAudit(reader.value, deskId);
  reader.value.close();
  if (verdict.firstBadSeq === null) {
    process.stdout.write(
      `The audit chain of ${deskId} holds: ${verdict.rows} rows; ${verdict.seals} seals up to row ${verdict.sealedUptoSeq}; countersigned up to row ${verdict.countersignedUptoSeq}.\n`,
    );
    return 0;
  }
  process.stdout.write(
    `The audit chain of ${deskId} is broken: the first bad row is ${verdict.firstBadSeq}; ${verdict.rows} rows before it hold.\n`,
  );
  return 1;
}
