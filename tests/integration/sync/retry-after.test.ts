import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeRegistry, type FakeRegistry } from '../../support/fake-registry.ts';
import { createSyncDesk, syncIdentity, type SyncDesk } from '../../support/sync-desk.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let registry: FakeRegistry;
let desk: SyncDesk;
const caseId = (index: number): string => `0197a000-0000-7000-8000-00000000000${index}`;

beforeEach(async () => {
  clock = createTestClock();
  registry = createFakeRegistry({ clock, deskId: syncIdentity.deskId });
  desk = await createSyncDesk({ clock, transport: registry.transport, fraction: () => 0.5 });
  await clock.advance(100);
});
afterEach(async () => desk.close());

const asked = (path: string): number => registry.requests.filter((request) => request.path.startsWith(path)).length;
const pushes = (): number => asked('/v1/sync/commands');
const busy = (path: string, header: string | null, status = 429): void => {
  const headers: Record<string, string> = header === null ? {} : { 'retry-after': header };
  registry.setFate((request) => (request.path.startsWith(path) ? { status, headers } : {}));
};
/** The link is lost and comes back. */
async function flap(): Promise<void> {
  registry.setReachable(false);
  await clock.advance(60_000);
  expect(desk.worker().link().state).toBe('offline');
  registry.setReachable(true);
  await clock.advance(10_000);
  expect(desk.worker().link().state).toBe('online');
}

/** Header, and the shortest and the longest wait that is kept after it. */
const absurd: readonly (readonly [string | null, number, number])[] = [
  ['-5', 500, 2000],
  ['-1000000000000', 500, 2000],
  ['0', 500, 2000],
  ['Mon, 01 Jan 1990 00:00:00 GMT', 500, 2000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000, 3_602_000],
  ['Fri, 31 Dec 99999 23:59:59 GMT', 500, 2000],
  ['1000000000', 3_600_000, 3_602_000],
  ['1000000000000', 3_600_000, 3_602_000],
  ['1e12', 500, 2000],
  ['9'.repeat(400), 3_600_000, 3_602_000],
  ['9'.repeat(401), 500, 2000],
  ['30', 30_000, 32_000],
  ['30, 40', 500, 2000],
  ['soon', 500, 2000],
  ['NaN', 500, 2000],
  ['Infinity', 500, 2000],
  ['', 500, 2000],
  [null, 500, 2000],
];

