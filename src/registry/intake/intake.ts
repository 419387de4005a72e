import {
  commandPayloads,
  commandResultSchema,
  onlineOnlyKinds,
  type CommandKind,
  type CommandOutcome,
  type CommandResult,
  type Envelope,
} from '../../shared/registry-api/envelope.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { lastPosition, lockAggregate, writeAggregate, type AggregateRow } from '../store/aggregates.ts';
import { withSavepoint, type Session } from '../store/store.ts';
import { bakuDayOf } from './baku-day.ts';
import { effects, remarkKinds } from './effects.ts';
import type { EffectContext, EffectResult } from './effect.ts';
import { findLeaseConflict } from '../leases/leases.ts';
import { findActorRefusal } from './actor-rights.ts';
import { makeReceipt } from './receipt.ts';
import { fingerprintOf, verifyEnvelope } from './verify.ts';

/** A bug in one command must not hold the others of its desk. */
const retryAfterFaultMs = 60_000;

/**
 * Takes commands in the order given. The unit of idempotency is the command: a known id gets its stored answer. On SQLite a batch shares
 * one durable commit, on PostgreSQL every command has its own; in both each command happens whole or not at all, and nothing is answered
 * before it is durable. Source: sync-and-reliability b1–b3
 */
export async function takeCommands(registry: Registry, desk: Desk, envelopes: readonly Envelope[]): Promise<CommandResult[]> {
  for (const envelope of envelopes) verifyEnvelope(desk, envelope);
  await refuseReusedIds(registry, envelopes);
  let results: CommandResult[];
  if (registry.store.dialect.isSerial) {
    results = await registry.store.transact(async (session) => {
      const inOrder: CommandResult[] = [];
      for (const envelope of envelopes) inOrder.push(await takeOne(registry, session, desk, envelope));
      return inOrder;
    });
  } else {
    results = [];
    for (const envelope of envelopes) results.push(await registry.store.transact((session) => takeOne(registry, session, desk, envelope)));
  }
  registry.store.announce(desk.officeId);
  return results;
}

/** An id that already stands for something else refuses the whole request before anything of it happens. */
async function refuseReusedIds(registry: Registry, envelopes: readonly Envelope[]): Promise<void> {
  const ids = envelopes.map((envelope) => envelope.command_id);
  if (new Set(ids).size !== ids.length) throw new RegistryError(400, 'COMMAND_TWICE_IN_BATCH');
  const known = await registry.store.read(({ db }) =>
    db.selectFrom('command').select(['command_id', 'fingerprint']).where('command_id', 'in', ids).execute(),
  );
  for (const envelope of envelopes) {
    const row = known.find((each) => each.command_id === envelope.command_id);
    if (row !== undefined && row.fingerprint !== fingerprintOf(envelope))
      throw new RegistryError(422, 'FINGERPRINT_MISMATCH', { detail: envelope.command_id });
  }
}

async function takeOne(registry: Registry, session: Session, desk: Desk, envelope: Envelope): Promise<CommandResult> {
  const stored = await enterCommand(registry, session, desk, envelope);
  if (stored !== 'new') return stored;

  const payload = commandPayloads[envelope.kind].safeParse(envelope.payload);
  if (!payload.success) return unanswered(envelope, { outcome: 'invalid', code: 'PAYLOAD_INVALID' });
  if (!isKeyOfPayload(envelope, payload.data)) return unanswered(envelope, { outcome: 'invalid', code: 'AGGREGATE_MISMATCH' });

  const blocker = await findBlocker(session, envelope);
  if (blocker !== null) return unanswered(envelope, { outcome: 'blocked', by: blocker });

  const aggregate = await lockAggregate(session, envelope.aggregate.type, envelope.aggregate.key, desk.officeId);
  if (aggregate.office_id !== desk.officeId)
    return await settle(registry, session, desk, envelope, aggregate, { kind: 'rejected', code: 'OTHER_OFFICE' });
  const nowMs = registry.nowMs();
  const refusal = await findActorRefusal(
    session,
    desk,
    envelope,
    onlineOnlyKinds.includes(envelope.kind) ? nowMs : envelope.occurred_at_ms,
  );
  if (refusal !== null) return await settle(registry, session, desk, envelope, aggregate, { kind: 'rejected', code: refusal });

  const staleFields = await findConflict(session, desk, envelope, aggregate, nowMs);
  if (staleFields !== null) {
    const current: unknown = aggregate.body === '' ? null : JSON.parse(aggregate.body);
    return await storeResult(
      registry,
      session,
      desk,
      envelope,
      { outcome: 'conflict', rev: aggregate.rev, current, fields: staleFields },
      null,
    );
  }

  const context = { registry, session, desk, envelope, payload: payload.data, aggregate, nowMs };
  let result: EffectResult;
  try {
    result = await withSavepoint(
      session,
      'effect',
      () => runEffect(envelope.kind, context),
      (value) => value.kind === 'applied' || (value.kind === 'rejected' && value.change !== undefined),
    );
  } catch (error) {
    if (session.dialect.isRetryable(error)) throw error;
    registry.log(`command ${envelope.command_id} of kind ${envelope.kind} failed`, error);
    return unanswered(envelope, { outcome: 'deferred', retry_after_ms: retryAfterFaultMs });
  }
  return await settle(registry, session, desk, envelope, aggregate, result);
}

