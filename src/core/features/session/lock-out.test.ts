import { expect, it } from 'vitest';
import { countWrongPassword, isLockedOut, lockOutMs, maxWrongPasswords } from './lock-out.ts';

const nowMs = 1_000_000;
const none = { failed: 0, lockedUntilMs: 0 };

it('the fifth wrong password in a row closes the name for half an hour', () => {
  let attempts = none;
  for (let count = 1; count < maxWrongPasswords; count += 1) {
    attempts = countWrongPassword(attempts, nowMs);
    expect(isLockedOut(attempts, nowMs)).toBe(false);
  }
  attempts = countWrongPassword(attempts, nowMs);
  expect(attempts).toEqual({ failed: 5, lockedUntilMs: nowMs + lockOutMs });
  expect(isLockedOut(attempts, nowMs + lockOutMs - 1)).toBe(true);
  expect(isLockedOut(attempts, nowMs + lockOutMs)).toBe(false);
});

it('after a lock-out the count begins anew', () => {
  const over = { failed: 5, lockedUntilMs: nowMs };
  expect(countWrongPassword(over, nowMs)).toEqual({ failed: 1, lockedUntilMs: 0 });
});
