import type { SignInAttempts } from '../../storage/repositories/operator-repository.ts';

/** Wrong passwords in a row, online or not, before the name is closed. */
export const maxWrongPasswords = 5;
export const lockOutMs = 30 * 60_000;
/** Without the link only those may come in who were seen online at this desk within this time. Source: sync-and-reliability (b6) */
export const offlineSignInMs = 7 * 24 * 60 * 60_000;

/** The count after one more wrong password; a lock-out that has passed starts a new count. */
export function countWrongPassword(before: SignInAttempts, nowMs: number): SignInAttempts {
  const failed = (before.lockedUntilMs > 0 && before.lockedUntilMs <= nowMs ? 0 : before.failed) + 1;
  return { failed, lockedUntilMs: failed >= maxWrongPasswords ? nowMs + lockOutMs : 0 };
}

export function isLockedOut(attempts: SignInAttempts, nowMs: number): boolean {
  return attempts.lockedUntilMs > nowMs;
}
