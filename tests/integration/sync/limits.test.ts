import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let registry: FakeRegistry;
let desk: SyncDesk;
let free: number | null = null;
const hourMs = 3_600_000;
const caseId = (index: number): string => `0197a000-0000-7000-8000-${String(index).padStart(12, '0')}`;

beforeEach(async () => {
  clock = createTestClock();
  free = null;
  registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId });
});
afterEach(async () => desk.close());

async function start(): Promise<void> {
  desk = await createSyncDesk({ clock, transport: registry.transport, fraction: () => 0.99, freeBytes: () => free });
  await clock.advance(100);
}
/** A longer absence, in the steps of the probe. */
const passHours = async (hours: number): Promise<void> => clock.advance(hours * hourMs);
const level = () => desk.worker().limits().level;

describe('a desk without the registry', () => {
  it('warns after 58 hours, refuses new acts after 72, lets the urgent ones through, and takes all again when the link is back', async () => {
    await start();
    registry.setReachable(false);
    desk.queue(caseId(1));
    await passHours(57);
    expect(level()).toBe('fine');
    await passHours(2);
    expect(level()).toBe('warning');
    desk.queue(caseId(2));
    await passHours(14);
    expect(level()).toBe('reached');
    expect(() => desk.queue(caseId(3))).toThrow('OFFLINE_TOO_LONG');
    expect(() => desk.intent(caseId(3))).toThrow('OFFLINE_TOO_LONG');
    desk.queue(caseId(1), { lane: 'urgent' });
    expect(desk.act({})).not.toBe('');
    desk.crash();
    expect(level()).toBe('reached');
    registry.setReachable(true);
    await clock.advance(6000);
    expect(level()).toBe('fine');
    desk.worker().wake(true);
    await clock.advance(5000);
    expect(desk.worker().queue().queued).toBe(0);
    desk.queue(caseId(3));
  });

  it('fault 19: a device clock set back ten years does not shorten the absence', async () => {
    await start();
    registry.setReachable(false);
    desk.queue(caseId(1));
    await passHours(40);
    clock.jumpTo(clock.nowMs() - 10 * 365 * 24 * hourMs);
    await passHours(20);
    desk.crash();
    expect(level()).toBe('warning');
    await passHours(13);
    expect(level()).toBe('reached');
  });

  it('refuses beyond the number of acts and below the free space that the signed policy names', async () => {
    registry.setPolicy({ version: 3, maxOfflineCommands: 10, maxOfflineHours: 100, minFreeBytes: 5000 });
    await start();
    await clock.advance(30_000);
    registry.setReachable(false);
    desk.queue(caseId(1));
    await clock.advance(5000);
    for (let index = 2; index <= 10; index += 1) desk.queue(caseId(index));
    expect(level()).toBe('reached');
    expect(() => desk.queue(caseId(11))).toThrow('OFFLINE_TOO_MANY');
    registry.setReachable(true);
    await clock.advance(6000);
    registry.setReachable(false);
    desk.queue(caseId(11));
    await clock.advance(35_000);
    free = 4999;
    await clock.advance(10_000);
    expect(() => desk.queue(caseId(12))).toThrow('OFFLINE_DISK_SHORT');
  });
});

describe('the signed policy', () => {
  it('outlives the program with its signature, gives way only to a newer one, and is dropped for the defaults when its row was changed', async () => {
    registry.setPolicy({ version: 3, maxOfflineHours: 100 });
    await start();
    await clock.advance(30_000);
    expect(desk.worker().page().policy).toMatchObject({ version: 3, maxOfflineHours: 100 });
    registry.setPolicy({ version: 2, maxOfflineHours: 1 });
    desk.queue(caseId(1));
    await clock.advance(1000);
    expect(desk.worker().page().policy).toMatchObject({ version: 3 });
    desk.crash();
    expect(desk.worker().page().policy).toMatchObject({ version: 3 });
    desk.db.transact((tx) =>
      tx.run(`UPDATE registry_policy SET policy = replace(policy, '"maxOfflineHours":100', '"maxOfflineHours":700')`),
    );
    desk.crash();
    expect(desk.worker().page().policy).toBeNull();
    expect(desk.worker().exchange.policy.limits().maxOfflineHours).toBe(72);
  });

  it('that the announced key did not sign freezes the desk, with its queue untouched', async () => {
    registry.forgeReceipts(true);
    registry.setPolicy({ version: 3 });
    await start();
    const id = desk.queue(caseId(1));
    await clock.advance(60_000);
    expect(desk.worker().link()).toMatchObject({ state: 'frozen', lastAnswer: { code: 'POLICY_INVALID' } });
    expect(desk.db.get('SELECT state FROM outbox WHERE command_id = @id', { id })?.['state']).toBe(0);
  });
});

describe('the countersigned head of the audit chain', () => {
  it('I-10: is kept from each batch', async () => {
    registry.anchorHeads();
    await start();
    desk.queue(caseId(1));
    await clock.advance(1000);
    const [anchor] = desk.db.all('SELECT epoch, seq, head FROM audit_anchor');
    const row = desk.db.get('SELECT h FROM audit WHERE seq = @seq', { seq: anchor?.['seq'] ?? 0 });
    expect(Buffer.from(row?.['h'] as Uint8Array).toString('hex')).toBe(anchor?.['head']);
  });

  it('fault 29: that contradicts our chain, or that nobody signed, freezes the desk before anything is believed', async () => {
    registry.anchorHeads((anchor) => ({ ...anchor, head: 'ab'.repeat(32) }));
    await start();
    const id = desk.queue(caseId(1));
    await clock.advance(1000);
    expect(desk.worker().link()).toMatchObject({ state: 'frozen', lastAnswer: { code: 'AUDIT_ANCHOR_INVALID' } });
    expect(desk.db.get('SELECT state FROM outbox WHERE command_id = @id', { id })?.['state']).toBe(0);
    expect(desk.db.all('SELECT seq FROM audit_anchor')).toEqual([]);
  });
});
