import type { DeskEvent } from '../../shared/contract/system.ts';
import type { Clock } from '../../shared/platform/ports.ts';
import { commandResultSchema, type CommandResult, type Receipt } from '../../shared/registry-api/envelope.ts';
import { longestRetryAfterMs } from '../../shared/rules/sync-answers.ts';
import { appendAudit, readAuditHead, type AuditHead } from '../audit/chain.ts';
import type { DeskIdentity, Projection } from '../desk.ts';
import type { Tx } from '../storage/database.ts';
import type { ReceiptVerifier } from './receipts.ts';
import { isHealing, noteHealed } from './heal-store.ts';
import type { TrustedTime } from './trusted-time.ts';
import { commandStates, postpone, saveReceipt, settle, type QueueRow } from './sync-store.ts';

export interface OutcomeParts {
  readonly identity: DeskIdentity;
  readonly clock: Clock;
  readonly bootId: string;
  readonly time: Pick<TrustedTime, 'steadyNowMs'>;
  readonly deskEpoch: () => number;
  readonly projections: () => readonly Projection[];
}

/** One answered command whose receipt was checked (or that needs none). */
export interface CheckedResult {
  readonly row: QueueRow;
  readonly result: CommandResult;
  /** The outcome word for word, also what a newer registry said in it: the receipt is about this. */
  readonly rawOutcome: unknown;
}

export type CheckedBatch =
  | { readonly kind: 'checked'; readonly results: readonly CheckedResult[] }
  /** The body says nothing that can be trusted: nothing is known. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** A receipt that the registry's key did not sign. */
  | { readonly kind: 'forged'; readonly commandId: string };

const provenOutcomes = new Set(['applied', 'conflict', 'rejected']);

/**
 * Parses the answers of a batch, one for each command in the same order, and checks the receipt of every final outcome: all at once where the
 * registry signed them together, else one by one.
 */
export async function checkResults(
  rows: readonly QueueRow[],
  rawResults: unknown,
  verifier: ReceiptVerifier,
  batchSignature?: unknown,
): Promise<CheckedBatch> {
  if (!Array.isArray(rawResults) || rawResults.length !== rows.length) return { kind: 'unreadable', detail: 'RESULT_COUNT' };
  const checked: CheckedResult[] = [];
  const proofs: { readonly commandId: string; readonly rawResult: unknown; readonly receipt: Receipt }[] = [];
  for (const [index, row] of rows.entries()) {
    const raw: unknown = rawResults[index];
    const parsed = commandResultSchema.safeParse(raw);
    if (!parsed.success) return { kind: 'unreadable', detail: 'RESULT_SCHEMA' };
    const result = parsed.data;
    if (result.command_id !== row.commandId) return { kind: 'unreadable', detail: 'RESULT_ORDER' };
    const rawOutcome = (raw as { result: unknown }).result;
    checked.push({ row, result, rawOutcome });
    if (!provenOutcomes.has(result.result.outcome)) continue;
    if (result.receipt === null) return { kind: 'unreadable', detail: 'RECEIPT_MISSING' };
    proofs.push({ commandId: row.commandId, rawResult: rawOutcome, receipt: result.receipt });
  }
  const isSignedTogether =
    typeof batchSignature === 'string' &&
    (await verifier.verifyBatch(
      checked.map(({ result }) => result.receipt),
      batchSignature,
    ));
  const verdicts = isSignedTogether
    ? proofs.map(({ commandId, rawResult, receipt }) => verifier.isAbout(commandId, rawResult, receipt))
    : await Promise.all(proofs.map(({ commandId, rawResult, receipt }) => verifier.verify(commandId, rawResult, receipt)));
  if (verdicts.every(Boolean)) return { kind: 'checked', results: checked };
  return { kind: 'forged', commandId: proofs[verdicts.indexOf(false)]?.commandId ?? '' };
}

/** A command refused without a receipt waits this long before it is asked again. */
const blockedWaitMs = 2000;

/**
 * Stores every outcome with its receipt, what the features make of it and an audit row, in the transaction it is given. A duplicate of an
 * outcome that is stored already changes nothing. Answers the events to publish after the commit.
 */
export function storeResults(tx: Tx, parts: OutcomeParts, checked: readonly CheckedResult[]): DeskEvent[] {
  const atMs = parts.clock.nowMs();
  const deskEpoch = parts.deskEpoch();
  const events: DeskEvent[] = [];
  let head: AuditHead | null = null;
  const isHealingNow = isHealing(tx);
  for (const { row, result, rawOutcome } of checked) {
    const outcome = result.result;
    if (outcome.outcome === 'deferred') {
      postpone(tx, row, {
        notBeforeMs: parts.time.steadyNowMs() + Math.min(outcome.retry_after_ms, longestRetryAfterMs),
        answer: 'DEFERRED',
      });
      continue;
    }
    if (outcome.outcome === 'blocked') {
      postpone(tx, row, { notBeforeMs: parts.time.steadyNowMs() + blockedWaitMs, answer: 'BLOCKED' });
      continue;
    }
    const isInvalid = outcome.outcome === 'invalid';
    const state = isInvalid ? commandStates.parked : commandStates[outcome.outcome];
    const answer = outcome.outcome === 'rejected' || isInvalid ? outcome.code : outcome.outcome.toUpperCase();
    const conflictRev = outcome.outcome === 'conflict' ? outcome.rev : null;
    if (!settle(tx, row, { state, atMs, answer, conflictRev })) continue;
    if (result.receipt !== null) saveReceipt(tx, row.commandId, JSON.stringify(rawOutcome), JSON.stringify(result.receipt), atMs);
    const aggregate = splitAggregate(row.aggregate);
    // What was answered before is not done to the case a second time: the feed of the restored registry says where it stands.
    const difference = isHealingNow ? noteHealed(tx, result, atMs) : undefined;
    if (difference === undefined) events.push(...tellProjections(tx, parts.projections(), row, result));
    head = appendAudit(
      tx,
      { deskId: parts.identity.deskId, deskEpoch },
      {
        atMs,
        monoMs: Math.round(parts.clock.monotonicMs()),
        bootId: parts.bootId,
        act: `sync.${outcome.outcome}`,
        operatorId: '',
        operatorLogin: '',
        role: '',
        authMethod: '',
        sessionId: '',
        applicationId: aggregate.type === 'application' ? aggregate.key : '',
        commandId: row.commandId,
        detail: {
          kind: row.kind,
          answer,
          ...(difference === undefined ? {} : { healed: difference === '' ? 'same' : difference }),
          pos: result.receipt?.pos ?? 0,
          resultSha256: result.receipt?.result_sha256 ?? '',
        },
      },
      head ?? readAuditHead(tx),
    );
  }
  return events;
}

/** What the features make of an outcome, in the transaction that stores it. `invalid` comes without a receipt: it only asks for a person. */
export function tellProjections(tx: Tx, projections: readonly Projection[], row: QueueRow, result: CommandResult): DeskEvent[] {
  const command = {
    commandId: row.commandId,
    kind: row.kind,
    aggregateKey: splitAggregate(row.aggregate).key,
    get payload(): unknown {
      return (JSON.parse(row.envelope.toString('utf8')) as { payload: unknown }).payload;
    },
  };
  return projections.flatMap((projection) => projection.onCommandResult?.(tx, command, result) ?? []);
}

export function splitAggregate(aggregate: string): { readonly type: string; readonly key: string } {
  const at = aggregate.indexOf(':');
  return { type: aggregate.slice(0, at), key: aggregate.slice(at + 1) };
}
