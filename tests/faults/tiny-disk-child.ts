import { existsSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StorageFault } from '../../src/core/storage/failures.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { succeed } from '../../src/shared/platform/result.ts';
import { createFakeRegistry } from '../support/fake-registry.ts';
import { createSyncDesk, syncIdentity } from '../support/sync-desk.ts';
import { createTestClock } from '../support/test-clock.ts';
import { testActor } from '../support/test-desk.ts';
import { workedKeyHex } from '../support/worked-desk.ts';

/**
 * Storage, acts and the exchange on a disk of two megabytes: works until the disk is full, sends what waits, and when there is room again goes on.
 * Arguments: file, bytes of ballast, bytes that something else has taken before. What it was told it says line by line.
 */
const [file = '', ballastBytes = '0', takenBytes = '0'] = process.argv.slice(2);
const say = (word: string, value: string | number): void => void writeSync(1, `${word} ${value}\n`);
const clock = createTestClock();
const registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId });
registry.setReachable(false);
if (Number(takenBytes) > 0) writeFileSync(path.join(path.dirname(file), 'taken'), Buffer.alloc(Number(takenBytes), 1));
const desk = await createSyncDesk({
  clock,
  transport: registry.transport,
  database: { file, keyHex: workedKeyHex, ballastBytes: Number(ballastBytes) },
});

/** The code of a refusal, or `acked`. */
function act(commandId: string): string {
  const draft = {
    kind: 'application.withdraw',
    payload: { applicationId: commandId, reason: 'sınaq' },
    aggregate: { type: 'application', key: commandId },
    baseRev: null,
    leaseToken: 0,
  } as const;
  try {
    const done = desk.acts.perform({ commandId, operation: 'test', actor: testActor, input: commandId }, () =>
      succeed({ value: null, audit: { act: 'test', detail: {} }, outbox: [draft] }),
    );
    return done.ok ? 'acked' : done.failure.code;
  } catch (error) {
    if (error instanceof StorageFault) return error.code;
    throw error;
  }
}
async function drain(): Promise<number> {
  registry.setReachable(true);
  for (let round = 0; round < 200 && desk.worker().queue().queued > 0; round += 1) await clock.advance(30_000);
  return desk.worker().queue().queued;
}

let refused = '';
for (let n = 0; n < 400 && refused === ''; n += 1) {
  const commandId = systemRandomness.uuid();
  const answer = act(commandId);
  say(answer, commandId);
  if (answer !== 'acked') refused = commandId;
}
for (let n = 0; n < 3; n += 1) say('while-full', act(systemRandomness.uuid()));
say('ballast', existsSync(`${file}.ballast`) ? 'kept' : 'released');
say('waiting', await drain());
say('full', refused);
const freeBytes = (): number => {
  const { bavail, bsize } = statfsSync(path.dirname(file));
  return bavail * bsize;
};
while (freeBytes() < 6 * 1024 * 1024) await wait(10);
for (const commandId of [refused, ...Array.from({ length: 5 }, () => systemRandomness.uuid())]) say(act(commandId), commandId);
say('waiting', await drain());
say('ballast', existsSync(`${file}.ballast`) ? 'kept' : 'released');
await desk.close();
say('ended', 0);
