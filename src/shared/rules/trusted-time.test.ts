import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterJump,
  betterMeasurement,
  errorNowMs,
  findJumpMs,
  isDriftTooLarge,
  longestDriftMs,
  measureOffset,
  wasSleep,
} from './trusted-time.ts';

const yearMs = 365 * 86_400_000;
const wallMs = Date.UTC(2026, 5, 22, 5, 0, 0);

describe('the measured offset', () => {
  it('fault 19: holds the truth within its error, wherever between sending and receipt the registry stamped its answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10 * yearMs, max: 10 * yearMs }), fc.nat(20_000), fc.nat(20_000), (trueOffset, there, back) => {
        const receivedWallMs = wallMs + there + back;
        const measured = measureOffset({
          sentMonoMs: 500,
          receivedMonoMs: 500 + there + back,
          receivedWallMs,
          serverMs: wallMs + there + trueOffset,
        });
        expect(Math.abs(measured.offsetMs - trueOffset)).toBeLessThanOrEqual(measured.errorMs + 1);
      }),
    );
  });

  it('gives way to one that says more, and ages', () => {
    const good = { offsetMs: 10, errorMs: 5, atMonoMs: 0 };
    expect(betterMeasurement(good, { offsetMs: 90, errorMs: 500, atMonoMs: 60_000 })).toBe(good);
    const late = { offsetMs: 90, errorMs: 500, atMonoMs: 3_600_000 };
    expect(errorNowMs(good, 3_600_000)).toBeGreaterThan(500);
    expect(betterMeasurement(good, late)).toBe(late);
    expect(betterMeasurement(null, late)).toBe(late);
  });
});

describe('a jump of the device clock', () => {
  it('fault 19: is found whatever its size and direction, and never seen where the clock only ran', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10 * yearMs, max: 10 * yearMs }), fc.nat(600_000), (byMs, passedMs) => {
        const found = findJumpMs({ wallMs, monoMs: 1000 }, { wallMs: wallMs + passedMs + byMs, monoMs: 1000 + passedMs });
        expect(found === 0 || found === byMs).toBe(true);
        if (Math.abs(byMs) > 2000 + passedMs * 0.001) expect(found).toBe(byMs);
        if (Math.abs(byMs) <= 2000) expect(found).toBe(0);
      }),
    );
  });

  it('fault 19: summer time moves no clock that counts in UTC, and a clock that stands is found as one that falls behind', () => {
    const before = Date.UTC(2026, 2, 29, 0, 59, 59);
    expect(findJumpMs({ wallMs: before, monoMs: 0 }, { wallMs: before + 2000, monoMs: 2000 })).toBe(0);
    expect(findJumpMs({ wallMs, monoMs: 0 }, { wallMs, monoMs: 10_000 })).toBe(-10_000);
  });

  it('backward is known, forward may have been a sleep until the registry says', () => {
    const known = { offsetMs: 100, errorMs: 20 };
    expect(afterJump(known, -3_600_000)).toEqual({ offsetMs: 3_600_100, errorMs: 20 });
    expect(isDriftTooLarge(afterJump(known, -3_600_000))).toBe(true);
    expect(isDriftTooLarge(afterJump(known, 3_600_000))).toBe(false);
    expect(wasSleep(3_600_000, known, { offsetMs: 150, errorMs: 50, atMonoMs: 0 })).toBe(true);
    expect(wasSleep(3_600_000, known, { offsetMs: -3_599_900, errorMs: 50, atMonoMs: 0 })).toBe(false);
  });
});

describe('an act that needs the exact time', () => {
  it.each([
    ['nothing measured', null, false],
    ['five minutes', { offsetMs: longestDriftMs, errorMs: 0 }, false],
    ['more than five minutes', { offsetMs: longestDriftMs + 1, errorMs: 0 }, true],
    ['more, the other way', { offsetMs: -longestDriftMs - 1, errorMs: 0 }, true],
    ['perhaps more', { offsetMs: longestDriftMs + 1000, errorMs: 1500 }, false],
    ['not measured since the start', { offsetMs: yearMs, errorMs: null }, false],
  ])('is judged by a drift that is certain: %s', (_name, estimate, isRefused) => {
    expect(isDriftTooLarge(estimate)).toBe(isRefused);
  });
});
