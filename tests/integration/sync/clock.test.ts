import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { countFor, seededFraction } from '../../support/counts.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let registryClock: { nowMs: () => number };
let registry: FakeRegistry;
let desk: SyncDesk;
const yearMs = 365 * 86_400_000;
const caseId = (index: number): string => `0197a000-0000-7000-8000-00000000000${index}`;

/** The registry's clock is its own: it runs with the monotonic one and never jumps. */
async function start(jumpy: TestClock = createTestClock()): Promise<void> {
  clock = jumpy;
  const base = clock.nowMs() - clock.monotonicMs();
  registryClock = { nowMs: () => Math.round(base + clock.monotonicMs()) };
  registry = createFakeRegistry({ clock: { ...clock, nowMs: () => registryClock.nowMs() }, deskId: syncIdentity.deskId });
  desk = await createSyncDesk({ clock, transport: registry.transport, fraction: () => 0.5 });
  await clock.advance(1000);
}
beforeEach(() => start());
afterEach(async () => desk.close());
const events = () => desk.worker().exchange.time.listEvents();
const signing = (key: string) => ({
  kind: 'application.sign_contract' as const,
  payload: { applicationId: key, paperNumber: '1', centreSignedBy: 'x', signedAtMs: 0 },
  aggregate: { type: 'application' as const, key },
  baseRev: null,
  leaseToken: 0,
});

