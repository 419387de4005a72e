import type { DeskEvent } from '../../shared/contract/system.ts';
import { fail, succeed } from '../../shared/platform/result.ts';
import type { AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import type { Tx } from '../storage/database.ts';
import type { AuditSealAnchor } from '../../shared/registry-api/audit-seal.ts';
import { StorageFault } from '../storage/failures.ts';
import { fullJitterMs } from './backoff.ts';
import { falseProof, unreadable } from './classify.ts';
import type { Exchange } from './exchange.ts';
import type { FailureDesk, Step } from './failures.ts';
import { storeResults, type CheckedBatch, type CheckedResult } from './outcomes.ts';
import { batchCommands, type Pace } from './pace.ts';
import { storeAnchor, storeSealAnchor } from './policy.ts';
import { noteAttempt, type QueueRow } from './sync-store.ts';
import type { Waiters } from './waiters.ts';

/** What the registry countersigned of our audit chain. */
export interface RegistryWords {
  readonly anchor?: AuditAnchor | undefined;
  readonly sealAnchor?: AuditSealAnchor | undefined;
}

export interface AnswerDesk {
  /** Stores what was answered and tells everybody concerned; what cannot be believed is a failure of the request. */
  store(
    rows: readonly QueueRow[],
    batch: CheckedBatch,
    what: 'commands' | 'intent',
    sentMonoMs: number,
    words?: RegistryWords,
  ): Step | Promise<Step>;
}

export function createAnswerDesk(
  exchange: Exchange,
  pace: Pace,
  failures: FailureDesk,
  waiters: Waiters,
  onStored: (commands: number) => void,
): AnswerDesk {
  const { clock, db, random, log } = exchange;

  const keepSealAnchor = (tx: Tx, anchor: AuditSealAnchor): boolean =>
    storeSealAnchor(tx, anchor, exchange.identity.deskId, exchange.knownInfo()?.receipt_key ?? '') === 'stored';
  const keepAnchor = (tx: Tx, anchor: AuditAnchor): boolean =>
    storeAnchor(tx, anchor, exchange.identity.deskId, exchange.knownInfo()?.receipt_key ?? '') === 'stored';

  /** The registry's word for the head of our audit chain stands with the outcomes that came with it, or none of it does. Null when it is false. */
  const commit = (results: readonly CheckedResult[], what: string, sentMonoMs: number, words: RegistryWords = {}): DeskEvent[] | null =>
    db.transact((tx) => {
      if (words.anchor !== undefined && !keepAnchor(tx, words.anchor)) return null;
      if (words.sealAnchor !== undefined && !keepSealAnchor(tx, words.sealAnchor)) return null;
      const told = storeResults(tx, exchange, results);
      noteAttempt(tx, {
        atMs: clock.nowMs(),
        what,
        commands: results.length,
        outcome: 'OK',
        http: 200,
        tookMs: clock.monotonicMs() - sentMonoMs,
      });
      pace.clearIn(tx);
      return told;
    });

  /** Leaves in `results` only what could be stored. */
  const storeOneByOne = (results: CheckedResult[], what: string, sentMonoMs: number): DeskEvent[] => {
    const events: DeskEvent[] = [];
    for (const result of results.splice(0)) {
      try {
        events.push(...(commit([result], what, sentMonoMs) ?? []));
        results.push(result);
      } catch (error) {
        if (error instanceof StorageFault) throw error;
        failures.postponeAlone(result.row, fullJitterMs(result.row.attempts + 3, random.fraction()) + 1000, 'PROJECTION_FAILED');
      }
    }
    return events;
  };

  /** The key may have been changed by a new registry; the same key with a wrong signature is a matter of security. */
  const onForged = async (rows: readonly QueueRow[], commandId: string): Promise<Step> => {
    const before = exchange.knownInfo()?.receipt_key;
    exchange.forgetInfo();
    const fresh = await exchange.getInfo();
    if ('info' in fresh && fresh.info.receipt_key === before) {
      log.warn('sync.receipt_forged', { commandId });
      return failures.onFailure(rows, falseProof('receipt', 'RECEIPT_INVALID'));
    }
    return failures.onFailure(rows, unreadable);
  };

  const tellWaiters = (results: readonly CheckedResult[]): void => {
    for (const { row, result } of results) {
      const { outcome } = result.result;
      if (outcome === 'deferred' || outcome === 'blocked') waiters.giveUp('OUTCOME_UNKNOWN', row.commandId);
      else if (outcome === 'invalid') waiters.tell(row.commandId, fail('REGISTRY_REJECTED', { code: result.result.code }));
      else {
        failures.noteStored(row.commandId);
        waiters.tell(row.commandId, succeed(result));
      }
    }
  };

  return {
    store: (rows, batch, what, sentMonoMs, words) => {
      if (batch.kind === 'unreadable') return failures.onFailure(rows, { ...unreadable, code: batch.detail });
      if (batch.kind === 'forged') return onForged(rows, batch.commandId);
      const results = [...batch.results];
      let events: DeskEvent[] | null;
      try {
        events = commit(results, what, sentMonoMs, words);
        if (events === null) return failures.onFailure(rows, falseProof('audit_anchor', 'AUDIT_ANCHOR_INVALID'));
      } catch (error) {
        if (error instanceof StorageFault) throw error;
        // A projection that cannot take one answer must not hold the others; its command is asked again later and keeps its place.
        log.error('sync.projection_failed', error);
        db.transact((tx) => {
          if (words?.anchor !== undefined) keepAnchor(tx, words.anchor);
          if (words?.sealAnchor !== undefined) keepSealAnchor(tx, words.sealAnchor);
        });
        events = storeOneByOne(results, what, sentMonoMs);
      }
      pace.noteSuccess(results.length, exchange.pace()?.batch ?? batchCommands);
      failures.noteProgress();
      for (const event of events) exchange.publish(event);
      tellWaiters(results);
      onStored(rows.length);
      return 'again';
    },
  };
}
