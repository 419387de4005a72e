import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageFault } from '../../../src/core/storage/failures.ts';
import { getSyncState } from '../../../src/core/sync/sync-store.ts';
import type { RegistryTransport } from '../../../src/core/sync/transport.ts';
import type { Projection } from '../../../src/core/desk.ts';
import type { CommandOutcome, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let registry: FakeRegistry;
let desk: SyncDesk;
let decide: (envelope: Envelope) => CommandOutcome;
const applied: CommandOutcome = { outcome: 'applied', rev: 1, state: '' };
const caseId = (index: number): string => `0197a000-0000-7000-8000-00000000000${index}`;

beforeEach(() => {
  clock = createTestClock();
  decide = () => applied;
  registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId, decide: (envelope) => decide(envelope) });
});
afterEach(async () => desk.close());

async function start(options: { readonly projections?: readonly Projection[] } = {}): Promise<void> {
  desk = await createSyncDesk({ clock, transport: registry.transport, fraction: () => 0.99, ...options });
  await clock.advance(100);
}
const pushes = () => registry.requests.filter((request) => request.path === '/v1/sync/commands');
const stateOf = (id: string): number => Number(desk.db.get('SELECT state FROM outbox WHERE command_id = @id', { id })?.['state']);
const failPath = (path: string, fate: { readonly status: number; readonly headers?: Record<string, string> }) =>
  registry.setFate((request) => (request.path.startsWith(path) ? fate : {}));

describe('order', () => {
  it('sends an urgent command before everything and past the held commands of its own aggregate', async () => {
    registry.setReachable(false);
    await start();
    const first = desk.queue(caseId(1));
    const urgent = desk.queue(caseId(1), { lane: 'urgent' });
    decide = (envelope) => (envelope.command_id === urgent ? applied : { outcome: 'deferred', retry_after_ms: 5000 });
    registry.setFate(() => ({}));
    registry.setReachable(true);
    await clock.advance(3500);
    expect(registry.requests.filter(({ path }) => path === '/v1/sync/commands')[0]?.commands).toBe(1);
    expect([stateOf(urgent), stateOf(first)]).toEqual([0, 0]);
  });

  it('holds only the aggregate of a conflict; a new command on the shown revision supersedes it and lets the others go', async () => {
    await start();
    decide = (envelope) => (envelope.base_rev === 3 ? { outcome: 'conflict', rev: 7, current: {}, fields: ['rev'] } : applied);
    const conflicting = desk.queue(caseId(1), { baseRev: 3 });
    await clock.advance(100);
    const held = desk.queue(caseId(1), { baseRev: 4 });
    const other = desk.queue(caseId(2));
    await clock.advance(1000);
    expect([stateOf(conflicting), stateOf(held), stateOf(other)]).toEqual([2, 0, 1]);
    expect(desk.worker().queue()).toMatchObject({ queued: 1, attention: 1 });
    const resolving = desk.queue(caseId(1), { baseRev: 7 });
    await clock.advance(1000);
    expect([stateOf(conflicting), stateOf(held), stateOf(resolving)]).toEqual([4, 1, 1]);
  });

  it('an intent waits for the commands before it, and the commands after it wait for the intent', async () => {
    registry.setReachable(false);
    await start();
    const before = desk.queue(caseId(1));
    const intent = desk.intent(caseId(1));
    const after = desk.queue(caseId(1));
    registry.setReachable(true);
    await clock.advance(4000);
    expect(registry.effects.map(({ commandId }) => commandId)).toEqual([before, intent, after]);
  });

  it('a rejected command is final and blocks nothing', async () => {
    await start();
    const refused = desk.queue(caseId(1));
    const next = desk.queue(caseId(1));
    decide = (envelope) => (envelope.command_id === refused ? { outcome: 'rejected', code: 'M-05', params: {} } : applied);
    await clock.advance(1000);
    expect([stateOf(refused), stateOf(next)]).toEqual([5, 1]);
    expect(desk.worker().page().rows).toMatchObject([
      { commandId: refused, state: 'rejected', lastAnswer: 'M-05', applicationId: caseId(1) },
    ]);
  });
});

