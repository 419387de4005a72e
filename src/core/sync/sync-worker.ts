import type { LinkState, QueueState } from '../../shared/contract/system.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import type { SignedPolicy } from '../../shared/registry-api/policy.ts';
import { commandResultSchema, type CommandResult } from '../../shared/registry-api/envelope.ts';
import type { OfflineLimits, OfflineUse, OfflineVerdict } from '../../shared/rules/offline-limits.ts';
import type { Projection, SyncPort } from '../desk.ts';
import { createExchange, type Exchange, type ExchangeParts } from './exchange.ts';
import { createLink } from './link.ts';
import type { AttachmentSource } from './ports.ts';
import type { ClockEvent } from './trusted-time.ts';
import { createPuller } from './pull.ts';
import { countHealed, countPlaces, findPlaceProof } from './heal-store.ts';
import { createPlaceProof, type Reconciliation } from './place-proof.ts';
import type { Verdict } from './classify.ts';
import { createPusher } from './push.ts';
import type { Reader, Tx } from '../storage/database.ts';
import { findConflict, letTheirsStand, type StoredConflict } from './conflicts.ts';
import { splitAggregate } from './outcomes.ts';
import { getQueueCounts, getSyncState, listQueuePage, reopen, type DrainSummary, type PageRow } from './sync-store.ts';

/** What the sync page shows. */
export interface SyncPage {
  readonly link: LinkState;
  readonly queue: QueueState;
  readonly clock: {
    readonly offsetMs: number | null;
    readonly errorMs: number | null;
    readonly events: ClockEvent[];
    readonly unseen: number;
  };
  /** The desk's places in the registry's sequence: taken here, still open, proven there; and what had to go again. */
  readonly places: {
    readonly taken: number;
    readonly open: number;
    readonly proven: number;
    readonly checkedAtMs: number | null;
    readonly sentAgain: number;
    readonly different: number;
  };
  readonly limits: { readonly level: OfflineVerdict['level']; readonly uses: OfflineUse[] };
  readonly policy: (OfflineLimits & { readonly version: number; readonly validUntilMs: number }) | null;
  readonly nextTryAtMs: number | null;
  readonly rows: PageRow[];
  readonly lastDrain: DrainSummary | null;
}

export interface SyncWorker extends SyncPort {
  /** Begins the exchange; the features' projections are known by now. */
  start(features: { readonly projections: readonly Projection[]; readonly attachments?: AttachmentSource }): void;
  /** Ends it; a request in flight is abandoned and asked again after the next start. */
  stop(): Promise<void>;
  page(): SyncPage;
  /** Resets the backoff, tries now and answers when the try has come to rest. */
  sendNow(): Promise<void>;
  /** Looks now whether every place of this desk stands at the registry; null when there is nothing to look for, or no link. */
  prove(): Promise<Reconciliation | Verdict | null>;
  /** Puts a command that was set aside back into its place. */
  /** A supervisor has read what became of the clock; answers how many events were new to him. */
  markClockSeen(tx: Tx, byName: string): number;
  findConflict(db: Reader, commandId: string): StoredConflict | undefined;
  letTheirsStand(tx: Tx, commandId: string, byCommandId: string): boolean;
  reopen(tx: Tx, commandId: string): { readonly kind: string; readonly applicationId: string } | undefined;
  /** A hint after a commit that queued something. */
  noteQueued(): void;
  clockOffsetMs(): number | null;
  /** Shared with the registry client: what its calls meet is news about the link as well. */
  readonly exchange: Exchange;
}

/** How often a refused desk looks whether it is let in again. */
const frozenRetryMs = 15_000;
const queueEventDelayMs = 50;
/** Counting walks along the whole queue: no more than such a part of the time goes into it, unless the screen would wait for too long. */
const countingShare = 0.02;
const longestEventDelayMs = 500;
const kickDelayMs = 5;
const proveEveryMs = 60_000;
const rejectedShownMs = 7 * 24 * 60 * 60 * 1000;

