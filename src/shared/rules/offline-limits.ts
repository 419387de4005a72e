/**
 * How long and how much a desk may work without the registry. Beyond one of these bounds nothing new is queued: drafts go on, reading goes on, and
 * an urgent suspension or revocation always passes. Source: sync-and-reliability (b6)
 */
export const offlineLimitNames = ['hours', 'commands', 'space'] as const;
export type OfflineLimitName = (typeof offlineLimitNames)[number];

export interface OfflineLimits {
  readonly maxOfflineHours: number;
  readonly maxOfflineCommands: number;
  readonly minFreeBytes: number;
}

export interface OfflineFacts {
  /** The registry answers now. With a link no bound applies, because what is queued leaves at once. */
  readonly isLinked: boolean;
  readonly offlineMs: number;
  readonly queued: number;
  /** Null where it cannot be measured; then this bound does not apply. */
  readonly freeBytes: number | null;
}

export interface OfflineUse {
  readonly limit: OfflineLimitName;
  readonly used: number;
  readonly max: number;
}

export interface OfflineVerdict {
  readonly level: 'fine' | 'warning' | 'reached';
  /** The bounds that are near or reached, the worst first. */
  readonly uses: readonly OfflineUse[];
}

const hourMs = 3_600_000;
/** A person is told at four fifths of the way. */
export const warningShare = 0.8;

/** `space` counts downwards: `used` is what is free, `max` what has to be. */
function nearness(use: OfflineUse): number {
  if (use.limit !== 'space') return use.used / use.max;
  return use.max === 0 ? 0 : use.used === 0 ? Infinity : use.max / use.used;
}

export function decideOfflineLimits(facts: OfflineFacts, limits: OfflineLimits): OfflineVerdict {
  if (facts.isLinked) return { level: 'fine', uses: [] };
  const all: OfflineUse[] = [
    { limit: 'hours', used: Math.floor(Math.max(0, facts.offlineMs) / hourMs), max: limits.maxOfflineHours },
    { limit: 'commands', used: facts.queued, max: limits.maxOfflineCommands },
    ...(facts.freeBytes === null ? [] : [{ limit: 'space' as const, used: facts.freeBytes, max: limits.minFreeBytes }]),
  ];
  const uses = all.filter((use) => nearness(use) >= warningShare).sort((left, right) => nearness(right) - nearness(left));
  const isReached = uses.some((use) => (use.limit === 'space' ? use.used < use.max : use.used >= use.max));
  return { level: isReached ? 'reached' : uses.length > 0 ? 'warning' : 'fine', uses };
}

/** The code of the refusal for the bound that was reached first. */
export const offlineLimitCodes = {
  hours: 'OFFLINE_TOO_LONG',
  commands: 'OFFLINE_TOO_MANY',
  space: 'OFFLINE_DISK_SHORT',
} as const satisfies Record<OfflineLimitName, string>;

/**
 * The bounds that apply: those of the signed policy; where it has run out, the stricter of it and the defaults, so that nobody gains by keeping a
 * desk from its registry.
 */
export function effectiveLimits(
  policy: (OfflineLimits & { readonly valid_until_ms: number }) | null,
  defaults: OfflineLimits,
  nowMs: number,
): OfflineLimits {
  if (policy === null) return defaults;
  if (nowMs < policy.valid_until_ms) return policy;
  return {
    maxOfflineHours: Math.min(policy.maxOfflineHours, defaults.maxOfflineHours),
    maxOfflineCommands: Math.min(policy.maxOfflineCommands, defaults.maxOfflineCommands),
    minFreeBytes: Math.max(policy.minFreeBytes, defaults.minFreeBytes),
  };
}