describe('what the registry answers', () => {
  it('waits at least as long as Retry-After says, also after a restart, and sends less at once', async () => {
    await start();
    failPath('/v1/sync/commands', { status: 429, headers: { 'retry-after': '40' } });
    desk.queue(caseId(1));
    await clock.advance(500);
    expect(pushes()).toHaveLength(1);
    registry.setFate(() => ({}));
    desk.crash();
    await clock.advance(39_000);
    expect(pushes()).toHaveLength(1);
    await clock.advance(5000);
    expect(desk.worker().queue().queued).toBe(0);
  });

  it('parks a poison command after eight server errors while others get through, and keeps it', async () => {
    await start();
    const poison = desk.queue(caseId(1));
    registry.setFate((request) =>
      request.path === '/v1/sync/commands' && Buffer.from(request.body as Uint8Array).includes(poison) ? { status: 500 } : {},
    );
    for (let index = 0; index < 30; index += 1) {
      const other = desk.queue(caseId(2));
      await clock.advance(120_000);
      expect(stateOf(other)).toBe(1);
    }
    expect(stateOf(poison)).toBe(3);
    expect(desk.worker().page().rows).toMatchObject([{ commandId: poison, state: 'parked', lastAnswer: 'HTTP_500' }]);
  });

  it('tells the case of a command that was set aside, so that it does not go on saying "queued"', async () => {
    const told: string[] = [];
    const teller: Projection = {
      onCommandResult: (_tx, command, { result }) => (told.push(`${command.aggregateKey} ${result.outcome}`), []),
    };
    await start({ projections: [teller] });
    failPath('/v1/sync/commands', { status: 413 });
    desk.queue(caseId(1));
    await clock.advance(2000);
    registry.setFate(() => ({}));
    decide = () => ({ outcome: 'invalid', code: 'PAYLOAD_INVALID' });
    desk.queue(caseId(2));
    await clock.advance(2000);
    expect(told).toEqual([`${caseId(1)} invalid`, `${caseId(2)} invalid`]);
  });

  it('sends a parked command again when a person says so, the same command under the same id', async () => {
    await start();
    const big = desk.queue(caseId(1));
    failPath('/v1/sync/commands', { status: 413 });
    await clock.advance(2000);
    expect(stateOf(big)).toBe(3);
    registry.setFate(() => ({}));
    expect(desk.db.transact((tx) => desk.worker().reopen(tx, caseId(9)))).toBeUndefined();
    expect(desk.db.transact((tx) => desk.worker().reopen(tx, big))).toEqual({ kind: 'application.withdraw', applicationId: caseId(1) });
    desk.worker().wake(true);
    await clock.advance(1000);
    expect(stateOf(big)).toBe(1);
    expect(desk.db.transact((tx) => desk.worker().reopen(tx, big))).toBeUndefined();
    expect(registry.effects).toEqual([{ commandId: big, aggregate: caseId(1) }]);
  });

  it('asks a registry that nobody reaches with one small question after five failures, and sends the queue when it answers', async () => {
    await start();
    registry.setFate((request) => (request.path.startsWith('/v1/sync') ? { status: 504 } : {}));
    const id = desk.queue(caseId(1));
    await clock.advance(10_000);
    registry.setFate(() => ({ status: 504 }));
    await clock.advance(600_000);
    const { requests } = registry;
    const firstProbe = requests.findIndex(({ path }, index) => path === '/v1/registry' && index > 6);
    expect(firstProbe).toBeGreaterThan(0);
    expect(requests.slice(firstProbe).every(({ path }) => path === '/v1/registry')).toBe(true);
    registry.setFate(() => ({}));
    await clock.advance(16 * 60_000);
    expect(stateOf(id)).toBe(1);
  });

  it('fault 17: goes on after every absurd Retry-After within its own bounds', async () => {
    await start();
    for (const header of ['-5', 'Mon, 01 Jan 1990 00:00:00 GMT', '1000000000', 'soon', 'NaN', '']) {
      registry.setFate((request) => (request.path === '/v1/sync/commands' ? { status: 429, headers: { 'retry-after': header } } : {}));
      const id = desk.queue(caseId(1));
      await clock.advance(5000);
      expect(stateOf(id), header).toBe(0);
      registry.setFate(() => ({}));
      await clock.advance(2 * 3_600_000);
      expect(stateOf(id), header).toBe(1);
    }
  });

  it('fault 19: a device clock that goes back ten years holds no command in its wait', async () => {
    await start();
    const id = desk.queue(caseId(1));
    decide = () => ({ outcome: 'deferred', retry_after_ms: 60_000 });
    await clock.advance(1000);
    clock.jumpTo(clock.nowMs() - 10 * 365 * 86_400_000);
    decide = () => applied;
    await clock.advance(120_000);
    expect(stateOf(id)).toBe(1);
  });

  it('never gives up on a registry that fails every request', async () => {
    await start();
    failPath('/v1/sync/commands', { status: 500 });
    const id = desk.queue(caseId(1));
    await clock.advance(24 * 3_600_000);
    expect(stateOf(id)).toBe(0);
    registry.setFate(() => ({}));
    await clock.advance(16 * 60_000);
    expect(stateOf(id)).toBe(1);
  });

  it('halves a batch that is too large and parks the one command that is too large alone', async () => {
    await start();
    const big = desk.queue(caseId(1));
    for (let index = 2; index < 9; index += 1) desk.queue(caseId(index));
    registry.setFate((request) =>
      request.path === '/v1/sync/commands' && Buffer.from(request.body as Uint8Array).includes(big) ? { status: 413 } : {},
    );
    await clock.advance(2000);
    expect(stateOf(big)).toBe(3);
    expect(desk.worker().queue()).toMatchObject({ queued: 0, attention: 1 });
  });

  it('freezes on a forged receipt, keeps the command, and goes on when a person says so', async () => {
    await start();
    registry.forgeReceipts(true);
    const id = desk.queue(caseId(1));
    await clock.advance(60_000);
    expect(desk.worker().link()).toMatchObject({ state: 'frozen' });
    expect(stateOf(id)).toBe(0);
    desk.crash();
    expect(desk.worker().link().state).toBe('frozen');
    await clock.advance(600_000);
    expect(stateOf(id)).toBe(0);
    expect(await desk.worker().settleIntent(desk.intent(caseId(2)))).toMatchObject({ ok: false, failure: { code: 'SYNC_FROZEN' } });
  });

  it('fault 7: a stop that the disk does not take is told all the same, and kept as soon as the disk takes it', async () => {
    await start();
    const transact = desk.db.transact.bind(desk.db);
    let isBroken = true;
    vi.spyOn(desk.db, 'transact').mockImplementation((work) =>
      transact((tx) => {
        const value = work(tx);
        const kept = tx.get('SELECT frozen_code FROM sync_state WHERE id = 1')?.['frozen_code'];
        if (isBroken && kept !== '') throw new StorageFault('STORAGE_FAILED', true);
        return value;
      }),
    );
    registry.forgeReceipts(true);
    const id = desk.queue(caseId(1));
    await clock.advance(1000);
    expect(desk.worker().link().state).toBe('frozen');
    expect(getSyncState(desk.db).frozenCode).toBe('');
    isBroken = false;
    await clock.advance(10_000);
    expect(getSyncState(desk.db).frozenCode).not.toBe('');
    expect(desk.events).toContainEqual({ type: 'incident.changed' });
    expect(stateOf(id)).toBe(0);
  });

  it('freezes when the desk is refused and comes back by itself when it is let in again', async () => {
    await start();
    registry.setFate(() => ({ status: 403 }));
    const id = desk.queue(caseId(1));
    await clock.advance(1000);
    expect(desk.worker().link().state).toBe('frozen');
    registry.setFate(() => ({}));
    await clock.advance(40_000);
    expect(stateOf(id)).toBe(1);
    expect(desk.worker().link().state).toBe('online');
  });

  it('takes a broken body for nothing known and asks again', async () => {
    await start();
    let broken = 3;
    registry.setFate((request) => (request.path === '/v1/sync/commands' && broken-- > 0 ? { isAnswerBroken: true } : {}));
    const id = desk.queue(caseId(1));
    await clock.advance(60_000);
    expect(stateOf(id)).toBe(1);
    expect(registry.effects).toHaveLength(1);
  });
});