describe('the device clock', () => {
  it('fault 19: may jump ten years either way, stand still or run by summer time: the order of acts and the audit chain are as they were made', async () => {
    const seeds = countFor({ test: 12, prove: 200 });
    for (let seed = 1; seed <= seeds; seed += 1) {
      await desk.close();
      const random = seededFraction(seed);
      await start();
      const made: { readonly id: string; readonly key: string }[] = [];
      const isFrozen = seed % 4 === 0;
      for (let step = 0; step < 12; step += 1) {
        if (isFrozen) clock.jumpTo(clock.nowMs());
        else if (random() < 0.4) clock.jumpTo(clock.nowMs() + Math.round((random() * 2 - 1) * 10 * yearMs));
        else if (random() < 0.2) clock.jumpTo(clock.nowMs() + (random() < 0.5 ? -1 : 1) * 3_600_000);
        registry.setReachable(random() < 0.7);
        const key = caseId(step % 2);
        try {
          made.push({ id: desk.queue(key), key });
        } catch (error) {
          // Years forward without a link look like an absence of years: nothing new is taken, and nothing taken is lost.
          if (!(error instanceof Error) || error.message !== 'OFFLINE_TOO_LONG') throw error;
        }
        if (random() < 0.2) desk.crash();
        await clock.advance(Math.floor(random() * 40_000));
      }
      registry.setReachable(true);
      desk.worker().wake(true);
      await clock.advance(120_000);
      for (const key of [caseId(0), caseId(1)]) {
        const happened = registry.effects.filter((effect) => effect.aggregate === key).map(({ commandId }) => commandId);
        expect(happened, `seed ${seed}`).toEqual(made.filter((act) => act.key === key).map(({ id }) => id));
      }
      const seqs = desk.db.all('SELECT desk_seq FROM outbox ORDER BY seq').map((row) => Number(row['desk_seq']));
      expect(seqs).toEqual(made.map((_id, index) => index + 1));
    }
  }, 600_000);

  it('fault 19: that is set back is found, written into the audit log, and refuses the acts that need the exact time until it is right again', async () => {
    clock.jumpTo(clock.nowMs() - 10 * yearMs);
    expect(() => desk.act({ outbox: [signing(caseId(1))] })).toThrow('CLOCK_OFF');
    desk.queue(caseId(1));
    expect(events()).toMatchObject([{ kind: 'jump_back', byMs: -10 * yearMs }]);
    expect(desk.worker().clockAlerts()).toBe(1);
    expect(desk.db.all("SELECT act FROM audit WHERE act LIKE 'clock.%'")).toEqual([{ act: 'clock.jump_back' }]);
    await clock.advance(60_000);
    expect(desk.worker().clockOffsetMs()).toBe(10 * yearMs);
    clock.jumpTo(registryClock.nowMs());
    await clock.advance(60_000);
    desk.act({ outbox: [signing(caseId(1))] });
    expect(desk.db.transact((tx) => desk.worker().markClockSeen(tx, 'Nigar'))).toBeGreaterThan(0);
    expect(desk.worker().clockAlerts()).toBe(0);
  });

  it('fault 19: that was set back while the program was off is found at the start', async () => {
    await clock.advance(70_000);
    registry.setReachable(false);
    clock.jumpTo(clock.nowMs() - yearMs);
    desk.crash();
    expect(events()[0]).toMatchObject({ kind: 'jump_back' });
    expect(() => desk.act({ outbox: [signing(caseId(1))] })).toThrow('CLOCK_OFF');
  });

  it('fault 30: of a computer that slept is told from one that was set forward as soon as the registry answers', async () => {
    registry.setReachable(false);
    desk.queue(caseId(1));
    await clock.advance(30_000);
    const base = registryClock.nowMs;
    // Asleep: the registry's hour passed, and ours with it, but not the monotonic one.
    registryClock.nowMs = () => base() + 3_600_000;
    clock.jumpTo(clock.nowMs() + 3_600_000);
    await clock.advance(20_000);
    expect(events()).toMatchObject([{ kind: 'jump_forward', byMs: 3_600_000 }]);
    desk.act({ outbox: [signing(caseId(2))] });
    registry.setReachable(true);
    await clock.advance(30_000);
    expect(events()).toMatchObject([{ kind: 'slept' }]);
    expect(desk.worker().clockAlerts()).toBe(0);
    registry.setReachable(false);
    clock.jumpTo(clock.nowMs() + 3_600_000);
    await clock.advance(20_000);
    registry.setReachable(true);
    await clock.advance(60_000);
    expect(events().map(({ kind }) => kind)).toEqual(['drift', 'jump_forward', 'slept']);
    expect(() => desk.act({ outbox: [signing(caseId(2))] })).toThrow('CLOCK_OFF');
  });

  it('fault 30: of a computer that slept is not judged by an answer that was on its way when it fell asleep', async () => {
    await clock.advance(30_000);
    const { time } = desk.worker().exchange;
    const before = { sentMonoMs: clock.monotonicMs(), serverMs: registryClock.nowMs() };
    // The registry answers no question of the moments after.
    registry.setReachable(false);
    await clock.advance(40);
    const base = registryClock.nowMs;
    registryClock.nowMs = () => base() + 3_600_000;
    clock.jumpTo(clock.nowMs() + 3_600_000);
    // Read after the sleep, stamped before it.
    time.noteServerTime(before.serverMs, before.sentMonoMs);
    expect(events()).toMatchObject([{ kind: 'jump_forward' }]);
    desk.act({ outbox: [signing(caseId(1))] });
    registry.setReachable(true);
    await clock.advance(30_000);
    expect(events()).toMatchObject([{ kind: 'slept' }]);
    expect(desk.worker().clockAlerts()).toBe(0);
  });

  it('every act carries the clock, the monotonic counter, the boot and the measured offset with its error', async () => {
    const commandId = desk.queue(caseId(1));
    const row = desk.db.get('SELECT e.envelope FROM outbox o JOIN outbox_envelopes e ON e.seq = o.seq WHERE command_id = @commandId', {
      commandId,
    });
    const envelope = JSON.parse(Buffer.from(row?.['envelope'] as Uint8Array).toString()) as Record<string, unknown>;
    expect(envelope).toMatchObject({ occurred_at_ms: clock.nowMs(), boot_id: 'boot', mono_ms: clock.monotonicMs(), clock_offset_ms: 0 });
    expect(envelope['clock_error_ms']).toBeGreaterThanOrEqual(0);
  });
});
