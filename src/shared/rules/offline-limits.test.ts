import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideOfflineLimits, effectiveLimits } from './offline-limits.ts';

const limits = { maxOfflineHours: 72, maxOfflineCommands: 1000, minFreeBytes: 1024 ** 3 };
const facts = { isLinked: false, offlineMs: 0, queued: 0, freeBytes: 50 * 1024 ** 3 };
const hours = (count: number): number => count * 3_600_000;

describe('offline limits', () => {
  it.each([
    ['nothing yet', {}, 'fine', []],
    ['57 hours', { offlineMs: hours(57) }, 'fine', []],
    ['58 hours', { offlineMs: hours(58) }, 'warning', ['hours']],
    ['72 hours', { offlineMs: hours(72) }, 'reached', ['hours']],
    ['799 acts', { queued: 799 }, 'fine', []],
    ['800 acts', { queued: 800 }, 'warning', ['commands']],
    ['1000 acts', { queued: 1000 }, 'reached', ['commands']],
    ['1.2 GiB free', { freeBytes: 1.2 * 1024 ** 3 }, 'warning', ['space']],
    ['exactly the least', { freeBytes: 1024 ** 3 }, 'warning', ['space']],
    ['less than the least', { freeBytes: 1024 ** 3 - 1 }, 'reached', ['space']],
    ['no space at all', { freeBytes: 0 }, 'reached', ['space']],
    ['space unknown', { freeBytes: null }, 'fine', []],
    ['the worst first', { offlineMs: hours(60), queued: 1500 }, 'reached', ['commands', 'hours']],
    ['anything with a link', { isLinked: true, offlineMs: hours(500), queued: 5000, freeBytes: 0 }, 'fine', []],
    ['a clock that went back', { offlineMs: -hours(90_000) }, 'fine', []],
  ] as const)('%s', (_name, change, level, near) => {
    const verdict = decideOfflineLimits({ ...facts, ...change }, limits);
    expect(verdict.level).toBe(level);
    expect(verdict.uses.map((use) => use.limit)).toEqual(near);
  });

  it('are never loosened by more time, more acts or less space', () => {
    const rank = { fine: 0, warning: 1, reached: 2 };
    const amounts = fc.record({ offlineMs: fc.nat(hours(200)), queued: fc.nat(3000), freeBytes: fc.nat(4 * 1024 ** 3) });
    fc.assert(
      fc.property(amounts, fc.nat(hours(9)), fc.nat(50), fc.nat(1024 ** 2), (at, longer, more, less) => {
        const before = decideOfflineLimits({ isLinked: false, ...at }, limits);
        const after = decideOfflineLimits(
          { isLinked: false, offlineMs: at.offlineMs + longer, queued: at.queued + more, freeBytes: Math.max(0, at.freeBytes - less) },
          limits,
        );
        expect(rank[after.level]).toBeGreaterThanOrEqual(rank[before.level]);
      }),
    );
  });

  it('of a policy that has run out count only where they are stricter than the defaults', () => {
    const policy = { maxOfflineHours: 240, maxOfflineCommands: 10, minFreeBytes: 0, valid_until_ms: 1000 };
    expect(effectiveLimits(policy, limits, 999)).toBe(policy);
    expect(effectiveLimits(policy, limits, 1000)).toEqual({ maxOfflineHours: 72, maxOfflineCommands: 10, minFreeBytes: 1024 ** 3 });
    expect(effectiveLimits(null, limits, 0)).toBe(limits);
  });
});
