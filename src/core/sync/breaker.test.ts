import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../tests/support/test-clock.ts';
import { breakerOpensAt, createBreaker } from './breaker.ts';
import { createRetryBudget } from './retry-budget.ts';

describe('the breaker', () => {
  it('opens at the fifth failure in a row, lets one probe through after a rest, and closes with any answer', async () => {
    const clock = createTestClock();
    const breaker = createBreaker(clock, { fraction: () => 0.5 });
    for (let failures = 1; failures < breakerOpensAt; failures += 1) breaker.noteFailure();
    expect(breaker.state()).toBe('closed');
    breaker.noteFailure();
    expect(breaker.state()).toBe('open');
    await clock.advance(breaker.restMs());
    expect(breaker.state()).toBe('half_open');
    breaker.noteFailure();
    expect(breaker.state()).toBe('open');
    breaker.endRest();
    expect(breaker.state()).toBe('half_open');
    breaker.noteAnswer();
    expect(breaker.state()).toBe('closed');
  });

  it('rests longer each time, is not fooled by the device clock, and forgets four failures with one answer', async () => {
    const clock = createTestClock();
    const breaker = createBreaker(clock, { fraction: () => 0.99 });
    for (let failures = 0; failures < breakerOpensAt; failures += 1) breaker.noteFailure();
    const first = breaker.restMs();
    clock.jumpTo(clock.nowMs() + 10 * 365 * 86_400_000);
    expect(breaker.restMs()).toBe(first);
    await clock.advance(first);
    breaker.noteFailure();
    expect(breaker.restMs()).toBeGreaterThan(first);
    breaker.noteAnswer();
    for (let failures = 1; failures < breakerOpensAt; failures += 1) breaker.noteFailure();
    expect(breaker.state()).toBe('closed');
  });
});

describe('the budget of retries', () => {
  it('gives a store for bad moments, then a tenth of what succeeds, and never says never', async () => {
    const clock = createTestClock();
    const budget = createRetryBudget(clock);
    for (let retry = 0; retry < 10; retry += 1) expect(budget.takeMs()).toBe(0);
    const waitMs = budget.takeMs();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(30_000);
    await clock.advance(waitMs);
    budget.noteSuccess(20);
    expect([budget.takeMs(), budget.takeMs()]).toEqual([0, 0]);
    expect(budget.takeMs()).toBeGreaterThan(0);
  });
});
