import { StorageFault } from '../storage/failures.ts';
import type { Tx } from '../storage/database.ts';
import { backoffCapMs, busyWaitMs, fullJitterMs } from './backoff.ts';
import type { Exchange } from './exchange.ts';
import { longestRetryAfterMs } from '../../shared/rules/sync-answers.ts';
import { createRetryBudget } from './retry-budget.ts';
import { clearWaits, getSyncState, saveBackoff } from './sync-store.ts';

export const batchCommands = 50;
export const batchBytes = 256 * 1024;

/**
 * When the next request of the queue may leave, and how much of it. Waits count on the monotonic clock, so that a device clock that jumps
 * neither hurries nor holds them; what outlives the program is stored by the device clock and cut to what a wait can be.
 */
export interface Pace {
  /** Milliseconds until anything may leave; 0 = now. */
  waitMs(): number;
  /** Milliseconds until the normal lane may leave after a reconnect. */
  spreadMs(): number;
  batchLimit(): number;
  /** The parcel of `rows` commands was too much. */
  halve(rows: number): void;
  /** Full jitter, and the budget of retries. */
  backOff(): void;
  /** The registry asked for a pause; it gets at least that and less at once. */
  yieldTo(retryAfterMs: number | null): void;
  rest(forMs: number): void;
  /** An answer came whole; `tx` is the one that stores it. */
  clearIn(tx: Tx): void;
  noteSuccess(commands: number, policyBatch: number): void;
  /** False when the budget of retries is used up: the retry waits like any other. */
  mayRetryAtOnce(): boolean;
  /** One intent somebody waits for: only a pause that the registry asked for stands. */
  hurry(): void;
  /**
   * Forgets the waits. On a reconnect the normal lane is spread as the registry's policy asks, and a pause that the registry asked for stands;
   * a person who asks overrides both.
   */
  reset(cause: 'reconnect' | 'asked', spreadMs: number): void;
}

export function createPace(exchange: Pick<Exchange, 'db' | 'clock' | 'random'>): Pace {
  const { clock, db, random } = exchange;
  const budget = createRetryBudget(clock);
  const stored = getSyncState(db);
  let attempt = stored.attempt;
  /** What was stored, on the clock that counts now. */
  const restore = (untilMs: number): number => {
    const waitMs = untilMs - clock.nowMs();
    return waitMs > 0 && waitMs <= longestRetryAfterMs + backoffCapMs ? clock.monotonicMs() + waitMs : 0;
  };
  let notBefore = restore(stored.notBeforeMs);
  let busyUntil = restore(stored.busyUntilMs);
  let normalNotBefore = 0;
  let limit = batchCommands;

  const left = (until: number): number => Math.max(0, until - clock.monotonicMs());
  const byDeviceClock = (until: number): number => (until === 0 ? 0 : Math.round(clock.nowMs() + left(until)));
  const save = (tx: Tx): void => {
    saveBackoff(tx, attempt, byDeviceClock(notBefore), byDeviceClock(busyUntil));
  };
  const pause = (forMs: number, isAsked = false): void => {
    notBefore = clock.monotonicMs() + Math.round(forMs);
    if (isAsked) busyUntil = notBefore;
    db.transact(save);
  };
  const rest = (forMs: number): void => {
    try {
      pause(forMs);
    } catch (error) {
      // The disk may be what failed: then the wait holds in memory, and the core goes on.
      if (!(error instanceof StorageFault)) throw error;
    }
  };
  const endPause = (): void => {
    notBefore = left(busyUntil) > 0 ? busyUntil : 0;
  };

  return {
    waitMs: () => left(notBefore),
    spreadMs: () => left(normalNotBefore),
    batchLimit: () => limit,
    halve: (rows) => {
      limit = Math.max(1, Math.floor(rows / 2));
    },
    backOff: () => {
      attempt += 1;
      pause(Math.max(fullJitterMs(attempt, random.fraction()), budget.takeMs()));
    },
    yieldTo: (retryAfterMs) => {
      attempt += 1;
      limit = Math.max(1, Math.floor(limit / 2));
      pause(busyWaitMs(attempt, random.fraction(), retryAfterMs), true);
    },
    rest,
    clearIn: (tx) => {
      if (attempt === 0 && notBefore === 0 && busyUntil === 0) return;
      attempt = 0;
      notBefore = 0;
      busyUntil = 0;
      save(tx);
    },
    noteSuccess: (commands, policyBatch) => {
      attempt = 0;
      notBefore = 0;
      limit = Math.min(policyBatch, limit * 2);
      budget.noteSuccess(commands);
    },
    mayRetryAtOnce: () => budget.takeMs() === 0,
    hurry: endPause,
    reset: (cause, spreadMs) => {
      if (cause === 'asked') busyUntil = 0;
      endPause();
      attempt = 0;
      normalNotBefore = clock.monotonicMs() + Math.floor(random.fraction() * spreadMs);
      db.transact((tx) => {
        save(tx);
        clearWaits(tx);
      });
    },
  };
}
