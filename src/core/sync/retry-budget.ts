import type { Clock } from '../../shared/platform/ports.ts';

/** Retries may be at most this share of what succeeds, beside a small store for bad moments. Source: sync-and-reliability (b2) */
const share = 0.1;
const storeSize = 10;
/** An empty budget fills by itself so slowly; nothing is ever given up for want of it. */
const refillMs = 30_000;

/** A token bucket: each retry takes one, each success gives a tenth back. */
export interface RetryBudget {
  /** Takes the token of one retry. Answers how long that retry has to wait at the least: 0 while the budget lasts. */
  takeMs(): number;
  noteSuccess(commands: number): void;
}

export function createRetryBudget(clock: Pick<Clock, 'monotonicMs'>): RetryBudget {
  let tokens = storeSize;
  let filledAtMs = clock.monotonicMs();
  const fill = (): void => {
    const nowMs = clock.monotonicMs();
    tokens = Math.min(storeSize, tokens + (nowMs - filledAtMs) / refillMs);
    filledAtMs = nowMs;
  };
  return {
    takeMs: () => {
      fill();
      tokens = Math.max(-1, tokens - 1);
      return tokens >= 0 ? 0 : Math.ceil(-tokens * refillMs);
    },
    noteSuccess: (commands) => {
      fill();
      tokens = Math.min(storeSize, tokens + share * commands);
    },
  };
}
