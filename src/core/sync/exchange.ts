import type { DeskEvent } from '../../shared/contract/system.ts';
import type { Clock, Randomness } from '../../shared/platform/ports.ts';
import type { Failure } from '../../shared/platform/result.ts';
import { endpoints, type RegistryInfo } from '../../shared/registry-api/endpoints.ts';
import type { PolicyContent, SignedPolicy } from '../../shared/registry-api/policy.ts';
import type { OfflineLimits } from '../../shared/rules/offline-limits.ts';
import type { DeskIdentity, Log, Projection } from '../desk.ts';
import type { Database } from '../storage/database.ts';
import { StorageFault } from '../storage/failures.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import { classifyReply, falseProof, isSuccess, unreadable, type Verdict } from './classify.ts';
import type { CommandDraft } from '../act/act.ts';
import { createContact, type Contact } from './contact.ts';
import type { Link } from './link.ts';
import { createPacking, type Packing } from './packing.ts';
import { createPolicyKeeper, type PolicyKeeper } from './policy.ts';
import type { AttachmentSource } from './ports.ts';
import { createTrustedTime, type TrustedTime } from './trusted-time.ts';
import { noteStop } from './incidents.ts';
import { createReceiptVerifier, type ReceiptVerifier } from './receipts.ts';
import { getSyncState, saveFrozen, saveRegistryInfo } from './sync-store.ts';
import type { RegistryReply, RegistryRequest, RegistryTransport } from './transport.ts';

export interface ExchangeParts {
  readonly db: Database;
  readonly identity: DeskIdentity;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly transport: RegistryTransport;
  readonly link: Link;
  readonly bootId: string;
  readonly publish: (event: DeskEvent) => void;
  readonly projections: () => readonly Projection[];
  readonly attachments: () => AttachmentSource | null;
  /** Receipts are checked in the call itself and not on the thread pool (simulation). */
  readonly verifyInline?: boolean;
  /** Free space on the disk of the database; left out where it does not matter. */
  readonly freeBytes?: () => number | null;
  /** The limits that hold while the registry has signed none; a benchmark without a registry has its own. */
  readonly defaultLimits?: OfflineLimits;
}

type Pace = Pick<PolicyContent, 'batch' | 'poll_s' | 'reconnect_spread_s' | 'min_app'>;

export interface Known {
  readonly info: RegistryInfo;
  readonly verifier: ReceiptVerifier;
}

/** What push, pull and upload share: one door to the registry, its key, the freeze, and the measured clock. */
export interface Exchange extends ExchangeParts {
  /** Sends and tells the link what became of it. */
  send(request: RegistryRequest): Promise<RegistryReply>;
  readonly breaker: Breaker;
  readonly packing: Packing;
  readonly policy: PolicyKeeper;
  readonly contact: Contact;
  /** How fast the registry wants to be asked: by its signed policy, else by what it says. */
  pace(): Pace | null;
  /** A policy that came beside an answer. One that the known key did not sign asks for the registry's description anew, which decides. */
  takePolicy(policy: SignedPolicy): void;
  /** True when requests may leave. After a rest one small question, shared by all who ask, decides. */
  passBreaker(): Promise<boolean>;
  /** The registry's own description, asked once for each start of the program and again after `forgetInfo`. */
  getInfo(): Promise<Known | Verdict>;
  forgetInfo(): void;
  knownInfo(): RegistryInfo | null;
  freeze(verdict: Pick<Verdict, 'action' | 'code'>): void;
  /** Null when not frozen. */
  frozen(): { readonly code: string; readonly mayRetry: boolean } | null;
  unfreeze(): void;
  noteServerTime(serverTimeMs: number, sentMonoMs: number): void;
  readonly time: TrustedTime;
  /** The registry's time as far as it is known. */
  trustedNowMs(): number;
  /** Why these commands may not be made now; null while they may. Urgent ones always may. */
  findStop(drafts: readonly Pick<CommandDraft, 'kind' | 'lane'>[]): Failure | null;
  deskEpoch(): number;
  /** Ends every timer. */
  stop(): void;
}

export const jsonLimitBytes = 8 * 1024 * 1024;
export const requestTimeoutMs = 15_000;
/** A connection that was begun before the last answer may be refused so much later, and a question that was asked since may have waited for it. */
const lateHandshakeMs = 2000;
const keepAgainMs = 5000;

