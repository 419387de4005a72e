import { writeSync } from 'node:fs';
import { systemRandomness } from '../../../src/core/platform/randomness.ts';
import { migrations } from '../../../src/core/storage/migrations/all.ts';
import { StorageFault } from '../../../src/core/storage/failures.ts';
import { findWitness, writeWitness } from '../../../src/core/storage/recovery/witness.ts';
import { openWorkedDesk } from '../../support/worked-desk.ts';

/** One life of a desk. What it says on its standard output it says after the act was answered as saved, and in one write. */
export interface Life {
  readonly file: string;
  readonly acts: number;
  /** After so many pages the log is taken into the database; the product's own number needs hundreds of acts. */
  readonly checkpointPages: number;
  readonly ends: 'killed' | 'closed';
  /** A program of this age. */
  readonly schemaVersion: number;
}

const life = JSON.parse(process.argv[2] ?? '') as Life;
const desk = await openWorkedDesk(life.file, {
  migrations: migrations.filter(({ version }) => version <= life.schemaVersion),
  freeAfterBackupBytes: 0,
});
/** Null when it was refused: here a failing call is only what makes a state, the answers to it are a test of their own. */
function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof StorageFault) return null;
    throw error;
  }
}
desk.db.get(`PRAGMA wal_autocheckpoint=${life.checkpointPages}`);
for (let n = 1; n <= life.acts; n += 1) {
  const commandId = systemRandomness.uuid();
  const done = unlessRefused(() => desk.attempt(n % 5 === 0 ? 'intent' : 'outbox', commandId));
  if (done?.ok === true) writeSync(1, `acked ${commandId}\n`);
  if (n % 6 === 0) {
    const witness = unlessRefused(() => findWitness(desk.db));
    if (witness !== null) writeWitness(life.file, witness);
  }
}
if (life.ends === 'killed') process.kill(process.pid, 'SIGKILL');
else desk.db.close();
