import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../src/core/desk.ts';
import { createSyncFeature } from '../../../src/core/features/sync/index.ts';
import type { CommandOutcome, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { permissionsOfRole } from '../../../src/shared/rules/rights.ts';
import type { Permission, Role } from '../../../src/shared/rules/vocabulary.ts';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { noHandOver } from '../../support/hand-over.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { silentLog, testActor } from '../../support/test-desk.ts';
import { systemRandomness } from '../../../src/core/platform/randomness.ts';

let clock: TestClock;
let registry: FakeRegistry;
let desk: SyncDesk;
let feature: ReturnType<typeof createSyncFeature>;
const key = '0197a000-0000-7000-8000-000000000001';
const callAs = (role: Role) => ({
  actor: { ...testActor, role },
  permissions: new Set<Permission>(permissionsOfRole[role]),
  correlationId: 'c',
  signal: new AbortController().signal,
});
const stateOf = (commandId: string): number =>
  Number(desk.db.get('SELECT state FROM outbox WHERE command_id = @commandId', { commandId })?.['state']);

beforeEach(async () => {
  clock = createTestClock();
  const decide = (envelope: Envelope): CommandOutcome =>
    envelope.base_rev === 3
      ? { outcome: 'conflict', rev: 7, current: { lease: null }, fields: ['rev'] }
      : { outcome: 'applied', rev: 8, state: '' };
  registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId, decide });
  desk = await createSyncDesk({ clock, transport: registry.transport, fraction: () => 0.99 });
  await clock.advance(100);
  const { db, acts } = desk;
  const whole = {
    identity: syncIdentity,
    clock,
    random: systemRandomness,
    log: silentLog,
    db,
    acts,
    sync: desk.worker(),
    publish: () => undefined,
  };
  feature = createSyncFeature(whole as unknown as Desk, desk.worker(), noHandOver);
});
afterEach(async () => desk.close());

async function meetConflict(): Promise<string> {
  const commandId = desk.queue(key, { baseRev: 3 });
  await clock.advance(1000);
  expect(stateOf(commandId)).toBe(2);
  return commandId;
}

describe('a conflict', () => {
  it('shows both sides with who and when, and what each answer would do, by the rights of who looks', async () => {
    const targetId = await meetConflict();
    const seen = await feature.conflict({ targetId }, callAs('registrar'));
    expect(seen).toMatchObject({
      ok: true,
      value: {
        applicationId: key,
        kind: 'application.withdraw',
        dataClass: 'workflow',
        mine: { operatorName: testActor.fullName, role: 'registrar', baseRev: 3 },
        theirs: { rev: 7 },
        choices: [
          { choice: 'keep_theirs', stop: null },
          { choice: 'send_again', stop: null },
        ],
      },
    });
    expect(await feature.conflict({ targetId }, callAs('auditor'))).toMatchObject({
      value: { choices: [{ stop: 'NOT_YOUR_RIGHT' }, { stop: 'NOT_YOUR_RIGHT' }] },
    });
  });

  it('answered with "mine again" becomes a new command that names the old one, which keeps its receipt', async () => {
    const targetId = await meetConflict();
    const commandId = systemRandomness.uuid();
    expect(await feature.resolve({ commandId, targetId, choice: 'send_again' }, callAs('registrar'))).toMatchObject({ ok: true });
    await clock.advance(1000);
    expect([stateOf(targetId), stateOf(commandId)]).toEqual([4, 1]);
    const row = desk.db.get('SELECT e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq WHERE command_id = @commandId', {
      commandId,
    });
    const envelope = JSON.parse(Buffer.from(row?.['envelope'] as Uint8Array).toString()) as Record<string, unknown>;
    expect(envelope).toMatchObject({ supersedes: targetId, after: targetId, base_rev: 7 });
    expect(desk.db.get('SELECT result FROM receipts WHERE command_id = @targetId', { targetId })?.['result']).toContain('conflict');
    expect(desk.db.all("SELECT act FROM audit WHERE act = 'sync.resolve'")).toHaveLength(1);
    expect(
      await feature.resolve({ commandId: systemRandomness.uuid(), targetId, choice: 'send_again' }, callAs('registrar')),
    ).toMatchObject({
      ok: false,
      failure: { code: 'NOT_FOUND' },
    });
  });

  it('answered with "theirs" lets the next act of the case go, sends nothing, and happens once however often it is asked', async () => {
    const targetId = await meetConflict();
    const held = desk.queue(key, { baseRev: 4 });
    const sent = registry.results.size;
    const commandId = systemRandomness.uuid();
    const answer = { commandId, targetId, choice: 'keep_theirs' as const };
    expect(await feature.resolve(answer, callAs('registrar'))).toMatchObject({ ok: true });
    expect(await feature.resolve(answer, callAs('registrar'))).toMatchObject({ ok: true });
    await clock.advance(3000);
    expect([stateOf(targetId), stateOf(held)]).toEqual([4, 1]);
    expect(registry.results.size).toBe(sent + 1);
  });

  it('is answered by nobody without the right to it', async () => {
    const targetId = await meetConflict();
    for (const choice of ['keep_theirs', 'send_again'] as const) {
      const refused = await feature.resolve({ commandId: systemRandomness.uuid(), targetId, choice }, callAs('auditor'));
      expect(refused).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN' } });
    }
    expect(stateOf(targetId)).toBe(2);
  });
});

describe('a command that was set aside', () => {
  it('is sent again by a person, once, with a line in the audit log; an auditor may not', async () => {
    registry.setFate((request) => (request.path === '/v1/sync/commands' ? { status: 413 } : {}));
    const targetId = desk.queue(key);
    await clock.advance(2000);
    expect(stateOf(targetId)).toBe(3);
    registry.setFate(() => ({}));
    const input = { commandId: systemRandomness.uuid(), targetId };
    expect(await feature.sendAgain(input, callAs('auditor'))).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN' } });
    expect(await feature.sendAgain(input, callAs('registrar'))).toMatchObject({ ok: true });
    await clock.advance(1000);
    expect(stateOf(targetId)).toBe(1);
    expect(registry.effects).toHaveLength(1);
    expect(desk.db.all("SELECT act FROM audit WHERE act = 'sync.send_again'")).toHaveLength(1);
  });
});