/** The table of effects pairs each kind with an effect that takes that kind's payload. */
function runEffect(kind: CommandKind, context: EffectContext): Promise<EffectResult> {
  const effect: (context: EffectContext<never>) => Promise<EffectResult> = effects[kind];
  return effect(context);
}

/**
 * Puts the dedupe row, or gives back what is stored. A command that keeps its place but could not be answered yet (blocked, deferred)
 * has a row without result and is tried again when it comes again. Source: I-3, I-16
 */
async function enterCommand(registry: Registry, session: Session, desk: Desk, envelope: Envelope): Promise<CommandResult | 'new'> {
  const known = await session.db
    .selectFrom('command')
    .select(['desk_id', 'fingerprint', 'result', 'receipt'])
    .where('command_id', '=', envelope.command_id)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirst();
  if (known !== undefined) {
    if (known.desk_id !== desk.deskId || known.fingerprint !== fingerprintOf(envelope))
      throw new RegistryError(422, 'FINGERPRINT_MISMATCH', { detail: envelope.command_id });
    if (known.result === null) return 'new';
    return commandResultSchema.parse({
      command_id: envelope.command_id,
      result: readJson(known.result),
      receipt: readJson(known.receipt ?? 'null'),
    });
  }
  if (envelope.desk_seq > 0) await takePlace(session, envelope);
  const inserted = await session.db
    .insertInto('command')
    .values({
      command_id: envelope.command_id,
      desk_id: desk.deskId,
      office_id: desk.officeId,
      desk_epoch: envelope.desk_epoch,
      desk_seq: envelope.desk_seq,
      aggregate_type: envelope.aggregate.type,
      aggregate_key: envelope.aggregate.key,
      kind: envelope.kind,
      fingerprint: fingerprintOf(envelope),
      envelope: JSON.stringify(envelope),
      result: null,
      receipt: null,
      rev_after: null,
      received_at_ms: registry.nowMs(),
    })
    .onConflict((conflict) => conflict.column('command_id').doNothing())
    .executeTakeFirst();
  // Lost a race against the same command on another connection: its row is committed now, so the next look finds it.
  if (inserted.numInsertedOrUpdatedRows === 0n) return await enterCommand(registry, session, desk, envelope);
  return 'new';
}

/**
 * The places of a desk's outbox are taken once: a place taken twice means that the desk was cloned. They may be taken out of order, because a
 * command that is held at the desk, or passed by an urgent one, holds nobody outside its aggregate. Source: I-16, F-25; b2
 */
async function takePlace(session: Session, envelope: Envelope): Promise<void> {
  // First, because it holds the desk's row: two commands that claim one place at once are told apart.
  await session.db
    .insertInto('desk_sequence')
    .values({ desk_id: envelope.desk_id, epoch: envelope.desk_epoch, last_seq: envelope.desk_seq })
    .onConflict((conflict) =>
      conflict
        .columns(['desk_id', 'epoch'])
        .doUpdateSet({ last_seq: envelope.desk_seq })
        .where('desk_sequence.last_seq', '<', envelope.desk_seq),
    )
    .execute();
  const taken = await session.db
    .selectFrom('command')
    .select('command_id')
    .where('desk_id', '=', envelope.desk_id)
    .where('desk_epoch', '=', envelope.desk_epoch)
    .where('desk_seq', '=', envelope.desk_seq)
    .where('command_id', '!=', envelope.command_id)
    .executeTakeFirst();
  if (taken !== undefined) throw new RegistryError(409, 'DESK_FORK', { detail: String(envelope.desk_seq) });
}

function isKeyOfPayload(envelope: Envelope, payload: object): boolean {
  const id = envelope.aggregate.type === 'application' ? 'applicationId' : 'operatorId';
  return id in payload && (payload as Record<string, unknown>)[id] === envelope.aggregate.key;
}

