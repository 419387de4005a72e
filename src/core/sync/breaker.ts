import type { Clock, Randomness } from '../../shared/platform/ports.ts';
import { fullJitterMs } from './backoff.ts';

/** So many exchanges in a row without a word of the registry open the breaker. Source: sync-and-reliability (b2) */
export const breakerOpensAt = 5;
/** An open breaker stays so for at least this long, unless the link is seen to return. */
const shortestRestMs = 1000;
/**
 * And for no longer than this: a registry that stood still, taking connections and answering nobody, comes back without a link that returns, and one
 * small question a minute is no burden to it.
 */
const longestRestMs = 60_000;

/** Keeps a registry that nobody reaches from being asked by push, pull and uploads at once: after a rest one small question decides for all. */
export interface Breaker {
  /** `half_open`: the rest is over and one probe may leave. */
  state(): 'closed' | 'open' | 'half_open';
  /** Milliseconds until a probe may leave; 0 unless open. */
  restMs(): number;
  noteAnswer(): void;
  noteFailure(): void;
  /** The link was seen to return, or a person asks: the probe may leave now. */
  endRest(): void;
}

export function createBreaker(clock: Pick<Clock, 'monotonicMs'>, random: Pick<Randomness, 'fraction'>): Breaker {
  let failures = 0;
  let openings = 0;
  let restUntilMs = 0;
  const restMs = (): number => (failures < breakerOpensAt ? 0 : Math.max(0, restUntilMs - clock.monotonicMs()));
  return {
    state: () => (failures < breakerOpensAt ? 'closed' : restMs() > 0 ? 'open' : 'half_open'),
    restMs,
    noteAnswer: () => {
      failures = 0;
      openings = 0;
    },
    noteFailure: () => {
      failures += 1;
      if (failures < breakerOpensAt) return;
      openings += 1;
      const drawnMs = fullJitterMs(openings + 2, random.fraction());
      restUntilMs = clock.monotonicMs() + Math.min(longestRestMs, Math.max(shortestRestMs, drawnMs));
    },
    endRest: () => {
      restUntilMs = 0;
    },
  };
}