describe('the link', () => {
  it('ends the waits of the life before with the first answer after a start: a program that was killed while it waited does not wait on', async () => {
    await start();
    registry.setReachable(false);
    desk.queue(caseId(1));
    await clock.advance(2 * 3_600_000);
    registry.setReachable(true);
    desk.crash();
    await clock.advance(5000);
    expect(desk.worker().queue()).toMatchObject({ queued: 0 });
  });

  it('is noticed within five seconds of its return, whatever the backoff had come to', async () => {
    await start();
    registry.setReachable(false);
    const id = desk.queue(caseId(1));
    await clock.advance(2 * 3_600_000);
    expect(desk.worker().link().state).toBe('offline');
    expect(desk.worker().page().nextTryAtMs).not.toBeNull();
    registry.setReachable(true);
    await clock.advance(5000);
    expect(stateOf(id)).toBe(1);
    expect(desk.worker().link().state).toBe('online');
    expect(desk.worker().page().lastDrain).toMatchObject({ commands: 1 });
    expect(desk.events.filter(({ type }) => type === 'link.changed').length).toBeGreaterThan(2);
  });

  it('grows its waits: an hour without the registry costs tens of tries, not thousands', async () => {
    await start();
    desk.queue(caseId(1));
    registry.setFate(() => ({ status: 502 }));
    const before = registry.requests.length;
    await clock.advance(3_600_000);
    expect(registry.requests.length - before).toBeLessThan(120);
  });

  it('I-9: a registry that took connections and said nothing for half an hour is met again within a minute, though no link came back', async () => {
    await start();
    const id = desk.queue(caseId(1));
    registry.setFate(() => ({ status: 502 }));
    await clock.advance(1_800_000);
    registry.setFate(() => ({}));
    await clock.advance(62_000);
    expect(stateOf(id)).toBe(1);
  });
});