/** The predecessor on the same aggregate must have its answer first, whatever it is. Source: I-5 */
async function findBlocker(session: Session, envelope: Envelope): Promise<string | null> {
  if (envelope.after === '') return null;
  const before = await session.db.selectFrom('command').select('result').where('command_id', '=', envelope.after).executeTakeFirst();
  return before === undefined || before.result === null ? envelope.after : null;
}

/**
 * What the operator did not know when he acted: null when he knew enough. A desk that works offline queues several commands on what it
 * saw once, so a command that follows its own predecessor without a stranger in between is not stale. Source: I-13, b4
 */
async function findConflict(
  session: Session,
  desk: Desk,
  envelope: Envelope,
  aggregate: AggregateRow,
  nowMs: number,
): Promise<string[] | null> {
  if (remarkKinds.includes(envelope.kind)) return null;
  const isSeen = envelope.base_rev !== null && envelope.base_rev >= aggregate.state_rev && envelope.base_rev <= aggregate.rev;
  if (aggregate.rev > 0 && !isSeen && !(await isOwnContinuation(session, envelope, aggregate))) return ['rev'];
  // Nobody holds what the registry has never heard of.
  if (aggregate.rev === 0) return envelope.base_rev !== null && envelope.base_rev > 0 ? ['rev'] : null;
  return await findLeaseConflict(session, desk, envelope, nowMs);
}

async function isOwnContinuation(session: Session, envelope: Envelope, aggregate: AggregateRow): Promise<boolean> {
  if (envelope.after === '') return false;
  const before = await session.db
    .selectFrom('command')
    .select('rev_after')
    .where('command_id', '=', envelope.after)
    .where('desk_id', '=', envelope.desk_id)
    .where('aggregate_key', '=', envelope.aggregate.key)
    .executeTakeFirst();
  return before !== undefined && before.rev_after !== null && before.rev_after >= aggregate.state_rev;
}

/** Writes the effect's revision, change row and act row, then the stored result with its receipt. */
async function settle(
  registry: Registry,
  session: Session,
  desk: Desk,
  envelope: Envelope,
  aggregate: AggregateRow,
  result: EffectResult,
): Promise<CommandResult> {
  if (result.kind === 'deferred') return unanswered(envelope, { outcome: 'deferred', retry_after_ms: result.retryAfterMs });
  let rev = aggregate.rev;
  let pos: number | undefined;
  if (result.change !== undefined) {
    ({ rev, pos } = await writeAggregate(session, aggregate, result.change));
    await session.db
      .insertInto('act')
      .values({
        command_id: envelope.command_id,
        office_id: desk.officeId,
        aggregate_key: envelope.aggregate.key,
        kind: envelope.kind,
        at_ms: registry.nowMs(),
        occurred_at_ms: envelope.occurred_at_ms,
        baku_day: bakuDayOf(envelope.occurred_at_ms),
        operator_login: envelope.actor.login,
        role: envelope.actor.role,
        desk_id: desk.deskId,
      })
      .execute();
  }
  const outcome: CommandOutcome =
    result.kind === 'applied'
      ? { outcome: 'applied', rev, state: result.change.state, ...result.answer }
      : {
          outcome: 'rejected',
          code: result.code,
          params: { ...result.params },
          ...(result.state === undefined && result.change === undefined ? {} : { state: result.state ?? result.change?.state }),
          ...(rev === 0 ? {} : { rev }),
        };
  return await storeResult(registry, session, desk, envelope, outcome, rev, pos);
}

async function storeResult(
  registry: Registry,
  session: Session,
  desk: Desk,
  envelope: Envelope,
  outcome: CommandOutcome,
  revAfter: number | null,
  pos?: number,
): Promise<CommandResult> {
  const place = pos ?? (await lastPosition(session, desk.officeId));
  // As it will be read back: an absent key and an undefined one must not differ in the receipt.
  const result = JSON.parse(JSON.stringify(outcome)) as CommandOutcome;
  const receipt = makeReceipt(registry, envelope.command_id, desk.deskId, result, place, registry.nowMs());
  await session.db
    .updateTable('command')
    .set({ result: JSON.stringify(result), receipt: JSON.stringify(receipt), rev_after: revAfter })
    .where('command_id', '=', envelope.command_id)
    .execute();
  return { command_id: envelope.command_id, result, receipt };
}

function readJson(text: string): unknown {
  return JSON.parse(text);
}

function unanswered(envelope: Envelope, result: CommandOutcome): CommandResult {
  return { command_id: envelope.command_id, result, receipt: null };
}
