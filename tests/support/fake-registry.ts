import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../../src/core/platform/canonical.ts';
import type { RegistryReply, RegistryRequest, RegistryTransport } from '../../src/core/sync/transport.ts';
import type { Clock } from '../../src/shared/platform/ports.ts';
import { auditAnchorText, type AuditAnchor } from '../../src/shared/registry-api/audit-anchor.ts';
import { defaultPolicy, policyText, type PolicyContent, type SignedPolicy } from '../../src/shared/registry-api/policy.ts';
import {
  commandBatchSchema,
  envelopeSchema,
  type CommandOutcome,
  type CommandResult,
  type Envelope,
} from '../../src/shared/registry-api/envelope.ts';

/** What happens to one request on the wire. */
export interface Fate {
  readonly requestDelayMs?: number;
  readonly answerDelayMs?: number;
  /** The request never arrives. */
  readonly isRequestLost?: boolean;
  /** The registry acts on it; the desk hears nothing. */
  readonly isAnswerLost?: boolean;
  /** The same request arrives a second time after so long. */
  readonly duplicateAfterMs?: number;
  /** Answered with this status instead of being read. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer's bytes are spoilt. */
  readonly isAnswerBroken?: boolean;
}

export interface FakeRegistryOptions {
  readonly clock: Clock;
  readonly deskId: string;
  readonly deskPublicKey?: KeyObject;
  /** The registry's own decision on a command it has not seen. Default: applied. */
  readonly decide?: (envelope: Envelope) => CommandOutcome;
  readonly fate?: (request: RegistryRequest) => Fate;
  /** Remembers no command ids: the mutant that the oracles must catch. */
  readonly hasNoMemory?: boolean;
}

export interface FakeRegistry {
  readonly transport: RegistryTransport;
  /** Every effect in the order it happened; a command id twice is a broken promise. */
  readonly effects: { readonly commandId: string; readonly aggregate: string }[];
  readonly results: Map<string, CommandOutcome>;
  readonly requests: { readonly method: string; readonly path: string; readonly atMs: number; readonly commands: number }[];
  setFate(fate: (request: RegistryRequest) => Fate): void;
  setReachable(isReachable: boolean): void;
  /** Adds a change to the feed. */
  publish(change: { entity: string; id: string; rev: number; op?: 'upsert' | 'tombstone'; body?: unknown }): void;
  /** Every page asked with a cursor of before answers 410. */
  expireCursors(): void;
  /** A new incarnation: another epoch, feed kept. */
  restart(): void;
  /** Comes back from an older copy: another epoch, and only the first `commands` commands are known. The feed is what `entities` says. */
  restore(commands: number): void;
  /** Takes a change out of the feed, as if the entity had never been. */
  forget(entity: string, id: string): void;
  /** Signs receipts, policies and anchors with a key that nobody announced. */
  forgeReceipts(isForging: boolean): void;
  /** From now on a signed policy of a higher version stands in every answer. */
  setPolicy(content: Partial<PolicyContent> & { readonly version: number; readonly valid_until_ms?: number }): void;
  /** Countersigns the head that every batch shows, from now on. */
  anchorHeads(change?: (anchor: Omit<AuditAnchor, 'sig'>) => Omit<AuditAnchor, 'sig'>): void;
}

/** A cursor is the place in the feed, and how often cursors were expired. */
const cursorSpan = 1_000_000;

