import type { AuditAnchor } from '../../shared/registry-api/audit-anchor.ts';
import {
  aggregateTypeOf,
  commandPayloads,
  keyOfAggregate,
  onlineOnlyKinds,
  type CommandOutcome,
  type CommandResult,
  type Envelope,
} from '../../shared/registry-api/envelope.ts';
import { admit, type Order } from '../desks/admit.ts';
import { decideLeaseConflict, type HeldLease } from '../leases/leases.ts';
import { decideSignatureRefusal } from '../operators/actor-signature.ts';
import { noOffices } from '../offices/offices.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import type { AggregateRow } from '../store/aggregates.ts';
import { partitionOf } from '../store/partition.ts';
import { mustTryAgain, type Store } from '../store/store.ts';
import { decideActorRefusal, decideOfficeRefusal } from './actor-rights.ts';
import type { EffectContext, EffectResult } from './effect.ts';
import { effects, remarkKinds } from './effects.ts';
import { openGroup, openSavepoint, type Group, type Recorded } from './group.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { fingerprintOf, verifyEnvelope } from './verify.ts';

/** A bug in one command must not hold the others of its desk. */
const retryAfterFaultMs = 60_000;

export interface Taken {
  readonly results: CommandResult[];
  readonly auditAnchor: AuditAnchor | null;
}

/**
 * Takes commands in the order given. The unit of idempotency is the command: a known id gets its stored answer. First the desk is admitted, then each command
 * happens whole or not at all in the partition of its aggregate, together with what other desks have there at the moment. Nothing is answered before
 * it is durable. Source: sync-and-reliability b1–b3
 */
export async function takeCommands(registry: Registry, desk: Desk, envelopes: readonly Envelope[]): Promise<Taken> {
  const lanes = lanesOf(registry);
  lanes.refuseOverload(envelopes.length);
  if (new Set(envelopes.map((envelope) => envelope.command_id)).size !== envelopes.length)
    throw new RegistryError(400, 'COMMAND_TWICE_IN_BATCH');
  for (const envelope of envelopes) verifyEnvelope(desk, envelope);
  const orders = envelopes.map((envelope): Order => ({ desk, envelope, fingerprint: fingerprintOf(envelope) }));
  const auditAnchor = await admit(registry, desk, orders);
  const answers = await Promise.allSettled(orders.map((order) => lanes.put(partitionOf(order.envelope.aggregate.key), order)));
  registry.store.announce(desk.officeId);
  await lanes.awaitTurn(orders.length);
  const results = answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
  return { results, auditAnchor };
}

const lanesOfStore = new WeakMap<Store, Lanes<Order, CommandResult>>();

function lanesOf(registry: Registry): Lanes<Order, CommandResult> {
  const { store } = registry;
  const known = lanesOfStore.get(store);
  if (known !== undefined) return known;
  const lanes = createLanes(store, (orders: readonly Order[]) => takeTogether(registry, orders));
  lanesOfStore.set(store, lanes);
  return lanes;
}

/** One transaction for all of them. */
async function takeTogether(registry: Registry, orders: readonly Order[]): Promise<PromiseSettledResult<CommandResult>[]> {
  let told: ReadonlySet<string> = new Set();
  const settled = await registry.store.transact(async (session) => {
    const group = await openGroup(registry, session, orders);
    const taken: (CommandResult | Recorded | RegistryError)[] = [];
    for (const order of orders) taken.push(await takeOne(registry, group, order));
    await group.flush();
    told = group.toldOffices;
    return taken.map((each): PromiseSettledResult<CommandResult> => {
      if (each instanceof RegistryError) return { status: 'rejected', reason: each };
      const value = 'command_id' in each ? each : each.answer;
      if (value === null) throw new Error('A command was set down and not written.');
      return { status: 'fulfilled', value };
    });
  });
  for (const officeId of told) registry.store.announce(officeId);
  return settled;
}

async function takeOne(registry: Registry, group: Group, order: Order): Promise<CommandResult | Recorded | RegistryError> {
  const { desk, envelope } = order;
  const known = group.findRecorded(envelope.command_id);
  if (known !== undefined) {
    if (known.deskId === desk.deskId && known.fingerprint === order.fingerprint) return known;
    return new RegistryError(422, 'FINGERPRINT_MISMATCH', { detail: envelope.command_id });
  }

  const payload = commandPayloads[envelope.kind].safeParse(envelope.payload);
  if (!payload.success) return unanswered(envelope, { outcome: 'invalid', code: 'PAYLOAD_INVALID' });
  if (!isKeyOfPayload(envelope, payload.data)) return unanswered(envelope, { outcome: 'invalid', code: 'AGGREGATE_MISMATCH' });

  // The predecessor on the same aggregate must have its answer first, whatever it is. Source: I-5
  if (envelope.after !== '' && group.findRecorded(envelope.after) === undefined)
    return unanswered(envelope, { outcome: 'blocked', by: envelope.after });

  const aggregate = group.getAggregate(order);
  const stranger = decideOfficeRefusal(envelope.kind, aggregate.office_id, desk, (registry.offices ?? noOffices).centre);
  if (stranger !== null) return refuseUnread(group, order, aggregate, stranger);
  const nowMs = registry.nowMs();
  const operator = group.findOperator(envelope.actor.operator_id);
  const refusal = decideActorRefusal(operator, desk, envelope, onlineOnlyKinds.includes(envelope.kind) ? nowMs : envelope.occurred_at_ms);
  if (refusal !== null) return refuseUnread(group, order, aggregate, refusal);
  const unsigned = await decideSignatureRefusal(registry, group.session, envelope, operator?.record);
  if (unsigned !== null) return refuseUnread(group, order, aggregate, unsigned);

  const staleFields = findConflict(group, order, aggregate, nowMs);
  if (staleFields !== null) {
    const current: unknown = aggregate.body === '' ? null : JSON.parse(aggregate.body);
    return group.record(order, { outcome: 'conflict', rev: aggregate.rev, current, fields: staleFields }, null);
  }
  const result = await runEffect(registry, group, order, payload.data, aggregate, nowMs);
  return settle(group, order, aggregate, result);
}

