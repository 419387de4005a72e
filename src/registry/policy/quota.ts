import { RegistryError } from '../server/registry-error.ts';

/** What one desk may ask: so much at once, and so much a second in the long run. */
export interface Quota {
  readonly requestsAtOnce: number;
  readonly requestsPerS: number;
  readonly commandsAtOnce: number;
  readonly commandsPerS: number;
}

/** A desk that was cut off for as long as it may be sends everything at once and meets no limit; one that runs wild does. */
export const defaultQuota: Quota = { requestsAtOnce: 600, requestsPerS: 50, commandsAtOnce: 3000, commandsPerS: 100 };

interface Bucket {
  left: number;
  atMs: number;
}

export interface QuotaKeeper {
  /** Both throw 429 with the time after which there is enough again. */
  takeRequest(deskId: string): void;
  takeCommands(deskId: string, count: number): void;
}

/** Kept in memory, each program by itself: it protects the program, it decides nothing of what is on record. Source: b5, backpressure */
export function createQuotaKeeper(quota: Quota, nowMs: () => number): QuotaKeeper {
  const requests = new Map<string, Bucket>();
  const commands = new Map<string, Bucket>();

  function take(buckets: Map<string, Bucket>, deskId: string, count: number, atOnce: number, perS: number): void {
    const atMs = nowMs();
    const bucket = buckets.get(deskId) ?? { left: atOnce, atMs };
    // A clock that was set back refills nothing and takes nothing away.
    const left = Math.min(atOnce, bucket.left + (Math.max(0, atMs - bucket.atMs) / 1000) * perS);
    // More than fits at once is let through when the bucket is full, or it would never be.
    const needed = Math.min(count, atOnce);
    buckets.set(deskId, { left: left >= needed ? left - needed : left, atMs });
    if (left < needed) throw new RegistryError(429, 'TOO_MANY', {}, Math.max(1, Math.ceil((needed - left) / perS)));
  }

  return {
    takeRequest: (deskId) => {
      take(requests, deskId, 1, quota.requestsAtOnce, quota.requestsPerS);
    },
    takeCommands: (deskId, count) => {
      take(commands, deskId, count, quota.commandsAtOnce, quota.commandsPerS);
    },
  };
}