/** A model of the registry behind the transport port: commands taken once each, signed receipts, a change feed; loss and delay as scripted. */
export function createFakeRegistry(options: FakeRegistryOptions): FakeRegistry {
  const { clock } = options;
  const keys = generateKeyPairSync('ed25519');
  const strangerKeys = generateKeyPairSync('ed25519');
  let epoch = 'epoch-1';
  let isForging = false;
  let policy: SignedPolicy | null = null;
  let changeAnchor: ((anchor: Omit<AuditAnchor, 'sig'>) => Omit<AuditAnchor, 'sig'>) | null = null;
  let isReachable = true;
  let fateOf: (request: RegistryRequest) => Fate = options.fate ?? (() => ({}));
  /** Cursors of an earlier generation are expired for ever. */
  let generation = 0;
  const stored = new Map<string, CommandResult>();
  const envelopes = new Map<string, Envelope>();
  const results = new Map<string, CommandOutcome>();
  const effects: { commandId: string; aggregate: string }[] = [];
  const requests: FakeRegistry['requests'] = [];
  const feed: { entity: string; id: string; rev: number; op: 'upsert' | 'tombstone'; body: unknown; pos: number }[] = [];
  const pollers: (() => void)[] = [];

  const signWith = (text: string): string =>
    sign(null, Buffer.from(text), isForging ? strangerKeys.privateKey : keys.privateKey).toString('base64url');
  const policyPart = (): { policy?: SignedPolicy } => (policy === null ? {} : { policy });
  const anchorPart = (commands: readonly Envelope[]): { audit_anchor?: AuditAnchor } => {
    const last = commands.at(-1);
    if (changeAnchor === null || last === undefined) return {};
    const { desk_id, desk_epoch, audit_seq, audit_head } = last;
    const anchor = changeAnchor({ desk_id, epoch: desk_epoch, seq: audit_seq, head: audit_head, at_ms: clock.nowMs() });
    return { audit_anchor: { ...anchor, sig: signWith(auditAnchorText(anchor)) } };
  };

  const receiptFor = (commandId: string, outcome: CommandOutcome) => {
    const proven = {
      command_id: commandId,
      desk_id: options.deskId,
      result_sha256: createHash('sha256').update(canonicalJson(outcome)).digest('hex'),
      pos: effects.length,
      at_ms: clock.nowMs(),
      registry_epoch: epoch,
    };
    return { ...proven, sig: signWith(canonicalJson(proven)) };
  };

  const take = (envelope: Envelope): CommandResult => {
    const known = stored.get(envelope.command_id);
    if (known !== undefined) return known;
    if (options.deskPublicKey !== undefined) {
      const { sig, ...signed } = envelope;
      const text = Buffer.from(canonicalJson(signed));
      if (!verify('sha256', text, { key: options.deskPublicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(sig, 'base64url')))
        throw new Error('A forged envelope');
    }
    if (envelope.after !== '' && !results.has(envelope.after)) {
      return { command_id: envelope.command_id, result: { outcome: 'blocked', by: envelope.after }, receipt: null };
    }
    const outcome = options.decide?.(envelope) ?? { outcome: 'applied', rev: effects.length + 1, state: '' };
    if (outcome.outcome === 'deferred' || outcome.outcome === 'invalid')
      return { command_id: envelope.command_id, result: outcome, receipt: null };
    if (outcome.outcome === 'applied') effects.push({ commandId: envelope.command_id, aggregate: envelope.aggregate.key });
    results.set(envelope.command_id, outcome);
    const result = { command_id: envelope.command_id, result: outcome, receipt: receiptFor(envelope.command_id, outcome) };
    if (options.hasNoMemory !== true) stored.set(envelope.command_id, result);
    envelopes.set(envelope.command_id, envelope);
    return result;
  };

  const answer = (status: number, body: unknown): RegistryReply => ({
    kind: 'answer',
    status,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
  });

  const handle = async (request: RegistryRequest): Promise<RegistryReply> => {
    const { pathname, searchParams } = new URL(request.path, 'https://registry');
    if (pathname === '/v1/registry') {
      const spki = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      const pace = { batch: 50, poll_s: 25, reconnect_spread_s: 0, min_app: '0.0.0' };
      return answer(200, { registry_epoch: epoch, receipt_key: spki, server_time_ms: clock.nowMs(), policy: policy ?? pace });
    }
    const body: unknown = request.body === undefined ? undefined : JSON.parse(Buffer.from(request.body as Uint8Array).toString('utf8'));
    if (pathname === '/v1/sync/commands') {
      const { commands } = commandBatchSchema.parse(body);
      return answer(200, { results: commands.map(take), server_time_ms: clock.nowMs(), ...policyPart(), ...anchorPart(commands) });
    }
    if (pathname === `/v1/desks/${options.deskId}/commands`) return answer(200, listCommands(searchParams));
    if (pathname === '/v1/sync/intents') return answer(200, take(envelopeSchema.parse(body)));
    if (pathname === '/v1/sync/changes')
      return pull(Number(searchParams.get('cursor') ?? '') || 0, Number(searchParams.get('wait_s')), request.signal);
    return answer(404, { code: 'NOT_FOUND' });
  };

  const listCommands = (query: URLSearchParams): unknown => {
    const [afterSeq, afterId, limit] = [Number(query.get('after_seq')), query.get('after_id') ?? '~', Number(query.get('limit') ?? 200)];
    const all = [...envelopes.values()]
      .filter((envelope) => envelope.desk_seq > afterSeq || (envelope.desk_seq === afterSeq && envelope.command_id > afterId))
      .sort((left, right) => left.desk_seq - right.desk_seq || (left.command_id < right.command_id ? -1 : 1));
    return {
      desk_id: options.deskId,
      epoch: 1,
      present_epoch: 1,
      has_more: all.length > limit,
      commands: all.slice(0, limit).map((envelope) => ({
        command_id: envelope.command_id,
        desk_seq: envelope.desk_seq,
        aggregate: envelope.aggregate,
        kind: envelope.kind,
        occurred_at_ms: envelope.occurred_at_ms,
        operator_login: envelope.actor.login,
        result: stored.get(envelope.command_id)?.result ?? null,
        receipt: stored.get(envelope.command_id)?.receipt ?? null,
      })),
    };
  };

  const pull = async (asked: number, waitS: number, signal: AbortSignal | undefined): Promise<RegistryReply> => {
    if (asked > 0 && Math.floor(asked / cursorSpan) !== generation) return answer(410, { code: 'CURSOR_EXPIRED' });
    const cursor = asked % cursorSpan;
    const life = generation;
    if (feed.length <= cursor && waitS > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(waitS * 1000, resolve);
        const end = (): void => {
          cancel();
          resolve();
        };
        pollers.push(end);
        signal?.addEventListener('abort', end);
      });
    }
    const page = feed.slice(cursor, cursor + 3);
    return answer(200, {
      changes: page,
      next_cursor: String(life * cursorSpan + cursor + page.length),
      has_more: feed.length > cursor + page.length,
      registry_epoch: epoch,
      server_time_ms: clock.nowMs(),
      ...policyPart(),
    });
  };

  const delay = (delayMs: number): Promise<void> =>
    delayMs === 0 ? Promise.resolve() : new Promise((resolve) => void clock.schedule(delayMs, resolve));

  const send = async (request: RegistryRequest): Promise<RegistryReply> => {
    const { pathname } = new URL(request.path, 'https://registry');
    const fate = fateOf(request);
    const commands =
      pathname === '/v1/sync/commands'
        ? (Buffer.from(request.body as Uint8Array)
            .toString()
            .match(/"command_id"/g)?.length ?? 0)
        : 1;
    requests.push({ method: request.method, path: pathname, atMs: clock.nowMs(), commands });
    if (!isReachable) return { kind: 'failed', reason: 'unreachable', detail: 'ECONNREFUSED' };
    await delay(fate.requestDelayMs ?? 0);
    if (fate.isRequestLost === true) {
      await delay(request.timeoutMs);
      return { kind: 'failed', reason: 'timeout', detail: '' };
    }
    if (fate.status !== undefined)
      return { kind: 'answer', status: fate.status, headers: fate.headers ?? {}, body: Buffer.from('{"code":"FAULT"}') };
    if (fate.duplicateAfterMs !== undefined) clock.schedule(fate.duplicateAfterMs, () => void handle(request));
    const reply = await handle(request);
    await delay(fate.answerDelayMs ?? 0);
    if (fate.isAnswerLost === true) return { kind: 'failed', reason: 'reset', detail: 'ECONNRESET' };
    if (fate.isAnswerBroken === true && reply.kind === 'answer') return { ...reply, body: reply.body.subarray(0, reply.body.length - 5) };
    return reply;
  };

  return {
    transport: { send, probe: () => Promise.resolve(isReachable), close: () => Promise.resolve() },
    effects,
    results,
    requests,
    setFate: (fate) => {
      fateOf = fate;
    },
    setReachable: (reachable) => {
      isReachable = reachable;
    },
    publish(change) {
      feed.push({ op: 'upsert', body: {}, ...change, pos: feed.length + 1 });
      for (const wake of pollers.splice(0)) wake();
    },
    expireCursors: () => {
      generation += 1;
    },
    restart: () => {
      epoch = `${epoch}+`;
    },
    setPolicy: ({ version, valid_until_ms, ...content }) => {
      const unsigned = {
        ...defaultPolicy,
        ...content,
        version,
        issued_at_ms: clock.nowMs(),
        valid_until_ms: valid_until_ms ?? clock.nowMs() + 30 * 86_400_000,
        registry_epoch: epoch,
      };
      policy = { ...unsigned, sig: signWith(policyText(unsigned)) };
    },
    anchorHeads: (change = (anchor) => anchor) => {
      changeAnchor = change;
    },
    restore: (commands) => {
      epoch = `${epoch}+`;
      const lost = new Set([...envelopes.keys()].slice(commands));
      for (const id of lost) {
        envelopes.delete(id);
        stored.delete(id);
        results.delete(id);
      }
      const kept = effects.filter(({ commandId }) => !lost.has(commandId));
      effects.splice(0, effects.length, ...kept);
    },
    forget: (entity, id) => {
      const kept = feed.filter((change) => change.entity !== entity || change.id !== id);
      feed.splice(0, feed.length, ...kept);
    },
    forgeReceipts: (forging) => {
      isForging = forging;
    },
  };
}
