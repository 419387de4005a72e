import { expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

it('lets a burst through, refuses the rest, and fills up with time but not beyond its size', () => {
  let nowMs = 0;
  const bucket = createTokenBucket(() => nowMs, { burst: 3, perSecond: 2 });
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
  nowMs = 499;
  expect(bucket.take()).toBe(false);
  nowMs = 1000;
  expect([1, 2, 3].map(() => bucket.take())).toEqual([true, true, false]);
  nowMs = 1_000_000;
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
});
