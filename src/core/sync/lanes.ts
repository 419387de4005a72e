import { auditAnchorSchema } from '../../shared/registry-api/audit-anchor.ts';
import { auditSealAnchorSchema } from '../../shared/registry-api/audit-seal.ts';
import { endpoints } from '../../shared/registry-api/endpoints.ts';
import { signedPolicySchema } from '../../shared/registry-api/policy.ts';
import { listSealsToShow } from '../audit/seals.ts';
import type { AnswerDesk } from './answers.ts';
import { classifyReply, isSuccess, unreadable } from './classify.ts';
import { jsonLimitBytes, parseJson, requestTimeoutMs, type Exchange } from './exchange.ts';
import type { FailureDesk, Step } from './failures.ts';
import { checkResults } from './outcomes.ts';
import { batchBytes, type Pace } from './pace.ts';
import type { ReceiptVerifier } from './receipts.ts';
import { listSendable, noteAttempt, type QueueRow } from './sync-store.ts';
import type { RegistryReply } from './transport.ts';
import type { Waiters } from './waiters.ts';

interface Flight {
  readonly rows: readonly QueueRow[];
  readonly sentMonoMs: number;
  readonly reply: Promise<RegistryReply>;
  readonly isPacked: boolean;
}

export interface LaneParts {
  readonly exchange: Exchange;
  readonly pace: Pace;
  readonly failures: FailureDesk;
  readonly answers: AnswerDesk;
  readonly waiters: Waiters;
  readonly isStopped: () => boolean;
}

export interface Lanes {
  /**
   * Batch after batch, one on its way at a time: as soon as an answer is in, the next batch leaves, and the answer is verified and stored
   * meanwhile. The next batch takes nothing of an aggregate whose answers are not stored yet.
   */
  pushBatches(first: readonly QueueRow[], verifier: ReceiptVerifier): Promise<Step>;
  pushIntent(row: QueueRow, verifier: ReceiptVerifier): Promise<Step>;
}

const answerTimeoutMs = requestTimeoutMs + 15_000;
const batchOpen = Buffer.from('{"commands":[');
const comma = Buffer.from(',');
const sealsOpen = Buffer.from('],"audit_seals":');
const batchClose = Buffer.from(']}');
const objectClose = Buffer.from('}');

export function createLanes(parts: LaneParts): Lanes {
  const { exchange, pace, failures, answers, waiters, isStopped } = parts;
  const { clock, db, random } = exchange;

  /** Asked for by the registry, which may have lost what it knew. */
  let wantedSealNo: number | null = null;

  const onRefused = (what: 'commands' | 'intent', rows: readonly QueueRow[], reply: RegistryReply, sentMonoMs: number): Step => {
    const verdict = classifyReply(reply, exchange.trustedNowMs());
    const http = reply.kind === 'answer' ? reply.status : null;
    const tookMs = clock.monotonicMs() - sentMonoMs;
    db.transact((tx) => {
      noteAttempt(tx, { atMs: clock.nowMs(), what, commands: rows.length, outcome: verdict.code, http, tookMs });
    });
    return failures.onFailure(rows, verdict);
  };

  const launch = (rows: readonly QueueRow[]): Flight => {
    const seals = listSealsToShow(db, exchange.identity.deskId, wantedSealNo);
    const plain = Buffer.concat([
      batchOpen,
      ...rows.flatMap((row, index) => (index === 0 ? [row.envelope] : [comma, row.envelope])),
      ...(seals.length === 0 ? [batchClose] : [sealsOpen, Buffer.from(JSON.stringify(seals), 'utf8'), objectClose]),
    ]);
    const { body, headers, isPacked } = exchange.packing.pack(plain, exchange.knownInfo()?.encodings ?? []);
    const sentMonoMs = clock.monotonicMs();
    const reply = exchange.send({
      method: 'POST',
      path: endpoints.pushCommands.path,
      headers: { 'idempotency-key': random.uuid(), ...headers },
      body,
      timeoutMs: answerTimeoutMs,
      maxAnswerBytes: jsonLimitBytes,
    });
    // Who takes the flight hears of its failure; a flight that nobody takes any more must not end the core.
    void reply.then(
      (answer) => {
        if (isSuccess(answer)) exchange.packing.noteExchange(body.length, clock.monotonicMs() - sentMonoMs);
      },
      () => undefined,
    );
    return { rows, sentMonoMs, reply, isPacked };
  };

  const settleBatch = async ({ rows, sentMonoMs, isPacked }: Flight, reply: RegistryReply, verifier: ReceiptVerifier): Promise<Step> => {
    if (isPacked && reply.kind === 'answer' && (reply.status === 400 || reply.status === 415)) {
      // Before a command is blamed it is sent as it is.
      exchange.packing.giveUp();
      return 'again';
    }
    if (!isSuccess(reply)) return onRefused('commands', rows, reply, sentMonoMs);
    const body = parseJson(reply.body);
    if (typeof body !== 'object' || body === null || !('results' in body)) {
      exchange.link.noteAnswer(unreadable.code);
      return failures.onFailure(rows, unreadable);
    }
    if ('server_time_ms' in body && typeof body.server_time_ms === 'number') exchange.noteServerTime(body.server_time_ms, sentMonoMs);
    const batchSignature = 'batch_sig' in body ? body.batch_sig : undefined;
    const policy = signedPolicySchema.safeParse('policy' in body ? body.policy : undefined);
    if (policy.success) exchange.takePolicy(policy.data);
    const anchor = auditAnchorSchema.safeParse('audit_anchor' in body ? body.audit_anchor : undefined);
    wantedSealNo = 'audit_seal_wanted' in body && typeof body.audit_seal_wanted === 'number' ? body.audit_seal_wanted : null;
    const sealAnchor = auditSealAnchorSchema.safeParse('audit_seal_anchor' in body ? body.audit_seal_anchor : undefined);
    const checked = await checkResults(rows, body.results, verifier, batchSignature);
    return answers.store(rows, checked, 'commands', sentMonoMs, { anchor: anchor.data, sealAnchor: sealAnchor.data });
  };

  const listAhead = (rows: readonly QueueRow[]): QueueRow[] =>
    listSendable(
      db,
      exchange.time.steadyNowMs(),
      { commands: pace.batchLimit(), bytes: batchBytes },
      { seqs: new Set(rows.map((row) => row.seq)), aggregates: new Set(rows.map((row) => row.aggregate)) },
    );

  return {
    pushBatches: async (first, verifier) => {
      let flight: Flight | null = launch(first);
      while (flight !== null) {
        const reply: RegistryReply = await flight.reply;
        if (isStopped()) return 'rest';
        const ahead: QueueRow[] = isSuccess(reply) && waiters.awaited().size === 0 ? listAhead(flight.rows) : [];
        const next: Flight | null = ahead.length > 0 ? launch(ahead) : null;
        const step = await settleBatch(flight, reply, verifier);
        if (step === 'rest' && next !== null) await next.reply;
        if (step === 'rest') return 'rest';
        flight = next;
      }
      return 'again';
    },
    pushIntent: async (row, verifier) => {
      const sentMonoMs = clock.monotonicMs();
      const reply = await exchange.send({
        method: 'POST',
        path: endpoints.submitIntent.path,
        body: row.envelope,
        timeoutMs: answerTimeoutMs,
        maxAnswerBytes: jsonLimitBytes,
      });
      if (!isSuccess(reply)) return onRefused('intent', [row], reply, sentMonoMs);
      return answers.store([row], await checkResults([row], [parseJson(reply.body)], verifier), 'intent', sentMonoMs);
    },
  };
}
