/** Lets a burst through and then a steady rate; a message that finds no token is refused, not delayed. */
export interface TokenBucket {
  take(): boolean;
}

export interface TokenBucketLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** More than a person with a scanner and a search box can send, far less than a loop. */
export const screenLimits: TokenBucketLimits = { burst: 400, perSecond: 200 };

export function createTokenBucket(monotonicMs: () => number, limits: TokenBucketLimits = screenLimits): TokenBucket {
  let tokens = limits.burst;
  let filledAtMs = monotonicMs();
  return {
    take() {
      const nowMs = monotonicMs();
      tokens = Math.min(limits.burst, tokens + ((nowMs - filledAtMs) / 1000) * limits.perSecond);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
