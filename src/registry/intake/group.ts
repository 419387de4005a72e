import { sql } from 'kysely';
import {
  commandOutcomeSchema,
  receiptSchema,
  type CommandOutcome,
  type CommandResult,
  type Receipt,
} from '../../shared/registry-api/envelope.ts';
import type { Order } from '../desks/admit.ts';
import { routeChange, type RoutedChange } from '../feed/route-change.ts';
import { listLeases, saveLeases, type HeldLease } from '../leases/leases.ts';
import { noOffices } from '../offices/offices.ts';
import type { Registry } from '../registry.ts';
import { emptyAggregate, lastPosition, saveAggregates, withRevision, type AggregateRow } from '../store/aggregates.ts';
import { positionOf, takePlaces } from '../store/feed-places.ts';
import { insertOf, isOneOf, writeRows, type Insert } from '../store/many-rows.ts';
import { partitionOf } from '../store/partition.ts';
import { TryAgainError, type Session } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { listActingOperators, type ActingOperator } from './actor-rights.ts';
import { bakuDayOf } from './baku-day.ts';
import type { AggregateChange } from './effect.ts';
import { makeReceipt } from './receipt.ts';

/** What is on record of a command, or will be when the group is written. */
export interface Recorded {
  readonly deskId: string;
  readonly aggregateKey: string;
  readonly fingerprint: string;
  readonly revAfter: number | null;
  /** Null until the group is written. */
  answer: CommandResult | null;
}

interface Pending {
  readonly order: Order;
  readonly recorded: Recorded;
  readonly outcome: CommandOutcome;
  /** The aggregate's row as this command left it; null when it changed nothing. */
  readonly changed: AggregateRow | null;
  /** Whose feeds tell of it; none when it changed nothing. */
  readonly routes: readonly RoutedChange[];
}

/**
 * The commands that share one transaction: what they stand on is read and locked at once, each is judged in memory in its order, and what they changed
 * is written at once. A group of one partition touches no other. Source: sync-and-reliability b2, e4
 */
export interface Group {
  readonly session: Session;
  findRecorded(commandId: string): Recorded | undefined;
  getAggregate(order: Order): AggregateRow;
  findOperator(operatorId: string): ActingOperator | undefined;
  findLease(applicationId: string): HeldLease | undefined;
  /** Sets down a final answer, with the change of the aggregate it tells of. */
  record(order: Order, outcome: CommandOutcome, revAfter: number | null, change?: AggregateChange): Recorded;
  putLease(applicationId: string, lease: HeldLease): void;
  /** Offices whose feeds have got something. */
  readonly toldOffices: ReadonlySet<string>;
  /** Writes everything that is set down, so that the database is as if each command had been written by itself. */
  flush(): Promise<void>;
}

export async function openGroup(registry: Registry, session: Session, orders: readonly Order[]): Promise<Group> {
  const recorded = await listRecorded(session, orders);
  const open = orders.filter(({ envelope }) => !recorded.has(envelope.command_id));
  const aggregates = await lockAggregates(session, open);
  const held = [...aggregates.values()].filter((row) => row.type === 'application' && row.rev > 0).map((row) => row.key);
  const leases = await listLeases(session, held);
  const actorIds = [...new Set(open.map(({ envelope }) => envelope.actor.operator_id))];
  let operators = actorIds.length === 0 ? new Map<string, ActingOperator>() : await listActingOperators(session, actorIds);
  const stored = new Set([...aggregates].filter(([, row]) => row.rev > 0).map(([name]) => name));
  const changedLeases = new Map<string, HeldLease>();
  const toldOffices = new Set<string>();
  let pending: Pending[] = [];
  const getAggregate = ({ desk, envelope: { aggregate } }: Order): AggregateRow =>
    aggregates.get(nameOf(aggregate)) ?? emptyAggregate(aggregate.type, aggregate.key, desk.officeId);

  return {
    session,
    toldOffices,
    findRecorded: (commandId) => recorded.get(commandId),
    getAggregate,
    findOperator: (operatorId) => operators.get(operatorId),
    findLease: (applicationId) => leases.get(applicationId),
    record(order, outcome, revAfter, change) {
      const { envelope, desk } = order;
      const before = getAggregate(order);
      const changed = change === undefined ? null : withRevision(before, change);
      if (changed !== null) aggregates.set(nameOf(envelope.aggregate), changed);
      const entry: Recorded = {
        deskId: desk.deskId,
        aggregateKey: envelope.aggregate.key,
        fingerprint: order.fingerprint,
        revAfter,
        answer: null,
      };
      recorded.set(envelope.command_id, entry);
      // As it will be read back: an absent key and an undefined one must not differ in the receipt.
      const plain = JSON.parse(JSON.stringify(outcome)) as CommandOutcome;
      const routes = changed === null ? [] : routeChange(before, changed, registry.offices ?? noOffices);
      for (const { officeId } of routes) toldOffices.add(officeId);
      pending.push({ order, recorded: entry, outcome: plain, changed, routes });
      return entry;
    },
    putLease(applicationId, lease) {
      leases.set(applicationId, lease);
      changedLeases.set(applicationId, lease);
    },
    async flush() {
      if (pending.length === 0) return;
      const written = pending;
      pending = [];
      const changed = new Map(written.flatMap(({ changed: row }) => (row === null ? [] : [[nameOf(row), row] as const])));
      await saveLeases(session, changedLeases);
      changedLeases.clear();
      const { positions, rows } = await takePositions(session, written);
      const { made, kept } = changedRows(changed, stored);
      const acts = insertOf('act', actsOf(registry, written), sql`on conflict (partition, command_id) do nothing`);
      const answers = insertOf('command', answersOf(registry, written, positions), sql`on conflict (partition, command_id) do nothing`);
      const counts = await writeRows(session, [made, kept, insertOf('change', rows), acts, answers]);
      // A row that somebody else has made meanwhile means that this group stood on what was not true: it is done again.
      if (counts[0] !== made.rows.length) throw new TryAgainError('An aggregate was made by two.');
      if (counts[3] !== acts.rows.length || counts[4] !== answers.rows.length) throw new TryAgainError('A command was taken by two.');
      for (const name of changed.keys()) stored.add(name);
      const operatorRows = [...changed.values()].filter((row) => row.type === 'operator');
      if (operatorRows.length > 0) {
        await saveAggregates(session, operatorRows);
        operators = await listActingOperators(session, actorIds);
      }
    },
  };
}

