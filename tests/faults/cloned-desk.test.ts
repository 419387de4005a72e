import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandDraft } from '../../src/core/act/act.ts';
import type { DeskCredentials, RunningRegistry } from '../../src/registry/index.ts';
import { countFor, seededFraction } from '../support/counts.ts';
import { openRealDesk, realOfficeId, startRealRegistry, until, type RealDesk } from '../support/real-desk.ts';

let registry: RunningRegistry;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ registry, stop } = await startRealRegistry());
});
afterAll(() => stop());

const clones = countFor({ test: 6, prove: 50 });
const seed = 20261122;

const withdraw = (): CommandDraft => {
  const key = crypto.randomUUID();
  return {
    kind: 'application.withdraw',
    payload: { applicationId: key, reason: 'sınaq' },
    aggregate: { type: 'application', key },
    baseRev: null,
    leaseToken: 0,
  };
};
const waiting = (desk: RealDesk): string[] =>
  desk.db.all('SELECT command_id FROM outbox WHERE state = 0 ORDER BY seq').map((row) => String(row['command_id']));
const isFrozen = (desk: RealDesk): boolean => desk.worker.link().state === 'frozen';

/** What the registry holds of the desk, read with the desk's own certificate. */
async function listRegistered(credentials: DeskCredentials): Promise<string[]> {
  const dispatcher = new Agent({
    connect: { ca: credentials.registryCaPem, cert: credentials.certificatePem, key: credentials.privateKeyPem },
  });
  const answer = await request(new URL(`/v1/desks/${credentials.deskId}/commands?epoch=1&after_seq=0`, registry.url), { dispatcher });
  const { commands } = (await answer.body.json()) as { commands: { command_id: string }[] };
  await dispatcher.close();
  return commands.map(({ command_id }) => command_id);
}

it(`fault 25 I-16: of a desk and its copy, copied at ${clones} moments, one goes on, and the other stops at its first exchange with its acts kept`, async () => {
  const fraction = seededFraction(seed);
  const upTo = (n: number): number => 1 + Math.floor(fraction() * n);
  const told = { clones: 0, together: 0, queuedAtCopy: 0, originalStopped: 0 };
  for (let round = 0; round < clones; round += 1) {
    const credentials = await registry.provisionDesk({ deskId: `desk-c${round}`, officeId: realOfficeId });
    const keyHex = randomBytes(32).toString('hex');
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-original-'));
    const copied = mkdtempSync(path.join(tmpdir(), 'qeyd-copy-'));
    const actTimes = (desk: RealDesk, times: number): string[] => Array.from({ length: times }, () => desk.act({ outbox: [withdraw()] }));

    const before = await openRealDesk(registry, credentials, { folder, keyHex });
    const shared = actTimes(before, upTo(5));
    await until(() => waiting(before).length === 0, 'an empty queue');
    await registry.setFaults({ isUnreachable: true });
    const stillQueued = fraction() < 0.5 ? actTimes(before, upTo(3)) : [];
    await before.close();
    cpSync(folder, copied, { recursive: true });

    const isTogether = fraction() < 0.5;
    if (!isTogether) await registry.setFaults({});
    const first = await openRealDesk(registry, credentials, { folder, keyHex });
    const firstActs = actTimes(first, upTo(4));
    if (!isTogether) await until(() => waiting(first).length === 0, 'the first is through');
    const second = await openRealDesk(registry, credentials, { folder: copied, keyHex });
    const secondActs = actTimes(second, upTo(4));
    await registry.setFaults({});
    await Promise.all([first.worker.sendNow(), second.worker.sendNow()]);
    await until(() => [first, second].some(isFrozen), `one of the two stops (round ${round})`);
    const isOriginalStopped = isFrozen(first);
    const [winner, wonActs] = isOriginalStopped ? [second, secondActs] : [first, firstActs];
    const [loser, lostActs] = isOriginalStopped ? [first, firstActs] : [second, secondActs];
    await until(() => waiting(winner).length === 0, `the other is through (round ${round})`);

    expect(isFrozen(winner)).toBe(false);
    // Nothing of the stopped one was lost: each of its acts waits where it was made, and none of them reached the registry.
    expect(waiting(loser).filter((id) => !stillQueued.includes(id))).toEqual(lostActs);
    const registered = await listRegistered(credentials);
    expect(registered.toSorted()).toEqual([...shared, ...stillQueued, ...wonActs].toSorted());

    told.clones += 1;
    told.together += Number(isTogether);
    told.queuedAtCopy += Number(stillQueued.length > 0);
    told.originalStopped += Number(isOriginalStopped);
    await first.remove();
    await second.remove();
    rmSync(copied, { recursive: true, force: true });
  }
  console.info(`cloned-desk ${JSON.stringify({ seed, ...told })}`);
}, 600_000);
