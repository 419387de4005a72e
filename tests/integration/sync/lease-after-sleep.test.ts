import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import { openRealDesk, realOfficeId, until, type RealDesk } from '../../support/real-desk.ts';
import { dataOf, submission } from '../registry/test-desk.ts';

let folder: string;
let registry: RunningRegistry;
let asleepMs = 0;
const desks: RealDesk[] = [];

beforeEach(async () => {
  asleepMs = 0;
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-lease-'));
  registry = await startRegistry({
    folder,
    seedTraining: { officeId: realOfficeId },
    passwordCost: { memoryKib: 1024, passes: 1 },
    nowMs: () => Date.now() + asleepMs,
  });
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.remove();
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(deskId: string): Promise<RealDesk> {
  const desk = await openRealDesk(registry, await registry.provisionDesk({ deskId, officeId: realOfficeId }));
  desks.push(desk);
  await until(() => desk.worker.link().state === 'online', 'the link');
  return desk;
}

it('fault 21 fault 30: a desk that slept past its lease cannot finish what another desk has taken: the old token is refused and told, the new one holds', async () => {
  const sleeper = await open('desk-1');
  const payload = submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
  const key = payload.applicationId;
  const aggregate = { type: 'application', key } as const;
  const sent = sleeper.act({ intent: { kind: 'application.send', payload, aggregate, baseRev: null, leaseToken: 0 } });
  const settled = await sleeper.worker.settleIntent(sent);
  if (!settled.ok || settled.value.result.outcome !== 'applied') throw new Error('not issued');
  const { rev, lease_token: token = 0 } = settled.value.result;
  const withdraw = (leaseToken: number): CommandDraft => ({
    kind: 'application.withdraw',
    payload: { applicationId: key, reason: 'sınaq' },
    aggregate,
    baseRev: rev,
    leaseToken,
  });

  asleepMs = 16 * 60_000;
  const other = await open('desk-2');
  const lease = await other.desk.registry.lease(key, 'rashad', false);
  if (!lease.ok) throw new Error(lease.failure.code);
  expect(lease.value.token).toBeGreaterThan(token);

  const late = sleeper.act({ outbox: [withdraw(token)] });
  await until(() => sleeper.worker.queue().attention === 1, 'the refusal of the old token');
  expect(sleeper.worker.findConflict(sleeper.db, late)).toMatchObject({ fields: ['lease'] });
  expect(await sleeper.desk.registry.lease(key, 'leyla', false)).toMatchObject({ ok: false, failure: { code: 'LEASE_HELD' } });

  const done = other.act({ outbox: [withdraw(lease.value.token)] }, 'rashad');
  await until(() => other.worker.queue().queued === 0, 'the act of the holder');
  expect(other.db.get('SELECT last_answer FROM outbox WHERE command_id = @done', { done })).toEqual({ last_answer: 'APPLIED' });
}, 60_000);
