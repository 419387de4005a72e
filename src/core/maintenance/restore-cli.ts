import { parseArgs } from 'node:util';
import { deskArguments, readToolDesk } from '../platform/desk-arguments.ts';
import { systemClock } from '../platform/clock.ts';
import { listBackups } from '../storage/recovery/backups.ts';
import { restoreDatabase } from '../storage/recovery/restore.ts';

/**
 * `npm run desk:restore -- --from <backup>|newest [--take acts|everything|nothing] [--by login] [--config desk.json] [--data folder] [--desk id] [--key-file file]`:
 * puts a copy in the place of a desk's database while the desk does not run. The present files are kept aside. `--take` says what is brought over
 * from them: the queue, receipts and journal (the default), every row that can be believed, or nothing. `--list` only names the copies.
 * Ends with 0 when it is done, 1 when nothing was changed, 2 when it could not begin.
 */
const { values } = parseArgs({
  options: {
    ...deskArguments,
    from: { type: 'string' },
    take: { type: 'string', default: 'acts' },
    by: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const when = (atMs: number): string => new Date(atMs).toISOString();

const reasons: Readonly<Record<string, string>> = {
  DATABASE_IN_USE: 'the program is open on this desk. Close it first',
  DATABASE_KEY: 'the copy belongs to another key',
  BACKUP_MISSING: 'there is no such copy; --list names them',
  BACKUP_DAMAGED: 'the copy is damaged; choose an older one',
  DISK_FULL: 'the disk has no room for a second database; free some space',
};

try {
  process.exitCode = await restore();
} catch (error) {
  process.stderr.write(`The restore could not begin: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function restore(): Promise<number> {
  const desk = readToolDesk(values);
  if (values.list) {
    for (const { file, atMs, sizeBytes } of listBackups(desk.file)) say(`${when(atMs)}  ${sizeBytes} bytes  ${file}`);
    return 0;
  }
  const { from, take } = values;
  if (from === undefined) throw new Error('--from names the copy, or "newest"');
  if (take !== 'acts' && take !== 'everything' && take !== 'nothing') throw new Error('--take is acts, everything or nothing');
  const restored = await restoreDatabase({
    ...desk,
    nowMs: systemClock.nowMs(),
    from: from === 'newest' ? 'newest' : { backup: from },
    cause: 'asked',
    take,
    byLogin: values.by,
  });
  if (!restored.ok) {
    const { code } = restored.failure;
    process.stderr.write(`Nothing was changed: ${reasons[code] ?? code}.\n`);
    return 1;
  }
  const report = restored.value;
  say(
    `Restored from ${report.backupAtMs === null ? 'nothing: there was no good copy, the database is new' : `the copy of ${when(report.backupAtMs)}`}.`,
  );
  say(
    `Commands: ${report.actsInBackup} in the copy, ${report.actsRecovered} brought over, ${report.actsLost} not recovered, ${report.actsToSend} to be sent.`,
  );
  say(`Journal: ${report.auditJoined} rows joined, ${report.auditAside} kept beside the chain, ${report.auditLost} gone.`);
  say(
    `The desk is in epoch ${report.deskEpoch} now. The former files are kept in the folder "aside". At its next start the desk reads everything from the registry again.`,
  );
  return 0;
}