export function createSyncWorker(parts: Omit<ExchangeParts, 'link' | 'projections' | 'attachments'>): SyncWorker {
  const { db, clock } = parts;
  let projections: readonly Projection[] = [];
  let attachments: AttachmentSource | null = null;
  let isRunning = false;
  /** Asked anew after a wait, in which it may have been stopped. */
  const runs = (): boolean => isRunning;
  let cancelQueueEvent: (() => void) | null = null;
  let cancelFrozenRetry: (() => void) | null = null;
  let cancelKick: (() => void) | null = null;
  let cancelProof: (() => void) | null = null;

  const link = createLink({
    clock,
    transport: parts.transport,
    onChange: (state, before) => {
      parts.publish({ type: 'link.changed', link: state });
      // A link that was gone undoes the waits, and so does the first answer after a start that found some from the life before: what they waited for is there.
      if (state.state === 'online' && isRunning) onOnline(before !== 'checking' || getSyncState(db).attempt > 0);
      if (state.state === 'frozen') scheduleFrozenRetry();
    },
  });
  const exchange = createExchange({ ...parts, link, projections: () => projections, attachments: () => attachments });
  const queue = (): QueueState => ({
    ...getQueueCounts(db),
    attachmentsBytes: (attachments?.listPending() ?? []).reduce((sum, { sizeBytes, sentBytes }) => sum + sizeBytes - sentBytes, 0),
  });
  let countedMs = 0;
  const announceQueue = (): void => {
    cancelQueueEvent ??= clock.schedule(Math.min(Math.max(queueEventDelayMs, countedMs / countingShare), longestEventDelayMs), () => {
      cancelQueueEvent = null;
      if (!isRunning) return;
      const fromMs = clock.monotonicMs();
      const counts = queue();
      countedMs = clock.monotonicMs() - fromMs;
      parts.publish({ type: 'queue.changed', queue: counts });
    });
  };
  const pusher = createPusher(exchange, announceQueue);
  const proof = createPlaceProof(exchange);
  const puller = createPuller(exchange, proof, () => {
    announceQueue();
    pusher.retryNow('reconnect');
  });
  let lastProven = '';
  /** At rest, what was answered since the last look is looked for in the registry's own list. */
  const prove = async (): Promise<Reconciliation | Verdict | null> => {
    if (!isRunning || exchange.frozen() !== null || !link.isOnline() || getQueueCounts(db).queued > 0) return null;
    const { taken, open } = countPlaces(db, exchange.deskEpoch());
    const rest = `${taken} ${open}`;
    if (taken === 0 || rest === lastProven || findPlaceProof(db, exchange.deskEpoch())?.provenSeq === taken) return null;
    const found = await proof.run('new');
    if ('reopened' in found) lastProven = rest;
    if ('reopened' in found && found.reopened > 0 && runs()) pusher.kick();
    return found;
  };
  const scheduleProof = (): void => {
    cancelProof = clock.schedule(proveEveryMs, () => {
      scheduleProof();
      void prove().catch((error: unknown) => {
        parts.log.error('sync.proof_failed', error);
      });
    });
  };

  const onOnline = (wasGone: boolean): void => {
    if (wasGone) pusher.retryNow('reconnect');
    else pusher.kick();
    puller.wake('reconnect');
  };
  link.onBack(() => {
    pusher.retryNow('reconnect');
    puller.wake('reconnect');
  });

  /** Hoisted: a freeze that was stored is found while the exchange is being made. */
  function scheduleFrozenRetry(): void {
    if (cancelFrozenRetry !== null) return;
    cancelFrozenRetry = clock.schedule(frozenRetryMs, () => {
      cancelFrozenRetry = null;
      void lookAgain();
    });
  }
  const lookAgain = async (): Promise<void> => {
    const frozen = exchange.frozen();
    if (frozen?.mayRetry !== true || !isRunning) return;
    exchange.forgetInfo();
    const known = await exchange.getInfo();
    if ('info' in known) {
      exchange.unfreeze();
      link.noteAnswer('OK');
    } else {
      if (known.action === 'freeze' || known.action === 'freeze_until_told') exchange.freeze(known);
      scheduleFrozenRetry();
    }
  };

  const findSettled = (commandId: string): Result<CommandResult, Failure> | null => {
    const row = db.get('SELECT state, last_answer FROM intents WHERE command_id = @commandId', { commandId });
    if (row === undefined) throw new Error('settleIntent for an intent that was never written');
    if (row['state'] === 0) return null;
    const receipt = db.get('SELECT result, receipt FROM receipts WHERE command_id = @commandId', { commandId });
    if (receipt === undefined) return fail('REGISTRY_REJECTED', { code: String(row['last_answer']) });
    return succeed(
      commandResultSchema.parse({
        command_id: commandId,
        result: JSON.parse(String(receipt['result'])) as unknown,
        receipt: JSON.parse(String(receipt['receipt'])) as unknown,
      }),
    );
  };

  return {
    exchange,
    link: () => link.state(),
    queue,
    start(features) {
      projections = features.projections;
      attachments = features.attachments ?? null;
      isRunning = true;
      puller.start();
      scheduleProof();
      pusher.kick();
    },
    limits: () => exchange.contact.verdict(),
    async stop() {
      isRunning = false;
      exchange.stop();
      link.stop();
      puller.stop();
      pusher.stop();
      cancelQueueEvent?.();
      cancelProof?.();
      cancelFrozenRetry?.();
      cancelKick?.();
      await parts.transport.close();
    },
    async settleIntent(commandId) {
      const settled = findSettled(commandId);
      if (settled !== null) return settled;
      if (exchange.frozen() !== null) return fail('SYNC_FROZEN', { code: exchange.frozen()?.code ?? '' });
      const outcome = pusher.waitFor(commandId);
      pusher.retryIntent(commandId);
      const answer = await outcome;
      return findSettled(commandId) ?? answer;
    },
    wake(resetBackoff) {
      if (resetBackoff) pusher.retryNow('asked');
      else pusher.kick();
    },
    async sendNow() {
      // What is still under way from before must not freeze the desk again.
      if (exchange.frozen() !== null) await pusher.whenIdle();
      exchange.unfreeze();
      pusher.retryNow('asked');
      puller.wake('asked');
      await pusher.whenIdle();
    },
    prove,
    findConflict,
    letTheirsStand,
    markClockSeen: (tx, byName) => exchange.time.markSeen(tx, byName),
    clockAlerts: () => exchange.time.countUnseen(),
    reopen(tx, commandId) {
      const reopened = reopen(tx, commandId);
      if (reopened === undefined) return undefined;
      const { type, key } = splitAggregate(reopened.aggregate);
      return { kind: reopened.kind, applicationId: type === 'application' ? key : '' };
    },
    noteQueued() {
      announceQueue();
      // After the act has been answered, and once for several.
      cancelKick ??= clock.schedule(kickDelayMs, () => {
        cancelKick = null;
        if (isRunning) pusher.kick();
      });
    },
    page: () => ({
      link: link.state(),
      queue: queue(),
      clock: {
        ...(exchange.time.estimate() ?? { offsetMs: null, errorMs: null }),
        events: exchange.time.listEvents(),
        unseen: exchange.time.countUnseen(),
      },
      places: {
        ...countPlaces(db, exchange.deskEpoch()),
        proven: findPlaceProof(db, exchange.deskEpoch())?.provenSeq ?? 0,
        checkedAtMs: findPlaceProof(db, exchange.deskEpoch())?.checkedAtMs ?? null,
        ...countHealed(db),
      },
      limits: { ...exchange.contact.verdict(), uses: [...exchange.contact.verdict().uses] },
      policy: policyFacts(exchange.policy.signed()),
      nextTryAtMs: pusher.nextTryAtMs(),
      rows: listQueuePage(db, clock.nowMs() - rejectedShownMs),
      lastDrain: getSyncState(db).lastDrain,
    }),
    clockOffsetMs: () => exchange.time.estimate()?.offsetMs ?? null,
  };
}

function policyFacts(signed: SignedPolicy | null): SyncPage['policy'] {
  if (signed === null) return null;
  const { version, valid_until_ms: validUntilMs, maxOfflineHours, maxOfflineCommands, minFreeBytes } = signed;
  return { version, validUntilMs, maxOfflineHours, maxOfflineCommands, minFreeBytes };
}