describe('fault 17: Retry-After', () => {
  it.each(absurd)('429 with "%s" waits within its own bounds and loses nothing', async (header, shortestMs, longestMs) => {
    busy('/v1/sync/commands', header);
    desk.queue(caseId(1));
    await clock.advance(100);
    expect(pushes()).toBe(1);
    registry.setFate(() => ({}));
    await clock.advance(shortestMs - 200);
    expect(pushes()).toBe(1);
    await clock.advance(longestMs - shortestMs + 400);
    expect(pushes()).toBe(2);
    expect(desk.worker().queue().queued).toBe(0);
    expect(registry.effects).toHaveLength(1);
  });

  it.each(['0', '2', 'Mon, 01 Jan 1990 00:00:00 GMT'])('503 with "%s" is a busy registry, never a lost one', async (header) => {
    busy('/v1/sync/commands', header, 503);
    desk.queue(caseId(1));
    await clock.advance(100);
    expect(desk.worker().page().rows).toMatchObject([{ state: 'queued' }]);
    expect(desk.worker().link()).toMatchObject({ state: 'online', lastAnswer: { code: 'BUSY' } });
    registry.setFate(() => ({}));
    await clock.advance(10_000);
    expect(registry.effects).toHaveLength(1);
  });

  it('the pause stands against a link that comes back, also after a crash', async () => {
    for (const crashes of [false, true]) {
      const before = pushes();
      busy('/v1/sync/commands', '600');
      desk.queue(caseId(crashes ? 1 : 2));
      await clock.advance(500);
      expect(pushes()).toBe(before + 1);
      registry.setFate(() => ({}));
      if (crashes) desk.crash();
      await flap();
      expect(pushes(), crashes ? 'after a crash' : 'in one life').toBe(before + 1);
      await clock.advance(600_000);
      expect(desk.worker().queue().queued).toBe(0);
    }
  });

  it('the pause stands against an act that somebody waits for, also after a crash; nobody is left waiting', async () => {
    busy('/v1/sync/intents', '600');
    const first = desk.intent(caseId(1));
    await expect(desk.worker().settleIntent(first)).resolves.toMatchObject({ ok: false, failure: { code: 'OUTCOME_UNKNOWN' } });
    const before = asked('/v1/sync/intents');
    registry.setFate(() => ({}));
    desk.crash();
    await clock.advance(1000);
    const again = desk.worker().settleIntent(first);
    await clock.advance(5000);
    await expect(again).resolves.toMatchObject({ ok: false, failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(asked('/v1/sync/intents')).toBe(before);
    await clock.advance(600_000);
    expect(desk.worker().queue().unknown).toBe(0);
    expect(registry.effects.map(({ commandId }) => commandId)).toEqual([first]);
  });

  it('a person who asks overrides it, also after a crash', async () => {
    busy('/v1/sync/commands', '600');
    desk.queue(caseId(1));
    await clock.advance(500);
    registry.setFate(() => ({}));
    desk.crash();
    await clock.advance(1000);
    void desk.worker().sendNow();
    await clock.advance(2000);
    expect(desk.worker().queue().queued).toBe(0);
  });

  it('a restored pause is undone by a device clock that went back, and never longer than any wait', async () => {
    busy('/v1/sync/commands', '600');
    desk.queue(caseId(1));
    await clock.advance(500);
    registry.setFate(() => ({}));
    clock.jumpTo(clock.nowMs() - 10 * 365 * 86_400_000);
    desk.crash();
    await clock.advance(10_000);
    expect(desk.worker().queue().queued).toBe(0);
  });

  it("the desk's own waiting is undone by the link, also after a crash", async () => {
    registry.setFate((request) => (request.path.startsWith('/v1/sync/commands') ? { isRequestLost: true } : {}));
    desk.queue(caseId(1));
    await clock.advance(10 * 60_000);
    desk.crash();
    registry.setFate(() => ({}));
    await flap();
    expect(desk.worker().queue().queued).toBe(0);
  });

  it('the change feed keeps to the pause as well when the link comes back', async () => {
    busy('/v1/sync/changes', '600');
    registry.publish({ entity: 'application', id: caseId(1), rev: 1 });
    await clock.advance(30_000);
    const before = asked('/v1/sync/changes');
    registry.setFate(() => ({}));
    registry.setReachable(false);
    desk.queue(caseId(1));
    await clock.advance(20_000);
    expect(desk.worker().link().state).toBe('offline');
    registry.setReachable(true);
    await clock.advance(20_000);
    expect(desk.worker().link().state).toBe('online');
    expect(asked('/v1/sync/changes')).toBe(before);
    await clock.advance(620_000);
    expect(asked('/v1/sync/changes')).toBeGreaterThan(before);
  });

  it('a file waits as long as it was told, and small acts go by meanwhile', async () => {
    const bytes = Buffer.alloc(1000, 1);
    let sentBytes = 0;
    await desk.close();
    desk = await createSyncDesk({
      clock,
      transport: registry.transport,
      fraction: () => 0.5,
      attachments: {
        listPending: () =>
          sentBytes < bytes.length ? [{ sha256: 'a'.repeat(64), sizeBytes: bytes.length, mediaType: 'image/png', sentBytes }] : [],
        readPiece: (_sha256, offset, length) => bytes.subarray(offset, offset + length),
        markProgress: (_sha256, sent) => {
          sentBytes = sent;
        },
      },
    });
    busy('/v1/attachments', '1000000000');
    desk.worker().wake(true);
    await clock.advance(3_700_000);
    expect(asked('/v1/attachments')).toBeGreaterThan(1);
    expect(asked('/v1/attachments')).toBeLessThan(4);
    expect(sentBytes).toBe(0);
  });
});
