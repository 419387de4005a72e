import { writeSync } from 'node:fs';
import { StorageFault } from '../../src/core/storage/failures.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { tryOpenWorkedDesk, type WorkedDesk } from '../support/worked-desk.ts';

/**
 * A desk whose system calls fail: opens, acts, repeats what was refused under the same id, closes, and says what it was told. Arguments: file, how
 * many acts, after how many pages the log is taken into the database. Anything but an answer ends it with a stack and code 1.
 */
const [file = '', acts = '6', checkpointPages = '20', ballastBytes = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

function answer(desk: WorkedDesk, kind: 'outbox' | 'intent', commandId: string): string {
  try {
    const done = desk.attempt(kind, commandId);
    return done.ok ? 'acked' : done.failure.code;
  } catch (error) {
    // The dispatcher answers with its code.
    if (error instanceof StorageFault) return error.code;
    throw error;
  }
}

const opened = await tryOpenWorkedDesk(file, {
  ballastBytes: Number(ballastBytes),
  onDamaged: (code) => {
    say(`damaged ${code}`);
  },
});
if (!opened.ok) say(`unopened ${opened.failure.code}`);
else {
  const desk = opened.value;
  try {
    desk.db.get(`PRAGMA wal_autocheckpoint=${checkpointPages}`);
  } catch (error) {
    if (!(error instanceof StorageFault)) throw error;
  }
  for (let n = 1; n <= Number(acts); n += 1) {
    const commandId = systemRandomness.uuid();
    const kind = n % 4 === 0 ? 'intent' : 'outbox';
    const first = answer(desk, kind, commandId);
    const last = first === 'acked' ? first : answer(desk, kind, commandId);
    say(`${last} ${commandId}`);
    if (last !== first) say(`repeated ${first}`);
  }
  desk.db.close();
}
say('ended');
