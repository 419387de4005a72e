import { parseArgs } from 'node:util';
import { openRegistry, publicUrlKey } from '../open-registry.ts';
import { hasFile, registryPaths } from '../provision/folder.ts';
import { findMeta } from '../store/store.ts';
import { importQueueFile } from './import-queue-file.ts';
import { QueueFileError } from './queue-file-error.ts';

/**
 * `npm run registry:import -- <file> [--desk id] [--data folder] [--database url]`: takes the file of unsent acts that a desk without a link has written, into
 * the registry of the folder, which may be running. `--desk` says whose file it must be. Prints counts and no personal data.
 * Ends with 0 when everything was taken or known, 1 when some acts have no answer yet, 2 when nothing was taken.
 */
const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string', default: '.run/registry' },
    database: { type: 'string' },
    desk: { type: 'string' },
  },
  allowPositionals: true,
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof QueueFileError) process.stderr.write(`Nothing was taken. ${error.message}.\n`);
  // What came before it is on record; the same file may be imported again.
  else process.stderr.write(`The import was interrupted; import the same file again: ${error instanceof Error ? error.name : ''}\n`);
  process.exitCode = 2;
}

async function run(): Promise<number> {
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new QueueFileError('FILE_MISSING');
  if (!hasFile(registryPaths(values.data).queueFileKey)) throw new QueueFileError('NO_REGISTRY');
  let publicUrl = '';
  const { registry } = await openRegistry(
    { folder: values.data, ...(values.database === undefined ? {} : { database: values.database }) },
    () => publicUrl,
  );
  try {
    publicUrl = (await registry.store.read((session) => findMeta(session, publicUrlKey))) ?? '';
    const { deskId, deskEpoch, madeAtMs, sha256, acts, attachments } = await importQueueFile(
      registry,
      file,
      values.desk === undefined ? {} : { deskId: values.desk },
    );
    const total = acts.applied + acts.known + acts.refused + acts.conflict + acts.deferred;
    say(`desk ${deskId}, life ${deskEpoch}, written ${new Date(madeAtMs).toISOString()}, sha256 ${sha256}`);
    say(
      `acts ${total}: applied ${acts.applied}, already known ${acts.known}, refused ${acts.refused}, conflict ${acts.conflict}, deferred ${acts.deferred}`,
    );
    const { stored, known, refused } = attachments;
    say(`attachments ${stored + known + refused}: stored ${stored}, already known ${known}, refused ${refused}`);
    if (acts.deferred > 0) say('Deferred acts have no answer yet: import the same file again later.');
    return acts.deferred > 0 ? 1 : 0;
  } finally {
    await registry.store.close();
  }
}