export function createExchange(parts: ExchangeParts): Exchange {
  const { db, clock, link } = parts;
  const stored = getSyncState(db);
  const breaker = createBreaker(clock, parts.random);
  const policy = createPolicyKeeper(db, clock, parts.defaultLimits);
  const contact = createContact({ db, clock, policy, isLinked: () => link.isOnline(), freeBytes: parts.freeBytes ?? (() => null) });
  if (policy.wasTampered()) parts.log.warn('sync.policy_tampered');
  let known: Known | null = null;
  let probe: Promise<Known | Verdict> | null = null;
  const time = createTrustedTime({
    db,
    clock,
    identity: parts.identity,
    bootId: parts.bootId,
    log: parts.log,
    deskEpoch: stored.deskEpoch,
    stored,
    onEvent: () => {
      parts.publish({ type: 'incident.changed' });
    },
  });
  let frozen: { readonly code: string; readonly mayRetry: boolean } | null = null;
  if (stored.frozenCode !== '') {
    frozen = { code: stored.frozenCode, mayRetry: false };
    link.freeze(stored.frozenCode);
  }

  /** When the last answer of the registry itself came; monotonic. */
  let answeredMonoMs = Number.NEGATIVE_INFINITY;
  const send = async (request: RegistryRequest): Promise<RegistryReply> => {
    const sentMonoMs = clock.monotonicMs();
    const reply = await parts.transport.send(request);
    if (reply.kind === 'failed') {
      // Who was at the other end of that handshake is not there any more: no reason to stop, and the question is asked again.
      const isLate = answeredMonoMs > sentMonoMs || clock.monotonicMs() - answeredMonoMs < lateHandshakeMs;
      if (reply.reason === 'tls' && isLate && frozen === null) return { ...reply, reason: 'reset' };
      if (reply.reason === 'tls' || reply.reason === 'aborted' || reply.reason === 'too_large') return reply;
      breaker.noteFailure();
      link.noteFailure(reply.reason.toUpperCase());
      return reply;
    }
    const verdict = isSuccess(reply) ? null : classifyReply(reply, exchange.trustedNowMs());
    if (verdict?.isFromNobody === true) breaker.noteFailure();
    else {
      breaker.noteAnswer();
      answeredMonoMs = clock.monotonicMs();
    }
    link.noteAnswer(verdict?.code ?? 'OK');
    if (verdict === null) contact.noteAccepted();
    return reply;
  };

  const askInfo = async (): Promise<Known | Verdict> => {
    const sentMonoMs = clock.monotonicMs();
    const reply = await send({ method: 'GET', path: endpoints.registry.path, timeoutMs: requestTimeoutMs, maxAnswerBytes: 64 * 1024 });
    if (!isSuccess(reply)) return classifyReply(reply, exchange.trustedNowMs());
    const info = endpoints.registry.answer.safeParse(parseJson(reply.body));
    if (!info.success) {
      link.noteAnswer(unreadable.code);
      return unreadable;
    }
    exchange.noteServerTime(info.data.server_time_ms, sentMonoMs);
    try {
      known = { info: info.data, verifier: createReceiptVerifier(info.data.receipt_key, parts.identity.deskId, parts.verifyInline) };
    } catch {
      return unreadable;
    }
    if ('sig' in info.data.policy && policy.offer(info.data.policy, info.data.receipt_key) === 'false') {
      known = null;
      return falseProof('policy', 'POLICY_INVALID');
    }
    db.transact((tx) => {
      saveRegistryInfo(tx, info.data);
    });
    return known;
  };

  /** Only what a person has to clear outlives the program; a refused desk tries again after a restart. A disk that does not take it is tried again. */
  let cancelKeep: (() => void) | null = null;
  const keepFrozen = (stop: { readonly code: string }): void => {
    if (frozen !== stop) return;
    try {
      db.transact((tx) => {
        saveFrozen(tx, stop.code, clock.nowMs());
        noteStop(tx, exchange, stop.code);
      });
      parts.publish({ type: 'incident.changed' });
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error;
      parts.log.error('sync.freeze_not_kept', error);
      cancelKeep = clock.schedule(keepAgainMs, () => keepFrozen(stop));
    }
  };

  const exchange: Exchange = {
    ...parts,
    send,
    breaker,
    packing: createPacking(),
    policy,
    contact,
    pace: () => policy.signed() ?? exchange.knownInfo()?.policy ?? null,
    takePolicy: (offered) => {
      const key = exchange.knownInfo()?.receipt_key;
      if (key === undefined || policy.offer(offered, key) !== 'false') return;
      parts.log.warn('sync.policy_unknown_key');
      known = null;
    },
    async passBreaker() {
      if (breaker.state() === 'open') return false;
      if (breaker.state() === 'closed') return true;
      probe ??= askInfo().finally(() => {
        probe = null;
      });
      await probe;
      return breaker.state() === 'closed';
    },
    getInfo: async () => known ?? (await askInfo()),
    forgetInfo: () => {
      known = null;
    },
    knownInfo: () => known?.info ?? getSyncState(db).info,
    freeze(verdict) {
      frozen = { code: verdict.code, mayRetry: verdict.action === 'freeze' };
      // People are told whatever the disk does: a desk that stands still and says it is linked would be the worst of all.
      link.freeze(verdict.code);
      parts.log.warn('sync.frozen', { code: verdict.code });
      if (!frozen.mayRetry) keepFrozen(frozen);
    },
    frozen: () => frozen,
    unfreeze() {
      if (frozen === null) return;
      db.transact((tx) => saveFrozen(tx, '', null));
      frozen = null;
      known = null;
      link.unfreeze();
    },
    noteServerTime: (serverTimeMs, sentMonoMs) => {
      time.noteServerTime(serverTimeMs, sentMonoMs);
    },
    time,
    trustedNowMs: () => clock.nowMs() + (time.estimate()?.offsetMs ?? 0),
    findStop: (drafts) => {
      const normal = drafts.filter(({ lane }) => lane !== 'urgent');
      return normal.length === 0 ? null : (time.findStop(normal.map(({ kind }) => kind)) ?? contact.findStop());
    },
    stop() {
      cancelKeep?.();
      contact.stop();
      time.stop();
    },
    deskEpoch: () => Number(db.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1),
  };
  return exchange;
}

/** The value of a JSON body, or undefined when it is none. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}
