import { fail } from '../../shared/platform/result.ts';
import type { CommandResult } from '../../shared/registry-api/envelope.ts';
import type { DeskEvent } from '../../shared/contract/system.ts';
import type { Projection } from '../desk.ts';
import { StorageFault } from '../storage/failures.ts';
import { fullJitterMs } from './backoff.ts';
import type { Verdict } from './classify.ts';
import type { Exchange } from './exchange.ts';
import type { Pace } from './pace.ts';
import { tellProjections } from './outcomes.ts';
import { createPoisonWatch } from './poison.ts';
import { commandStates, postpone, settle, type QueueRow } from './sync-store.ts';
import type { Waiters } from './waiters.ts';

/** `again`: look for the next thing to send at once; `rest`: the drain ends until its next time. */
export type Step = 'again' | 'rest';

export interface FailureDesk {
  /** What to do when a request about `rows` did not bring answers. No path out of here deletes a command. */
  onFailure(rows: readonly QueueRow[], verdict: Verdict): Step;
  /** Something got through. */
  noteProgress(): void;
  noteStored(commandId: string): void;
  /** One command waits by itself; the others go on. */
  postponeAlone(row: QueueRow, waitMs: number, answer: string): void;
  /** The registry said that this program is too old: nothing is pushed until the next start or a person's wish. */
  isTooOld(): boolean;
  forget(): void;
}

const shortWaitMs = 1000;
/** So many server errors without any success between them are no longer the fault of one command. */
const longestStreak = 7;

export function createFailureDesk(exchange: Exchange, pace: Pace, waiters: Waiters, onQueueChanged: () => void): FailureDesk {
  const { clock, db, random, log } = exchange;
  const poison = createPoisonWatch();
  let streak = 0;
  let isTooOld = false;

  const park = (row: QueueRow, code: string): void => {
    // The case must not go on saying "queued": it asks for a person, like a command that the registry could not read.
    const result: CommandResult = { command_id: row.commandId, result: { outcome: 'invalid', code }, receipt: null };
    const setAside = (projections: readonly Projection[]): DeskEvent[] =>
      db.transact((tx) => {
        const isNew = settle(tx, row, { state: commandStates.parked, atMs: clock.nowMs(), answer: code, conflictRev: null });
        return isNew ? tellProjections(tx, projections, row, result) : [];
      });
    let events: DeskEvent[];
    try {
      events = setAside(exchange.projections());
    } catch (error) {
      if (error instanceof StorageFault) throw error;
      // A projection that cannot take it must not keep the command at the head of the queue.
      log.error('sync.projection_failed', error);
      events = setAside([]);
    }
    for (const event of events) exchange.publish(event);
    log.warn('sync.parked', { commandId: row.commandId, kind: row.kind, code });
    waiters.tell(row.commandId, fail('REGISTRY_REJECTED', { code }));
    onQueueChanged();
  };
  /** A refusal without a receipt proves nothing: the command is held where a person sees it, and can be sent again. */
  const hold = (row: QueueRow, code: string): void => {
    db.transact((tx) => settle(tx, row, { state: commandStates.conflict, atMs: clock.nowMs(), answer: code, conflictRev: 0 }));
    onQueueChanged();
  };
  const postponeAlone = (row: QueueRow, waitMs: number, answer: string): void => {
    db.transact((tx) => postpone(tx, row, { notBeforeMs: exchange.time.steadyNowMs() + waitMs, answer }));
    waiters.giveUp('OUTCOME_UNKNOWN', row.commandId);
  };
  const backOff = (): Step => {
    pace.backOff();
    waiters.giveUp('OUTCOME_UNKNOWN');
    return 'rest';
  };

  /** A 5xx may be the fault of one command: the batch is halved until it stands alone, then it waits by itself and the others go on. */
  const onServerError = (rows: readonly QueueRow[], verdict: Verdict): Step => {
    streak += 1;
    const [only] = rows;
    if (rows.length > 1 || only === undefined) pace.halve(rows.length);
    else if (poison.noteServerError(only.commandId)) park(only, verdict.code);
    else postponeAlone(only, fullJitterMs(only.attempts + 1, random.fraction()), verdict.code);
    return streak <= longestStreak && pace.mayRetryAtOnce() ? 'again' : backOff();
  };

  return {
    onFailure: (rows, verdict) => {
      const [only] = rows.length === 1 ? rows : [];
      switch (verdict.action) {
        case 'freeze':
        case 'freeze_until_told':
          exchange.freeze(verdict);
          waiters.giveUp('SYNC_FROZEN');
          return 'rest';
        case 'stop_push':
          isTooOld = true;
          log.warn('sync.too_old', { code: verdict.code });
          waiters.giveUp('REGISTRY_REFUSED_DESK');
          return 'rest';
        case 'shrink':
        case 'park':
        case 'conflict':
          if (rows.length > 1) pace.halve(rows.length);
          else if (only === undefined || (verdict.action === 'conflict' && only.table === 'intents')) return backOff();
          else if (verdict.action === 'conflict') hold(only, verdict.code);
          else park(only, verdict.code);
          return 'again';
        case 'wait':
          pace.yieldTo(verdict.retryAfterMs);
          waiters.giveUp('OUTCOME_UNKNOWN');
          return 'rest';
        case 'wait_short':
          pace.rest(shortWaitMs);
          return 'rest';
        case 'retry':
        case 'resync':
        case 'settle':
        case 'stop_storage':
          return verdict.isServerError && rows.length > 0 ? onServerError(rows, verdict) : backOff();
      }
    },
    noteProgress: () => {
      streak = 0;
    },
    noteStored: (commandId) => {
      poison.noteSuccess(commandId);
    },
    postponeAlone,
    isTooOld: () => isTooOld,
    forget: () => {
      streak = 0;
      isTooOld = false;
    },
  };
}