function nameOf({ type, key }: { readonly type: string; readonly key: string }): string {
  return `${type}/${key}`;
}

function partitionsOf(keys: readonly string[]): number[] {
  return [...new Set(keys.map(partitionOf))];
}

/** The commands themselves and those they follow, as far as they have an answer. */
async function listRecorded(session: Session, orders: readonly Order[]): Promise<Map<string, Recorded>> {
  const ids = new Set(
    orders.flatMap(({ envelope }) => (envelope.after === '' ? [envelope.command_id] : [envelope.command_id, envelope.after])),
  );
  const rows = await session.db
    .selectFrom('command')
    .select(['command_id', 'desk_id', 'aggregate_key', 'fingerprint', 'result', 'receipt', 'rev_after'])
    .where('partition', 'in', partitionsOf(orders.map(({ envelope }) => envelope.aggregate.key)))
    .where(isOneOf(session, 'command_id', [...ids]))
    .execute();
  const asked = new Set(orders.map(({ envelope }) => envelope.command_id));
  return new Map(
    rows.map((row) => [
      row.command_id,
      {
        deskId: row.desk_id,
        aggregateKey: row.aggregate_key,
        fingerprint: row.fingerprint,
        revAfter: row.rev_after,
        answer: asked.has(row.command_id) ? readAnswer(row) : null,
      },
    ]),
  );
}

function readAnswer(row: { readonly command_id: string; readonly result: string; readonly receipt: string }): CommandResult {
  const result = commandOutcomeSchema.parse(JSON.parse(row.result));
  const receipt: Receipt = receiptSchema.parse(JSON.parse(row.receipt));
  return { command_id: row.command_id, result, receipt };
}