describe('a handshake that was refused', () => {
  it('says nothing about a registry that has answered another question since: the desk goes on', async () => {
    const late: RegistryTransport = {
      ...registry.transport,
      send: (request) =>
        request.path.startsWith('/v1/sync/changes')
          ? new Promise((resolve) => {
              clock.schedule(5000, () => resolve({ kind: 'failed', reason: 'tls', detail: 'SELF_SIGNED_CERT_IN_CHAIN' }));
            })
          : registry.transport.send(request),
    };
    desk = await createSyncDesk({ clock, transport: late, fraction: () => 0.99 });
    await clock.advance(1000);
    const id = desk.queue(caseId(1));
    await clock.advance(3000);
    expect(stateOf(id)).toBe(1);
    await clock.advance(1500);
    expect(desk.worker().link()).toMatchObject({ state: 'online', lastAnswer: { code: 'OK' } });
  });
});

describe('an online act', () => {
  it('whose answer is lost is unknown to the operator, asked again by itself under the same id, and done once', async () => {
    await start();
    let lost = 1;
    registry.setFate((request) => (request.path === '/v1/sync/intents' && lost-- > 0 ? { isAnswerLost: true } : {}));
    const id = desk.intent(caseId(1));
    const outcome = desk.worker().settleIntent(id);
    await clock.advance(500);
    expect(await outcome).toMatchObject({ ok: false, failure: { code: 'OUTCOME_UNKNOWN', retryable: true } });
    expect(desk.worker().queue()).toMatchObject({ unknown: 1, queued: 0 });
    expect(desk.worker().page().rows).toMatchObject([{ commandId: id, state: 'unknown' }]);
    await clock.advance(60_000);
    expect(await desk.worker().settleIntent(id)).toMatchObject({ ok: true, value: { command_id: id, result: { outcome: 'applied' } } });
    expect(registry.effects).toHaveLength(1);
  });

  it('gives the stored outcome to whoever asks later, also after a crash', async () => {
    await start();
    const id = desk.intent(caseId(1));
    const outcome = desk.worker().settleIntent(id);
    await clock.advance(500);
    const first = await outcome;
    desk.crash();
    expect(await desk.worker().settleIntent(id)).toEqual(first);
  });
});

