import type { Clock } from '../../shared/platform/ports.ts';
import { fail, type Failure } from '../../shared/platform/result.ts';
import { decideOfflineLimits, offlineLimitCodes, type OfflineVerdict } from '../../shared/rules/offline-limits.ts';
import type { Database } from '../storage/database.ts';
import { StorageFault } from '../storage/failures.ts';
import type { PolicyKeeper } from './policy.ts';

export interface ContactParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly policy: Pick<PolicyKeeper, 'limits'>;
  readonly isLinked: () => boolean;
  /** Null where it cannot be measured. */
  readonly freeBytes: () => number | null;
}

/** How long the registry has not been heard, and what that still allows. */
export interface Contact {
  /** The registry accepted a request of this desk. */
  noteAccepted(): void;
  verdict(): OfflineVerdict;
  /** Why nothing new may be queued; null while it may. */
  findStop(): Failure | null;
  offlineMs(): number;
  stop(): void;
}

/** So often the absence is written down; a crash forgets no more than this of it. */
const writeEveryMs = 60_000;
const measureEveryMs = 5000;

export function createContact({ db, clock, policy, isLinked, freeBytes }: ContactParts): Contact {
  const row = db.get('SELECT at_ms, offline_ms FROM registry_contact WHERE id = 1');
  let atMs = row === undefined ? clock.nowMs() : Number(row['at_ms']);
  let storedOfflineMs = row === undefined ? 0 : Number(row['offline_ms']);
  let sinceMonoMs = clock.monotonicMs();
  let measured: { readonly atMonoMs: number; readonly freeBytes: number | null } | null = null;
  let cancel: (() => void) | null = null;
  /** Counting costs a walk along the queue, so it is done again only when so many acts as could bring the bound near have passed. */
  let counted = { queued: 0, askedSince: Infinity };

  let isUnwritten = false;
  const write = (): void => {
    const nowMonoMs = clock.monotonicMs();
    // Whole milliseconds, as they are stored: a rest of one would be an absence that every answer writes down anew.
    storedOfflineMs = Math.round(storedOfflineMs + nowMonoMs - sinceMonoMs);
    sinceMonoMs = nowMonoMs;
    db.transact((tx) => {
      tx.run(
        'INSERT INTO registry_contact(id, at_ms, offline_ms) VALUES (1, @atMs, @offlineMs) ON CONFLICT(id) DO UPDATE SET at_ms = excluded.at_ms, offline_ms = excluded.offline_ms',
        { atMs, offlineMs: storedOfflineMs },
      );
    });
  };
  /** On a full disk it is kept in mind and written with the next one: an answer of the registry is never lost for it. */
  const writeIfPossible = (): void => {
    try {
      write();
      isUnwritten = false;
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      isUnwritten = true;
    }
  };
  const tick = (): void => {
    cancel = clock.schedule(writeEveryMs, tick);
    if (!isLinked()) writeIfPossible();
  };
  if (row === undefined) write();
  cancel = clock.schedule(writeEveryMs, tick);

  /** The longer of what the device clock says and what was counted: a clock set back does not shorten an absence. */
  const offlineMs = (): number => (isLinked() ? 0 : Math.max(clock.nowMs() - atMs, storedOfflineMs + clock.monotonicMs() - sinceMonoMs));
  const measure = (): number | null => {
    if (measured === null || clock.monotonicMs() - measured.atMonoMs >= measureEveryMs) {
      measured = { atMonoMs: clock.monotonicMs(), freeBytes: freeBytes() };
    }
    return measured.freeBytes;
  };
  const count = (most: number): number =>
    Number(
      db.get('SELECT count(*) AS n FROM (SELECT 1 FROM outbox WHERE state = 0 AND state IN (0, 2, 3) LIMIT @most)', { most })?.['n'] ?? 0,
    );
  const verdict = (queued = count(policy.limits().maxOfflineCommands)): OfflineVerdict => {
    if (isLinked()) return { level: 'fine', uses: [] };
    return decideOfflineLimits({ isLinked: false, offlineMs: offlineMs(), queued, freeBytes: measure() }, policy.limits());
  };
  const countNow = (): number => {
    const { maxOfflineCommands } = policy.limits();
    counted.askedSince += 1;
    if (counted.askedSince * 4 < maxOfflineCommands - counted.queued) return counted.queued;
    counted = { queued: count(maxOfflineCommands), askedSince: 0 };
    return counted.queued;
  };

  return {
    noteAccepted: () => {
      const wasLong = isUnwritten || clock.monotonicMs() - sinceMonoMs >= writeEveryMs || storedOfflineMs > 0;
      atMs = clock.nowMs();
      if (!wasLong) return;
      storedOfflineMs = 0;
      sinceMonoMs = clock.monotonicMs();
      writeIfPossible();
    },
    verdict: () => verdict(),
    findStop: () => {
      if (isLinked()) return null;
      const found = verdict(countNow());
      const [worst] = found.uses;
      if (found.level !== 'reached' || worst === undefined) return null;
      return fail(offlineLimitCodes[worst.limit], { used: worst.used, max: worst.max }, true).failure;
    },
    offlineMs,
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}