/** Locked in the order of their keys, so that two groups never wait for each other. What does not exist yet is nobody's until it is written. */
async function lockAggregates(session: Session, orders: readonly Order[]): Promise<Map<string, AggregateRow>> {
  if (orders.length === 0) return new Map();
  const keys = [...new Set(orders.map(({ envelope }) => envelope.aggregate.key))];
  const rows = await session.db
    .selectFrom('aggregate')
    .selectAll()
    .where('partition', 'in', partitionsOf(keys))
    .where(isOneOf(session, 'key', keys))
    .where('type', 'in', [...new Set(orders.map(({ envelope }) => envelope.aggregate.type))])
    .orderBy('type')
    .orderBy('key')
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .execute();
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Rows that this group makes, and rows that it holds. */
function changedRows(
  changed: ReadonlyMap<string, AggregateRow>,
  stored: ReadonlySet<string>,
): { readonly made: Insert; readonly kept: Insert } {
  const made = [...changed].filter(([name]) => !stored.has(name)).map(([, row]) => row);
  const kept = [...changed].filter(([name]) => stored.has(name)).map(([, row]) => row);
  return {
    made: insertOf(
      'aggregate',
      made,
      sql`on conflict (partition, type, key) do update set office_id = excluded.office_id, rev = excluded.rev, state_rev = excluded.state_rev, state = excluded.state, body = excluded.body where aggregate.rev = 0`,
    ),
    kept: insertOf(
      'aggregate',
      kept,
      sql`on conflict (partition, type, key) do update set rev = excluded.rev, state_rev = excluded.state_rev, state = excluded.state, body = excluded.body`,
    ),
  };
}

/**
 * Writes what every command changed into the feeds that tell of it, and gives it its position in the feed of its desk's office: that of its change, or of the
 * change in the aggregate's own feed where the desk's office hears nothing of it, or how far the feed was when it changed nothing.
 */
async function takePositions(
  session: Session,
  written: readonly Pending[],
): Promise<{ readonly positions: ReadonlyMap<Pending, number>; readonly rows: readonly Tables['change'][] }> {
  const feeds = new Map<string, { readonly partition: number; readonly office: string; readonly members: [Pending, RoutedChange][] }>();
  for (const each of written) {
    const partition = partitionOf(each.recorded.aggregateKey);
    for (const route of each.routes) {
      const name = `${partition}/${route.officeId}`;
      const feed = feeds.get(name) ?? { partition, office: route.officeId, members: [] };
      feed.members.push([each, route]);
      feeds.set(name, feed);
    }
  }
  const positions = new Map<Pending, number>();
  const rows: Tables['change'][] = [];
  /** How far a feed was before this group. */
  const ends = new Map<string, number>();
  for (const name of [...feeds.keys()].sort()) {
    const feed = feeds.get(name);
    if (feed === undefined) continue;
    const { partition, office, members } = feed;
    let place = await takePlaces(session, partition, office, members.length);
    ends.set(name, positionOf(partition, place - 1));
    for (const [each, { entity, body }] of members) {
      if (each.changed === null) continue;
      const { key, rev } = each.changed;
      rows.push({ partition, office_id: office, place, entity, id: key, rev, op: 'upsert', body });
      const isOwnFeed = office === each.order.desk.officeId;
      if (isOwnFeed || !positions.has(each)) positions.set(each, positionOf(partition, place));
      place += 1;
    }
  }
  for (const each of written) {
    if (positions.has(each)) continue;
    const partition = partitionOf(each.recorded.aggregateKey);
    const { officeId } = each.order.desk;
    const end = ends.get(`${partition}/${officeId}`) ?? (await lastPosition(session, partition, officeId));
    ends.set(`${partition}/${officeId}`, end);
    positions.set(each, end);
  }
  return { positions, rows };
}

function actsOf(registry: Registry, written: readonly Pending[]): Tables['act'][] {
  return written.flatMap(({ order: { envelope, desk }, changed }) =>
    // What a supervisor says of an incident is no act of the office's register.
    changed === null || changed.type === 'incident'
      ? []
      : [
          {
            partition: changed.partition,
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
          },
        ],
  );
}

/** The answers with their receipts. The key of the row is what makes a command happen once, on whatever connection it came. */
function answersOf(registry: Registry, written: readonly Pending[], positions: ReadonlyMap<Pending, number>): Tables['command'][] {
  return written.map((each) => {
    const { order, outcome, recorded } = each;
    const { envelope, desk } = order;
    const receipt = makeReceipt(registry, envelope.command_id, desk.deskId, outcome, positions.get(each) ?? 0, registry.nowMs());
    recorded.answer = { command_id: envelope.command_id, result: outcome, receipt };
    return {
      partition: partitionOf(envelope.aggregate.key),
      command_id: envelope.command_id,
      desk_id: desk.deskId,
      office_id: desk.officeId,
      desk_epoch: envelope.desk_epoch,
      desk_seq: envelope.desk_seq,
      aggregate_type: envelope.aggregate.type,
      aggregate_key: envelope.aggregate.key,
      kind: envelope.kind,
      fingerprint: order.fingerprint,
      envelope: JSON.stringify(envelope),
      result: JSON.stringify(outcome),
      receipt: JSON.stringify(receipt),
      rev_after: recorded.revAfter,
      received_at_ms: registry.nowMs(),
    };
  });
}

/** Runs `work` so that it can be undone by itself within the group's transaction. */
export async function openSavepoint(session: Session): Promise<{ keep(): Promise<void>; undo(): Promise<void> }> {
  await sql`savepoint effect`.execute(session.db);
  const release = () => sql`release savepoint effect`.execute(session.db);
  return {
    async keep() {
      await release();
    },
    async undo() {
      await sql`rollback to savepoint effect`.execute(session.db);
      await release();
    },
  };
}