describe('the change feed', () => {
  const seen: string[] = [];
  const projection = (entities: readonly string[]): Projection => ({
    entities,
    onChange: (_tx, change) => {
      if (change.body === null) throw new Error('a form that nobody knows');
      seen.push(`${change.entity} ${change.id} ${change.rev}`);
      return [];
    },
  });
  beforeEach(() => void seen.splice(0));

  it('applies each revision once, keeps what it cannot read, and reads it after an upgrade', async () => {
    await start({ projections: [projection(['application'])] });
    registry.publish({ entity: 'application', id: 'a', rev: 1 });
    registry.publish({ entity: 'application', id: 'a', rev: 3 });
    registry.publish({ entity: 'application', id: 'a', rev: 2 });
    registry.publish({ entity: 'carrier', id: 'c', rev: 1 });
    registry.publish({ entity: 'application', id: 'b', rev: 1, body: null });
    registry.publish({ entity: 'application', id: 'd', rev: 1 });
    await clock.advance(60_000);
    expect(seen).toEqual(['application a 1', 'application a 3', 'application d 1']);
    expect(desk.db.all('SELECT entity, reason FROM inbox_deferred')).toEqual([
      { entity: 'carrier', reason: 'UNKNOWN_ENTITY' },
      { entity: 'application', reason: 'UNREADABLE' },
    ]);
    desk.upgrade([projection(['application', 'carrier'])]);
    await clock.advance(100);
    expect(seen).toContain('carrier c 1');
    expect(desk.db.all('SELECT entity FROM inbox_deferred')).toHaveLength(1);
  });

  it('reads everything anew after 410 and after another incarnation, and keeps the queue', async () => {
    await start({ projections: [projection(['application'])] });
    registry.publish({ entity: 'application', id: 'a', rev: 5 });
    await clock.advance(60_000);
    registry.expireCursors();
    await clock.advance(60_000);
    expect(seen).toEqual(['application a 5', 'application a 5']);
    registry.restart();
    await clock.advance(60_000);
    expect(seen).toHaveLength(3);
    expect(desk.db.get('SELECT registry_epoch FROM sync_state')?.['registry_epoch']).toBe('epoch-1+');
    const id = desk.queue(caseId(1));
    await clock.advance(1000);
    expect(stateOf(id)).toBe(1);
  });

  it('moves the cursor only together with its page', async () => {
    let isFailing = true;
    const flaky: Projection = {
      entities: ['application'],
      onChange: (tx) => {
        if (isFailing) tx.run('INSERT INTO no_such_table(x) VALUES (1)');
        seen.push('read');
        return [];
      },
    };
    await start({ projections: [flaky] });
    registry.publish({ entity: 'application', id: 'a', rev: 1 });
    await clock.advance(30_000);
    expect(seen).toEqual([]);
    expect(desk.db.all('SELECT id FROM entity_revs')).toEqual([]);
    isFailing = false;
    await clock.advance(60_000);
    expect(seen).toEqual(['read']);
  });
});

describe('a projection with a bug', () => {
  it('holds its own command and no other, and the command is stored when the bug is gone', async () => {
    let isFailing = true;
    await start({
      projections: [
        {
          onCommandResult: (_tx, command) => {
            if (isFailing && command.aggregateKey === caseId(1)) throw new Error('bug');
            return [];
          },
        },
      ],
    });
    const [held, fine] = [desk.queue(caseId(1)), desk.queue(caseId(2))];
    await clock.advance(1000);
    expect([stateOf(held), stateOf(fine)]).toEqual([0, 1]);
    isFailing = false;
    await clock.advance(120_000);
    expect(stateOf(held)).toBe(1);
    expect(registry.effects.filter(({ commandId }) => commandId === held)).toHaveLength(1);
  });
});
