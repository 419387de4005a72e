export const backoffCapMs = 15 * 60 * 1000;
const firstStepMs = 1000;

/** Full jitter: uniform in [0, min(cap, 1 s · 2ⁿ)), so that two thousand desks do not come back together. `attempt` counts from 1. */
export function fullJitterMs(attempt: number, fraction: number): number {
  return Math.floor(fraction * Math.min(backoffCapMs, firstStepMs * 2 ** Math.min(attempt, 30)));
}

/** A busy registry is given at least what it asked for, and never nothing: half the present ceiling plus jitter. */
export function busyWaitMs(attempt: number, fraction: number, retryAfterMs: number | null): number {
  const ceilingMs = Math.min(backoffCapMs, firstStepMs * 2 ** Math.min(attempt, 30));
  return Math.max(retryAfterMs ?? 0, ceilingMs / 2) + Math.floor((fraction * ceilingMs) / 2);
}
