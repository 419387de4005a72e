import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPageSize } from './page-size.ts';

describe('the size of a page', () => {
  it('grows while pages are cheap, falls at once when they are dear, and never leaves its bounds', () => {
    const size = createPageSize();
    expect(size.limit()).toBe(20);
    for (let page = 0; page < 10; page += 1) size.noteApplied(size.limit(), size.limit() * 0.03);
    expect(size.limit()).toBe(400);
    size.noteApplied(400, 800);
    expect(size.limit()).toBe(10);
    size.noteApplied(3, 0.01);
    expect(size.limit()).toBe(10);
  });

  it('holds the core no longer than wanted for changes that cost alike', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.005, max: 1.5, noNaN: true }), (costMs) => {
        const size = createPageSize();
        for (let page = 0; page < 20; page += 1) size.noteApplied(size.limit(), size.limit() * costMs);
        expect(size.limit() * costMs).toBeLessThanOrEqual(Math.max(15, 10 * costMs) + 1e-6);
      }),
    );
  });
});
