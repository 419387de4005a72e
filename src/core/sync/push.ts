import { createAnswerDesk } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { createFailureDesk, type Step } from './failures.ts';
import { createLanes } from './lanes.ts';
import { batchBytes, createPace } from './pace.ts';
import { clearIntentWait, findNextDueMs, findSendableIntent, listSendable, saveLastDrain } from './sync-store.ts';
import { createUploader } from './uploads.ts';
import { createWaiters, type Outcome } from './waiters.ts';

export interface Pusher {
  /** Something may be sendable. */
  kick(): void;
  /** Forgets the common wait and that of one intent, and tries now. */
  retryIntent(commandId: string): void;
  /** Forgets the waits and tries now; see `Pace.reset`. */
  retryNow(cause: 'reconnect' | 'asked'): void;
  /** Resolves with the recorded outcome, or with why it is not known. */
  waitFor(commandId: string): Promise<Outcome>;
  /** Resolves when the present drain has come to rest. */
  whenIdle(): Promise<void>;
  nextTryAtMs(): number | null;
  stop(): void;
}

const afterBugMs = 5000;
const uploadsAgainMs = 60_000;

/**
 * Empties the queue: urgent commands, the intent somebody waits for, batches of the outbox, other intents, then attachments piece by piece.
 * One request is in flight; what is in flight is known in memory only. Every failure but a final refusal keeps the command.
 */