/** An effect that fails or is refused leaves nothing behind. */
async function runEffect(
  registry: Registry,
  group: Group,
  { desk, envelope }: Order,
  payload: unknown,
  aggregate: AggregateRow,
  nowMs: number,
): Promise<EffectResult> {
  const { session } = group;
  let savepoint: Awaited<ReturnType<typeof openSavepoint>> | undefined;
  let lease: HeldLease | undefined;
  const context = {
    ...{ registry, desk, envelope, payload, aggregate, nowMs },
    async openSession() {
      if (savepoint === undefined) {
        await group.flush();
        savepoint = await openSavepoint(session);
      }
      return session;
    },
    findLease: () => lease ?? group.findLease(envelope.aggregate.key),
    putLease(next: HeldLease) {
      lease = next;
    },
  };
  // The table of effects pairs each kind with an effect that takes that kind's payload.
  const effect: (context: EffectContext<never>) => EffectResult | Promise<EffectResult> = effects[envelope.kind];
  try {
    const result = await effect(context as EffectContext<never>);
    const isKept = result.kind === 'applied' || (result.kind === 'rejected' && result.change !== undefined);
    await (isKept ? savepoint?.keep() : savepoint?.undo());
    if (isKept && lease !== undefined) group.putLease(envelope.aggregate.key, lease);
    return result;
  } catch (error) {
    if (mustTryAgain(session.dialect, error)) throw error;
    await savepoint?.undo();
    registry.log(`command ${envelope.command_id} of kind ${envelope.kind} failed`, error);
    return { kind: 'deferred', retryAfterMs: retryAfterFaultMs };
  }
}

function isKeyOfPayload(envelope: Envelope, payload: object): boolean {
  const { type, key } = envelope.aggregate;
  return type === aggregateTypeOf(envelope.kind) && (payload as Record<string, unknown>)[keyOfAggregate[type]] === key;
}

/**
 * What the operator did not know when he acted: null when he knew enough. A desk that works offline queues several commands on what it
 * saw once, so a command that follows its own predecessor without a stranger in between is not stale. Source: I-13, b4
 */
function findConflict(group: Group, { desk, envelope }: Order, aggregate: AggregateRow, nowMs: number): string[] | null {
  if (remarkKinds.includes(envelope.kind)) return null;
  if (!knewEnough(group, envelope, aggregate)) return ['rev'];
  // Nobody holds what the registry has never heard of.
  if (aggregate.rev === 0) return envelope.base_rev !== null && envelope.base_rev > 0 ? ['rev'] : null;
  return decideLeaseConflict(group.findLease(envelope.aggregate.key), desk, envelope, nowMs);
}

function knewEnough(group: Group, envelope: Envelope, aggregate: AggregateRow): boolean {
  const isSeen = envelope.base_rev !== null && envelope.base_rev >= aggregate.state_rev && envelope.base_rev <= aggregate.rev;
  return aggregate.rev === 0 || isSeen || isOwnContinuation(group, envelope, aggregate);
}

/**
 * Refused for who sent it, before it was looked at what he knew. It proves no knowledge of the revision that it met to the commands that follow it,
 * unless it had that knowledge itself. Source: I-13
 */
function refuseUnread(group: Group, order: Order, aggregate: AggregateRow, code: string): Recorded {
  const { rev } = aggregate;
  const outcome: CommandOutcome = { outcome: 'rejected', code, params: {}, ...(rev === 0 ? {} : { rev }) };
  return group.record(order, outcome, knewEnough(group, order.envelope, aggregate) ? rev : null);
}

function isOwnContinuation(group: Group, envelope: Envelope, aggregate: AggregateRow): boolean {
  const before = envelope.after === '' ? undefined : group.findRecorded(envelope.after);
  if (before === undefined || before.deskId !== envelope.desk_id || before.aggregateKey !== envelope.aggregate.key) return false;
  return before.revAfter !== null && before.revAfter >= aggregate.state_rev;
}

function settle(group: Group, order: Order, aggregate: AggregateRow, result: EffectResult): CommandResult | Recorded {
  if (result.kind === 'deferred') return unanswered(order.envelope, { outcome: 'deferred', retry_after_ms: result.retryAfterMs });
  const rev = result.change === undefined ? aggregate.rev : aggregate.rev + 1;
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
  return group.record(order, outcome, rev, result.change);
}

function unanswered(envelope: Envelope, result: CommandOutcome): CommandResult {
  return { command_id: envelope.command_id, result, receipt: null };
}
