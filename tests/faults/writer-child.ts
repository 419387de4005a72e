import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { findWitness, writeWitness } from '../../src/core/storage/recovery/witness.ts';
import { createWriter, lookThrough, perform, type Mark } from './numbered-acts.ts';

/**
 * A bare writer: opens the encrypted database as the product does, looks through what the last life left, and writes numbered acts until it is
 * killed. A number is said only after its act has answered.
 */
export interface WriterLife {
  readonly file: string;
  readonly keyHex: string;
  readonly signingKeyPem: string;
  /** The last number that any life has said. */
  readonly said: number;
  readonly mark: Mark;
}
const say = (word: string, value: unknown): void => void writeSync(1, `${word} ${JSON.stringify(value)}\n`);
const actsPerWitness = 20;

// Who is killed keeps nothing of what it compiled, and the next would begin anew.
flushCompileCache();
// It is loaded while the one before it still lives, and may touch the files only when told that they are free.
const [told] = (await once(process.stdin, 'data')) as [Buffer];
const life = JSON.parse(told.toString('utf8')) as WriterLife;
const opened = await openDatabase({
  file: life.file,
  keyHex: life.keyHex,
  clock: { nowMs: () => Date.now() },
  onTailDropped: () => {
    say('tail', null);
  },
});
if (!opened.ok) {
  say('bad', [`${opened.failure.code} ${JSON.stringify(opened.failure.params)}`]);
  process.exit(1);
}
const db = opened.value;
const { mark, wrong } = lookThrough(db, life.mark);
// One act may have been committed and not yet said.
const isThere = mark.number === life.said || mark.number === life.said + 1;
if (!isThere || wrong.length > 0) {
  say('bad', [...wrong, `said up to ${life.said}, there up to ${mark.number}`]);
  process.exit(1);
}
say('held', mark);
const acts = createWriter(db, life.signingKeyPem);
// From the first number that was not said: if it was committed, it must be answered and not done again.
for (let number = life.said + 1; ; number += 1) {
  perform(acts, number);
  say('done', number);
  const found = number % actsPerWitness === 0 ? findWitness(db) : null;
  if (found !== null) writeWitness(life.file, found);
}
