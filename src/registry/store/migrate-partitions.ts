import { sql, type CreateTableBuilder, type Kysely, type RawBuilder } from 'kysely';
import type { Dialect } from './dialect.ts';
import { partitionCount, partitionOf } from './partition.ts';
import type { Tables } from './tables.ts';

type Row = Record<string, unknown>;
interface Shaped {
  modifyEnd(end: RawBuilder<unknown>): { execute(): Promise<void> };
  execute(): Promise<void>;
}
type Shape = (table: CreateTableBuilder<string, 'partition'>) => Shaped;

/** The tables that grow with every act. On PostgreSQL each is 64 tables; in the embedded database the column alone tells. */
const bigTables = ['command', 'desk_command', 'aggregate', 'change', 'act'] as const;
const pageRows = 500;

/**
 * Step 2: everything that belongs to one aggregate lies in its partition, everything that belongs to one desk in the desk's. Each is distributed
 * by the column `partition` alone, so a database of many machines can take over. Places in the feed are counted anew; cursors given before are
 * answered 410. A command without an answer keeps its place and is no longer a row of `command`.
 */
export async function splitIntoPartitions(tables: Kysely<Tables>, dialect: Dialect): Promise<void> {
  // The tables of step 1 are not those of the present types.
  const db = tables as unknown as Kysely<Record<string, Row>>;
  const old = ['command', 'aggregate', 'change', 'act', 'feed_sequencer', 'lease', 'desk_sequence'];
  await db.schema.dropIndex('command_place').execute();
  await db.schema.dropIndex('act_day').execute();
  for (const name of old) await sql`alter table ${sql.table(name)} rename to ${sql.table(`old_${name}`)}`.execute(db);
  if (dialect.name === 'postgres') {
    // A renamed table keeps the names of its constraints' indexes, which the new tables need.
    for (const [table, index] of Object.entries({
      aggregate: 'aggregate_key',
      change: 'change_key',
      command: 'command_pkey',
      act: 'act_pkey',
      lease: 'lease_pkey',
      feed_sequencer: 'feed_sequencer_pkey',
    }))
      await sql`alter table ${sql.table(`old_${table}`)} rename constraint ${sql.ref(index)} to ${sql.ref(`old_${index}`)}`.execute(db);
  }
  for (const [name, shape] of Object.entries(shapes)) {
    const isSplit = dialect.name === 'postgres' && bigTables.some((each) => each === name);
    const table = shape(
      db.schema.createTable(name).addColumn('partition', dialect.name === 'postgres' ? sql`smallint` : 'integer', (c) => c.notNull()),
    );
    await (isSplit ? table.modifyEnd(sql`partition by list (partition)`) : table).execute();
    if (isSplit) await createPartitions(db, name);
  }
  await db.schema
    .createTable('operator_record')
    .addColumn('operator_id', 'text', (c) => c.primaryKey())
    .addColumn('office_id', 'text', (c) => c.notNull())
    .addColumn('record', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('act_day').on('act').columns(['office_id', 'baku_day']).execute();
  await db.schema
    .createIndex('desk_command_place')
    .unique()
    .on('desk_command')
    .columns(['partition', 'desk_id', 'epoch', 'seq'])
    .where(sql<boolean>`seq > 0`)
    .execute();
  await db.schema.createIndex('feed_sequencer_office').on('feed_sequencer').column('office_id').execute();
  await copyRows(db);
  for (const name of old) await db.schema.dropTable(`old_${name}`).execute();
}

const shapes: Readonly<Record<string, Shape>> = {
  desk_head: (table) =>
    table
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('last_seq', 'bigint', (c) => c.notNull())
      .addColumn('anchor_epoch', 'integer', (c) => c.notNull())
      .addColumn('anchor_seq', 'bigint', (c) => c.notNull())
      .addColumn('anchor_head', 'text', (c) => c.notNull())
      .addColumn('anchor_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('anchor_sig', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('desk_head_key', ['partition', 'desk_id']),
  desk_life: (table) =>
    table
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('raise_id', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('base_epoch', 'integer')
      .addColumn('base_seq', 'bigint')
      .addColumn('base_head', 'text')
      .addColumn('began_at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('desk_life_key', ['partition', 'desk_id', 'epoch']),
  audit_anchor: (table) =>
    table
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('head', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('sig', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_anchor_key', ['partition', 'desk_id', 'epoch', 'seq']),
  desk_command: (table) =>
    table
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('command_id', 'text', (c) => c.notNull())
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('aggregate_type', 'text', (c) => c.notNull())
      .addColumn('aggregate_key', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('received_at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('desk_command_key', ['partition', 'desk_id', 'command_id']),
  command: (table) =>
    table
      .addColumn('command_id', 'text', (c) => c.notNull())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('desk_epoch', 'integer', (c) => c.notNull())
      .addColumn('desk_seq', 'bigint', (c) => c.notNull())
      .addColumn('aggregate_type', 'text', (c) => c.notNull())
      .addColumn('aggregate_key', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('envelope', 'text', (c) => c.notNull())
      .addColumn('result', 'text', (c) => c.notNull())
      .addColumn('receipt', 'text', (c) => c.notNull())
      .addColumn('rev_after', 'bigint')
      .addColumn('received_at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('command_key', ['partition', 'command_id']),
  aggregate: (table) =>
    table
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('rev', 'bigint', (c) => c.notNull())
      .addColumn('state_rev', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('aggregate_key', ['partition', 'type', 'key']),
  feed_sequencer: (table) =>
    table
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('last_place', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('feed_sequencer_key', ['partition', 'office_id']),
  change: (table) =>
    table
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('place', 'bigint', (c) => c.notNull())
      .addColumn('entity', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('rev', 'bigint', (c) => c.notNull())
      .addColumn('op', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('change_key', ['partition', 'office_id', 'place']),
  act: (table) =>
    table
      .addColumn('command_id', 'text', (c) => c.notNull())
      .addColumn('office_id', 'text', (c) => c.notNull())
      .addColumn('aggregate_key', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('occurred_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('baku_day', 'text', (c) => c.notNull())
      .addColumn('operator_login', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('act_key', ['partition', 'command_id']),
  lease: (table) =>
    table
      .addColumn('application_id', 'text', (c) => c.notNull())
      .addColumn('desk_id', 'text', (c) => c.notNull())
      .addColumn('token', 'bigint', (c) => c.notNull())
      .addColumn('until_ms', 'bigint', (c) => c.notNull())
      .addColumn('operator_login', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('lease_key', ['partition', 'application_id']),
};

/**
 * LIST by our own hash and not HASH by the database's: the number stands in the row, is the same on every database, and one logical partition is one
 * table, which a node of a bigger database can hold.
 */
async function createPartitions(db: Kysely<Record<string, Row>>, table: string): Promise<void> {
  const last = partitionCount - 1;
  await sql`do ${sql.lit(
    `begin for n in 0..${last} loop execute format('create table %I partition of %I for values in (%s)', '${table}_' || n, '${table}', n); end loop; end`,
  )}`.execute(db);
}

async function copyRows(db: Kysely<Record<string, Row>>): Promise<void> {
  const places = new Map<string, number>();
  const nextPlace = (partition: number, officeId: unknown): number => {
    const name = `${partition}/${String(officeId)}`;
    const place = (places.get(name) ?? 0) + 1;
    places.set(name, place);
    return place;
  };
  const heads = new Map<string, { epoch: number; last_seq: number }>();

  await copy(db, 'old_desk_sequence', ['desk_id', 'epoch'], ({ desk_id, epoch, last_seq }) => {
    const known = heads.get(String(desk_id));
    if (known === undefined || Number(epoch) > known.epoch)
      heads.set(String(desk_id), { epoch: Number(epoch), last_seq: Number(last_seq) });
    return {};
  });
  for (const [deskId, head] of heads)
    await db
      .insertInto('desk_head')
      .values({
        partition: partitionOf(deskId),
        desk_id: deskId,
        ...head,
        anchor_epoch: 0,
        anchor_seq: 0,
        anchor_head: '',
        anchor_at_ms: 0,
        anchor_sig: '',
      })
      .execute();
  await copy(db, 'old_command', ['command_id'], (row) => {
    const { command_id, desk_id, desk_epoch, desk_seq, fingerprint, aggregate_type, aggregate_key, kind, received_at_ms, result } = row;
    return {
      desk_command: {
        ...{ partition: partitionOf(String(desk_id)), desk_id, command_id, epoch: desk_epoch, seq: desk_seq },
        ...{ fingerprint, aggregate_type, aggregate_key, kind, received_at_ms },
      },
      ...(result === null ? {} : { command: { partition: partitionOf(String(aggregate_key)), ...row } }),
    };
  });
  await copy(db, 'old_aggregate', ['type', 'key'], (row) => ({
    aggregate: { partition: partitionOf(String(row['key'])), ...row },
    ...(row['type'] === 'operator' && Number(row['rev']) > 0
      ? { operator_record: { operator_id: row['key'], office_id: row['office_id'], record: row['body'] } }
      : {}),
  }));
  await copy(db, 'old_change', ['office_id', 'pos'], ({ pos: _pos, ...row }) => {
    const partition = partitionOf(String(row['id']));
    return { change: { partition, place: nextPlace(partition, row['office_id']), ...row } };
  });
  for (const [name, last_place] of places) {
    const [partition = '0', ...office] = name.split('/');
    await db
      .insertInto('feed_sequencer')
      .values({ partition: Number(partition), office_id: office.join('/'), last_place })
      .execute();
  }
  await copy(db, 'old_act', ['command_id'], (row) => ({ act: { partition: partitionOf(String(row['aggregate_key'])), ...row } }));
  await copy(db, 'old_lease', ['application_id'], (row) => ({ lease: { partition: partitionOf(String(row['application_id'])), ...row } }));
}

/** Page by page in the order of the key: the whole of a table need not fit into memory. */
async function copy(
  db: Kysely<Record<string, Row>>,
  from: string,
  order: readonly string[],
  toRows: (row: Row) => Readonly<Record<string, Row>>,
): Promise<void> {
  const by: RawBuilder<unknown> = sql.join(order.map((name) => sql.ref(name)));
  for (let offset = 0; ; offset += pageRows) {
    const { rows } = await sql<Row>`select * from ${sql.table(from)} order by ${by} limit ${pageRows} offset ${offset}`.execute(db);
    const targets = new Map<string, Row[]>();
    for (const row of rows)
      for (const [table, values] of Object.entries(toRows(row))) targets.set(table, [...(targets.get(table) ?? []), values]);
    for (const [table, values] of targets) await db.insertInto(table).values(values).execute();
    if (rows.length < pageRows) return;
  }
}
