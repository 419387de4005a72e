import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffCapMs, busyWaitMs, fullJitterMs } from './backoff.ts';

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('is anywhere between nothing and the growing ceiling, never beyond fifteen minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fraction, (attempt, at) => {
        const waitMs = fullJitterMs(attempt, at);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThan(Math.min(backoffCapMs, 1000 * 2 ** Math.min(attempt, 30)) + 1);
      }),
    );
  });

  it('gives a busy registry what it asked for and never nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fraction, fc.integer({ min: 0, max: 3_600_000 }), (attempt, at, retryAfterMs) => {
        expect(busyWaitMs(attempt, at, retryAfterMs)).toBeGreaterThanOrEqual(retryAfterMs);
        expect(busyWaitMs(attempt, at, null)).toBeGreaterThanOrEqual(1000);
      }),
    );
  });
});