export function createPusher(exchange: Exchange, onQueueChanged: () => void): Pusher {
  const { clock, db, log } = exchange;
  const uploader = createUploader(exchange);
  const waiters = createWaiters(clock);
  const pace = createPace(exchange);
  const failures = createFailureDesk(exchange, pace, waiters, onQueueChanged);
  const answers = createAnswerDesk(exchange, pace, failures, waiters, (commands) => {
    sent.commands += commands;
    onQueueChanged();
  });
  const lanes = createLanes({ exchange, pace, failures, answers, waiters, isStopped: () => isStopped });
  const idleListeners: (() => void)[] = [];
  let isDraining = false;
  let isKicked = false;
  let isStopped = false;
  let cancelTimer: (() => void) | null = null;
  let sent = { commands: 0, sinceMs: 0 };

  /** Asked anew after every wait: others change these meanwhile. */
  const isOver = (): boolean => isStopped;
  const wasKicked = (): boolean => isKicked;

  const runStep = async (): Promise<Step> => {
    if (exchange.frozen() !== null) {
      waiters.giveUp('SYNC_FROZEN');
      return 'rest';
    }
    if (failures.isTooOld()) {
      waiters.giveUp('REGISTRY_REFUSED_DESK');
      return 'rest';
    }
    if (pace.waitMs() > 0) return 'rest';
    const nowMs = exchange.time.steadyNowMs();
    const rows = listSendable(db, nowMs, { commands: pace.batchLimit(), bytes: batchBytes });
    const intent = findSendableIntent(db, nowMs, waiters.awaited());
    const isIdle = rows.length === 0 && intent === undefined;
    if (isIdle && (exchange.attachments()?.listPending().length ?? 0) === 0) return 'rest';
    const mayAsk = await exchange.passBreaker();
    if (isOver()) return 'rest';
    if (!mayAsk) {
      pace.rest(Math.max(1, exchange.breaker.restMs()));
      waiters.giveUp('OUTCOME_UNKNOWN');
      return 'rest';
    }
    if (isIdle) return sendPiece();
    const known = await exchange.getInfo();
    if (isOver()) return 'rest';
    if (!('info' in known)) return failures.onFailure([], known);
    if (rows[0]?.isUrgent === true) return lanes.pushBatches(rows, known.verifier);
    if (intent !== undefined && (waiters.isAwaited(intent.commandId) || rows.length === 0)) return lanes.pushIntent(intent, known.verifier);
    if (pace.spreadMs() > 0) return 'rest';
    return lanes.pushBatches(rows, known.verifier);
  };

  const sendPiece = async (): Promise<Step> => {
    const upload = await uploader.step();
    if (upload.kind === 'failed') return failures.onFailure([], upload.verdict);
    if (upload.kind === 'idle') return 'rest';
    onQueueChanged();
    return 'again';
  };

  const drain = async (): Promise<void> => {
    if (isDraining || isStopped) {
      isKicked = true;
      return;
    }
    isDraining = true;
    cancelTimer?.();
    cancelTimer = null;
    sent = { commands: 0, sinceMs: clock.monotonicMs() };
    try {
      do {
        isKicked = false;
        while (!isOver() && (await runStep()) === 'again');
      } while (wasKicked() && !isOver());
    } catch (error) {
      log.error('sync.push_failed', error);
      if (!isOver()) pace.rest(afterBugMs);
    }
    isDraining = false;
    if (isOver()) return;
    finishDrain();
  };

  const finishDrain = (): void => {
    if (sent.commands > 0) {
      const summary = { atMs: clock.nowMs(), commands: sent.commands, tookMs: Math.round(clock.monotonicMs() - sent.sinceMs) };
      try {
        db.transact((tx) => {
          saveLastDrain(tx, summary);
        });
      } catch (error) {
        // Only a line of the sync page; whoever waits for the end of the drain must hear of it on a full disk too.
        log.error('sync.push_failed', error);
      }
    }
    waiters.giveUp('OUTCOME_UNKNOWN');
    for (const listener of idleListeners.splice(0)) listener();
    const nextMs = nextTryMs();
    if (nextMs === null || exchange.frozen() !== null || failures.isTooOld()) return;
    cancelTimer = clock.schedule(Math.max(20, nextMs - exchange.time.steadyNowMs()), () => void drain());
  };

  /** On the steady clock. */
  const nextTryMs = (): number | null => {
    const nowMs = exchange.time.steadyNowMs();
    const due = findNextDueMs(db, nowMs);
    const hasReady =
      listSendable(db, nowMs, { commands: 1, bytes: batchBytes }).length > 0 || findSendableIntent(db, nowMs, new Set()) !== undefined;
    const hasUploads = (exchange.attachments()?.listPending().length ?? 0) > 0;
    if (due === null && !hasReady && !hasUploads) return null;
    const readyAtMs = nowMs + (hasReady ? pace.spreadMs() : hasUploads ? uploadsAgainMs : Infinity);
    return Math.max(nowMs + pace.waitMs(), Math.min(due ?? Infinity, readyAtMs));
  };

  return {
    // While a wait is on, its timer is set already.
    kick: () => {
      if (cancelTimer === null || pace.waitMs() === 0) void drain();
    },
    retryIntent(commandId) {
      pace.hurry();
      db.transact((tx) => {
        clearIntentWait(tx, commandId);
      });
      void drain();
    },
    retryNow(cause) {
      exchange.breaker.endRest();
      failures.forget();
      pace.reset(cause, cause === 'reconnect' ? (exchange.pace()?.reconnect_spread_s ?? 0) * 1000 : 0);
      void drain();
    },
    waitFor: (commandId) => waiters.waitFor(commandId),
    whenIdle: () => (isDraining ? new Promise((resolve) => void idleListeners.push(resolve)) : Promise.resolve()),
    nextTryAtMs: () => {
      // Stopped until a person does something: there is no next try to name.
      if (exchange.frozen()?.mayRetry === false || failures.isTooOld()) return null;
      const nextMs = nextTryMs();
      return nextMs === null ? null : Math.round(nextMs - exchange.time.steadyNowMs() + clock.nowMs());
    },
    stop() {
      isStopped = true;
      cancelTimer?.();
      waiters.giveUp('OUTCOME_UNKNOWN');
      for (const listener of idleListeners.splice(0)) listener();
    },
  };
}
