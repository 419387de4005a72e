import type { DeskEvent } from '../../shared/contract/system.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { endpoints } from '../../shared/registry-api/endpoints.ts';
import type { CommandResult } from '../../shared/registry-api/envelope.ts';
import { busyWaitMs, fullJitterMs } from './backoff.ts';
import { classifyReply, falseProof, isSuccess, unreadable, type Verdict } from './classify.ts';
import { jsonLimitBytes, parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';
import { StorageFault } from '../storage/failures.ts';
import { checkResults, storeResults, type CheckedBatch, type CheckedResult } from './outcomes.ts';
import { createPoisonWatch } from './poison.ts';
import type { ReceiptVerifier } from './receipts.ts';
import {
  clearIntentWait,
  clearWaits,
  commandStates,
  findNextDueMs,
  findSendableIntent,
  getSyncState,
  listSendable,
  noteAttempt,
  postpone,
  saveBackoff,
  saveLastDrain,
  settle,
  type QueueRow,
} from './sync-store.ts';
import type { RegistryReply } from './transport.ts';
import { createUploader } from './uploads.ts';

export interface Pusher {
  /** Something may be sendable. */
  kick(): void;
  /** Forgets the common wait and that of one intent, and tries now. */
  retryIntent(commandId: string): void;
  /**
   * Forgets the waits and tries now. On a reconnect the normal lane is spread as the registry's policy asks, and a wait that the registry
   * itself asked for stands; a person who asks overrides both.
   */
  retryNow(cause: 'reconnect' | 'asked'): void;
  /** Resolves with the recorded outcome, or with why it is not known. */
  waitFor(commandId: string): Promise<Result<CommandResult, Failure>>;
  /** Resolves when the present drain has come to rest. */
  whenIdle(): Promise<void>;
  nextTryAtMs(): number | null;
  stop(): void;
}

const batchCommands = 50;
const batchBytes = 256 * 1024;
/** An operator does not wait longer than this for the outcome of an online act. */
const longestWaitMs = 45_000;
const shortWaitMs = 1000;

type Step = 'again' | 'rest';
interface Flight {
  readonly rows: readonly QueueRow[];
  readonly sentAtMs: number;
  readonly reply: Promise<RegistryReply>;
}

/**
 * Empties the queue: urgent commands, the intent somebody waits for, batches of the outbox, other intents, then attachments piece by piece.
 * One request is in flight; what is in flight is known in memory only. Every failure but a final refusal keeps the command.
 */
export function createPusher(exchange: Exchange, onQueueChanged: () => void): Pusher {
  const { clock, db, random, log } = exchange;
  const uploader = createUploader(exchange);
  const poison = createPoisonWatch();
  const waiters = new Map<string, ((outcome: Result<CommandResult, Failure>) => void)[]>();
  const idleListeners: (() => void)[] = [];
  let { attempt, notBeforeMs } = getSyncState(db);
  let normalNotBeforeMs = 0;
  let busyUntilMs = 0;
  let batchLimit = batchCommands;
  let serverErrorStreak = 0;
  let isTooOld = false;
  let isDraining = false;
  let isKicked = false;
  let isStopped = false;
  let cancelTimer: (() => void) | null = null;
  let sent = { commands: 0, sinceMs: 0 };

  const giveUpWaiting = (code: string, commandId?: string): void => {
    for (const [id, resolvers] of [...waiters]) {
      if (commandId !== undefined && id !== commandId) continue;
      waiters.delete(id);
      for (const resolve of resolvers) resolve(fail(code, {}, true));
    }
  };
  const tellWaiters = (commandId: string, outcome: Result<CommandResult, Failure>): void => {
    const resolvers = waiters.get(commandId) ?? [];
    waiters.delete(commandId);
    for (const resolve of resolvers) resolve(outcome);
  };

  const backOff = (waitMs: number): void => {
    notBeforeMs = clock.nowMs() + Math.round(waitMs);
    db.transact((tx) => saveBackoff(tx, attempt, notBeforeMs));
  };

  /** What to do when a request about `rows` did not bring answers. */
  const onFailure = (rows: readonly QueueRow[], verdict: Verdict): Step => {
    const [only] = rows.length === 1 ? rows : [];
    switch (verdict.action) {
      case 'freeze':
      case 'freeze_until_told':
        exchange.freeze(verdict);
        giveUpWaiting('SYNC_FROZEN');
        return 'rest';
      case 'stop_push':
        isTooOld = true;
        log.warn('sync.too_old', { code: verdict.code });
        giveUpWaiting('REGISTRY_REFUSED_DESK');
        return 'rest';
      case 'shrink':
      case 'park':
        if (rows.length > 1) {
          batchLimit = Math.max(1, Math.floor(rows.length / 2));
          return 'again';
        }
        if (only !== undefined) park(only, verdict.code);
        return 'again';
      case 'wait':
        attempt += 1;
        batchLimit = Math.max(1, Math.floor(batchLimit / 2));
        backOff(busyWaitMs(attempt, random.fraction(), verdict.retryAfterMs));
        busyUntilMs = notBeforeMs;
        giveUpWaiting('OUTCOME_UNKNOWN');
        return 'rest';
      case 'wait_short':
        backOff(shortWaitMs);
        return 'rest';
      default:
        break;
    }
    if (verdict.isServerError && rows.length > 0) return onServerError(rows, only, verdict);
    attempt += 1;
    backOff(fullJitterMs(attempt, random.fraction()));
    giveUpWaiting('OUTCOME_UNKNOWN');
    return 'rest';
  };

  /** A 5xx may be the fault of one command: the batch is halved until it stands alone, then it waits by itself and the others go on. */
  const onServerError = (rows: readonly QueueRow[], only: QueueRow | undefined, verdict: Verdict): Step => {
    serverErrorStreak += 1;
    if (only === undefined) batchLimit = Math.max(1, Math.floor(rows.length / 2));
    else if (poison.noteServerError(only.commandId)) park(only, verdict.code);
    else {
      const waitMs = fullJitterMs(only.attempts + 1, random.fraction());
      db.transact((tx) => postpone(tx, only, { notBeforeMs: clock.nowMs() + waitMs, answer: verdict.code }));
      giveUpWaiting('OUTCOME_UNKNOWN', only.commandId);
    }
    if (serverErrorStreak <= 7) return 'again';
    // Nothing at all gets through: this is no single command.
    attempt += 1;
    backOff(fullJitterMs(attempt, random.fraction()));
    giveUpWaiting('OUTCOME_UNKNOWN');
    return 'rest';
  };

  const park = (row: QueueRow, code: string): void => {
    db.transact((tx) => settle(tx, row, { state: commandStates.parked, atMs: clock.nowMs(), answer: code, conflictRev: null }));
    log.warn('sync.parked', { commandId: row.commandId, kind: row.kind, code });
    tellWaiters(row.commandId, fail('REGISTRY_REJECTED', { code }));
    onQueueChanged();
  };

  const note = (what: string, rows: readonly QueueRow[], reply: RegistryReply, outcome: string, sentAtMs: number): void => {
    const http = reply.kind === 'answer' ? reply.status : null;
    db.transact((tx) => noteAttempt(tx, { atMs: clock.nowMs(), what, commands: rows.length, outcome, http, tookMs: clock.nowMs() - sentAtMs }));
  };

  const commit = (results: readonly CheckedResult[], what: string, sentAtMs: number): DeskEvent[] =>
    db.transact((tx) => {
      const told = storeResults(tx, exchange, results);
      noteAttempt(tx, { atMs: clock.nowMs(), what, commands: results.length, outcome: 'OK', http: 200, tookMs: clock.nowMs() - sentAtMs });
      if (attempt !== 0 || notBeforeMs !== 0) saveBackoff(tx, 0, 0);
      return told;
    });

  /** Leaves in `results` only what could be stored. */
  const storeOneByOne = (results: CheckedResult[], what: string, sentAtMs: number): DeskEvent[] => {
    const events: DeskEvent[] = [];
    for (const result of results.splice(0)) {
      try {
        events.push(...commit([result], what, sentAtMs));
        results.push(result);
      } catch (error) {
        if (error instanceof StorageFault) throw error;
        const waitMs = fullJitterMs(result.row.attempts + 3, random.fraction()) + shortWaitMs;
        db.transact((tx) => postpone(tx, result.row, { notBeforeMs: clock.nowMs() + waitMs, answer: 'PROJECTION_FAILED' }));
        giveUpWaiting('OUTCOME_UNKNOWN', result.row.commandId);
      }
    }
    return events;
  };

  const store = (rows: readonly QueueRow[], batch: CheckedBatch, what: string, sentAtMs: number): Step | Promise<Step> => {
    if (batch.kind === 'unreadable') return onFailure(rows, { ...unreadable, code: batch.detail });
    if (batch.kind === 'forged') return onForged(rows, batch.commandId);
    const results = [...batch.results];
    let events: DeskEvent[];
    try {
      events = commit(results, what, sentAtMs);
    } catch (error) {
      if (error instanceof StorageFault) throw error;
      // A projection that cannot take one answer must not hold the others; its command is asked again later and keeps its place.
      log.error('sync.projection_failed', error);
      events = storeOneByOne(results, what, sentAtMs);
    }
    attempt = 0;
    notBeforeMs = 0;
    serverErrorStreak = 0;
    sent.commands += rows.length;
    batchLimit = Math.min(exchange.knownInfo()?.policy.batch ?? batchCommands, batchLimit * 2);
    for (const event of events) exchange.publish(event);
    for (const { row, result } of results) {
      const { outcome } = result.result;
      if (outcome === 'deferred' || outcome === 'blocked') giveUpWaiting('OUTCOME_UNKNOWN', row.commandId);
      else if (outcome === 'invalid') tellWaiters(row.commandId, fail('REGISTRY_REJECTED', { code: result.result.code }));
      else {
        poison.noteSuccess(row.commandId);
        tellWaiters(row.commandId, succeed(result));
      }
    }
    onQueueChanged();
    return 'again';
  };

  /** The key may have been changed by a new registry; the same key with a wrong signature is a matter of security. */
  const onForged = async (rows: readonly QueueRow[], commandId: string): Promise<Step> => {
    const before = exchange.knownInfo()?.receipt_key;
    exchange.forgetInfo();
    const fresh = await exchange.getInfo();
    if ('info' in fresh && fresh.info.receipt_key === before) {
      log.warn('sync.receipt_forged', { commandId });
      return onFailure(rows, falseProof('receipt', 'RECEIPT_INVALID'));
    }
    return onFailure(rows, unreadable);
  };

  const launch = (rows: readonly QueueRow[]): Flight => ({
    rows,
    sentAtMs: clock.nowMs(),
    reply: exchange.send({
      method: 'POST',
      path: endpoints.pushCommands.path,
      headers: { 'idempotency-key': random.uuid() },
      body: Buffer.concat([batchOpen, ...rows.flatMap((row, index) => (index === 0 ? [row.envelope] : [comma, row.envelope])), batchClose]),
      timeoutMs: requestTimeoutMs + 15_000,
      maxAnswerBytes: jsonLimitBytes,
    }),
  });

  const settleBatch = async ({ rows, sentAtMs }: Flight, reply: RegistryReply, verifier: ReceiptVerifier): Promise<Step> => {
    if (!isSuccess(reply)) {
      const verdict = classifyReply(reply, clock.nowMs());
      note('commands', rows, reply, verdict.code, sentAtMs);
      return onFailure(rows, verdict);
    }
    const body = parseJson(reply.body);
    if (typeof body !== 'object' || body === null || !('results' in body)) return onFailure(rows, unreadable);
    if ('server_time_ms' in body && typeof body.server_time_ms === 'number') exchange.noteServerTime(body.server_time_ms, sentAtMs);
    const batchSignature = 'batch_sig' in body ? body.batch_sig : undefined;
    return store(rows, await checkResults(rows, body.results, verifier, batchSignature), 'commands', sentAtMs);
  };

  /**
   * Batch after batch, one on its way at a time: as soon as an answer is in, the next batch leaves, and the answer is verified and stored
   * meanwhile. The next batch takes nothing of an aggregate whose answers are not stored yet.
   */
  const pushBatches = async (first: readonly QueueRow[], verifier: ReceiptVerifier): Promise<Step> => {
    let flight: Flight | null = launch(first);
    while (flight !== null) {
      const reply: RegistryReply = await flight.reply;
      if (isStopped) return 'rest';
      const ahead: QueueRow[] = isSuccess(reply) && waiters.size === 0 ? listAhead(flight.rows) : [];
      const next: Flight | null = ahead.length > 0 ? launch(ahead) : null;
      const step = await settleBatch(flight, reply, verifier);
      if (step === 'rest' && next !== null) await next.reply;
      if (step === 'rest') return 'rest';
      flight = next;
    }
    return 'again';
  };

  const listAhead = (rows: readonly QueueRow[]): QueueRow[] =>
    listSendable(
      db,
      clock.nowMs(),
      { commands: batchLimit, bytes: batchBytes },
      { seqs: new Set(rows.map((row) => row.seq)), aggregates: new Set(rows.map((row) => row.aggregate)) },
    );

  const pushIntent = async (row: QueueRow, verifier: ReceiptVerifier): Promise<Step> => {
    const sentAtMs = clock.nowMs();
    const reply = await exchange.send({
      method: 'POST',
      path: endpoints.submitIntent.path,
      body: row.envelope,
      timeoutMs: requestTimeoutMs + 15_000,
      maxAnswerBytes: jsonLimitBytes,
    });
    if (!isSuccess(reply)) {
      const verdict = classifyReply(reply, clock.nowMs());
      note('intent', [row], reply, verdict.code, sentAtMs);
      return onFailure([row], verdict);
    }
    return store([row], await checkResults([row], [parseJson(reply.body)], verifier), 'intent', sentAtMs);
  };

  const runStep = async (): Promise<Step> => {
    if (exchange.frozen() !== null) {
      giveUpWaiting('SYNC_FROZEN');
      return 'rest';
    }
    if (isTooOld) {
      giveUpWaiting('REGISTRY_REFUSED_DESK');
      return 'rest';
    }
    const nowMs = clock.nowMs();
    if (nowMs < notBeforeMs) return 'rest';
    const rows = listSendable(db, nowMs, { commands: batchLimit, bytes: batchBytes });
    const intent = findSendableIntent(db, nowMs, new Set(waiters.keys()));
    const isSpreading = nowMs < normalNotBeforeMs;
    const hasWork = rows.length > 0 || intent !== undefined;
    if (!hasWork) {
      const upload = await uploader.step();
      if (upload.kind === 'failed') return onFailure([], upload.verdict);
      if (upload.kind === 'progress') onQueueChanged();
      return upload.kind === 'progress' ? 'again' : 'rest';
    }
    const known = await exchange.getInfo();
    if (!('info' in known)) return onFailure([], known);
    if (rows[0]?.isUrgent === true) return pushBatches(rows, known.verifier);
    if (intent !== undefined && (waiters.has(intent.commandId) || rows.length === 0)) return pushIntent(intent, known.verifier);
    if (isSpreading) return 'rest';
    return pushBatches(rows, known.verifier);
  };

  /** Asked anew after every wait: others change these meanwhile. */
  const isOver = (): boolean => isStopped;
  const wasKicked = (): boolean => isKicked;

  const drain = async (): Promise<void> => {
    if (isDraining || isStopped) {
      isKicked = true;
      return;
    }
    isDraining = true;
    cancelTimer?.();
    cancelTimer = null;
    sent = { commands: 0, sinceMs: clock.nowMs() };
    try {
      do {
        isKicked = false;
        while (!isOver() && (await runStep()) === 'again');
      } while (wasKicked() && !isOver());
    } catch (error) {
      log.error('sync.push_failed', error);
      notBeforeMs = clock.nowMs() + 5000;
    }
    isDraining = false;
    if (isOver()) return;
    finishDrain();
  };

  const finishDrain = (): void => {
    if (sent.commands > 0) {
      const summary = { atMs: clock.nowMs(), commands: sent.commands, tookMs: clock.nowMs() - sent.sinceMs };
      db.transact((tx) => saveLastDrain(tx, summary));
    }
    giveUpWaiting('OUTCOME_UNKNOWN');
    for (const listener of idleListeners.splice(0)) listener();
    const nextMs = nextTryAtMs();
    if (nextMs === null || exchange.frozen() !== null || isTooOld) return;
    cancelTimer = clock.schedule(Math.max(20, nextMs - clock.nowMs()), () => void drain());
  };

  const nextTryAtMs = (): number | null => {
    const nowMs = clock.nowMs();
    const due = findNextDueMs(db, nowMs);
    const hasReady = listSendable(db, nowMs, { commands: 1, bytes: batchBytes }).length > 0 || findSendableIntent(db, nowMs, new Set()) !== undefined;
    const hasUploads = (exchange.attachments()?.listPending().length ?? 0) > 0;
    if (due === null && !hasReady && !hasUploads) return null;
    const readyAtMs = hasReady ? Math.max(nowMs, normalNotBeforeMs) : hasUploads ? nowMs + 60_000 : Infinity;
    return Math.max(notBeforeMs, Math.min(due ?? Infinity, readyAtMs));
  };

  return {
    // While a wait is on, its timer is set already.
    kick: () => {
      if (cancelTimer === null || clock.nowMs() >= notBeforeMs) void drain();
    },
    retryIntent(commandId) {
      notBeforeMs = busyUntilMs > clock.nowMs() ? busyUntilMs : 0;
      db.transact((tx) => clearIntentWait(tx, commandId));
      void drain();
    },
    retryNow(cause) {
      const isReconnect = cause === 'reconnect';
      if (!isReconnect) busyUntilMs = 0;
      notBeforeMs = busyUntilMs > clock.nowMs() ? busyUntilMs : 0;
      attempt = 0;
      serverErrorStreak = 0;
      isTooOld = false;
      const spreadMs = isReconnect ? (exchange.knownInfo()?.policy.reconnect_spread_s ?? 0) * 1000 : 0;
      normalNotBeforeMs = clock.nowMs() + Math.floor(random.fraction() * spreadMs);
      db.transact((tx) => {
        saveBackoff(tx, 0, notBeforeMs);
        clearWaits(tx);
      });
      void drain();
    },
    waitFor: (commandId) =>
      new Promise((resolve) => {
        const cancel = clock.schedule(longestWaitMs, () => giveUpWaiting('OUTCOME_UNKNOWN', commandId));
        const resolvers = waiters.get(commandId) ?? [];
        resolvers.push((outcome) => {
          cancel();
          resolve(outcome);
        });
        waiters.set(commandId, resolvers);
      }),
    whenIdle: () => (isDraining ? new Promise((resolve) => void idleListeners.push(resolve)) : Promise.resolve()),
    nextTryAtMs,
    stop() {
      isStopped = true;
      cancelTimer?.();
      giveUpWaiting('OUTCOME_UNKNOWN');
      for (const listener of idleListeners.splice(0)) listener();
    },
  };
}

const batchOpen = Buffer.from('{"commands":[');
const comma = Buffer.from(',');
const batchClose = Buffer.from(']}');
