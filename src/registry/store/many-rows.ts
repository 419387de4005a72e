import { sql, type RawBuilder } from 'kysely';
import type { Session } from './store.ts';
import type { Tables } from './tables.ts';

/** The tables that many rows are written to at once, with the kind of each column. A bigint fits every whole number of theirs. */
type ColumnKind = 'bigint' | 'text';
type Shape<T extends keyof Tables> = { readonly [C in keyof Tables[T]]: ColumnKind };

const shapes: { readonly [T in 'aggregate' | 'change' | 'act' | 'command' | 'desk_command']: Shape<T> } = {
  aggregate: {
    ...{ partition: 'bigint', type: 'text', key: 'text', office_id: 'text' },
    ...{ rev: 'bigint', state_rev: 'bigint', state: 'text', body: 'text' },
  },
  change: {
    ...{ partition: 'bigint', office_id: 'text', place: 'bigint', entity: 'text' },
    ...{ id: 'text', rev: 'bigint', op: 'text', body: 'text' },
  },
  act: {
    ...{ partition: 'bigint', command_id: 'text', office_id: 'text', aggregate_key: 'text', kind: 'text', at_ms: 'bigint' },
    ...{ occurred_at_ms: 'bigint', baku_day: 'text', operator_login: 'text', role: 'text', desk_id: 'text' },
  },
  command: {
    ...{ partition: 'bigint', command_id: 'text', desk_id: 'text', office_id: 'text', desk_epoch: 'bigint', desk_seq: 'bigint' },
    ...{ aggregate_type: 'text', aggregate_key: 'text', kind: 'text', fingerprint: 'text', envelope: 'text' },
    ...{ result: 'text', receipt: 'text', rev_after: 'bigint', received_at_ms: 'bigint' },
  },
  desk_command: {
    ...{ partition: 'bigint', desk_id: 'text', command_id: 'text', epoch: 'bigint', seq: 'bigint', fingerprint: 'text' },
    ...{ aggregate_type: 'text', aggregate_key: 'text', kind: 'text', received_at_ms: 'bigint' },
  },
};
export type BigTable = keyof typeof shapes;
type Cell = string | number | null;

export interface Insert {
  readonly table: BigTable;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly onConflict: RawBuilder<unknown>;
}

const never = sql``;

export function insertOf<T extends BigTable>(table: T, rows: readonly Tables[T][], onConflict: RawBuilder<unknown> = never): Insert {
  return { table, rows, onConflict };
}

/**
 * Writes all of it, with one statement where the way to the database costs something; no two may name the same row. Its text does not depend on how many rows
 * there are, so that it is read and planned once. Gives for each how many rows were written, those passed over by its conflict clause left out.
 */
export async function writeRows(session: Session, inserts: readonly Insert[]): Promise<number[]> {
  const filled = inserts.filter((each) => each.rows.length > 0);
  const counts = session.dialect.hasArrays ? await writeTogether(session, filled) : await writeEach(session, filled);
  return inserts.map((each) => counts.get(each) ?? 0);
}

async function writeEach(session: Session, inserts: readonly Insert[]): Promise<Map<Insert, number>> {
  const counts = new Map<Insert, number>();
  for (const insert of inserts) {
    const columns = Object.keys(shapes[insert.table]);
    const rows = insert.rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
    const { numAffectedRows } =
      await sql`insert into ${sql.table(insert.table)} (${names(columns)}) values ${sql.join(rows)} ${insert.onConflict}`.execute(
        session.db,
      );
    counts.set(insert, Number(numAffectedRows ?? 0));
  }
  return counts;
}

async function writeTogether(session: Session, inserts: readonly Insert[]): Promise<Map<Insert, number>> {
  if (inserts.length === 0) return new Map();
  const parts = inserts.map((insert, index) => {
    const shape = Object.entries(shapes[insert.table] as Readonly<Record<string, ColumnKind>>);
    const arrays = shape.map(([column, kind]) => {
      const cells = insert.rows.map((row) => row[column] ?? null);
      return sql`${binaryArray(cells, kind)}::${sql.raw(kind)}[]`;
    });
    const columns = shape.map(([column]) => column);
    return sql`${sql.raw(`w${index}`)} as (insert into ${sql.table(insert.table)} (${names(columns)}) select * from unnest(${sql.join(arrays)}) ${insert.onConflict} returning 1)`;
  });
  const counted = inserts.map((_, index) => sql.raw(`(select count(*) from w${index}) as w${index}`));
  const { rows } = await sql<Record<string, number>>`with ${sql.join(parts)} select ${sql.join(counted)}`.execute(session.db);
  return new Map(inserts.map((insert, index) => [insert, rows[0]?.[`w${index}`] ?? 0]));
}

function names(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

const objectIds = { text: 25, bigint: 20 } as const;
const headerBytes = 20;

/** An array as PostgreSQL receives it in its binary form: nothing needs to be escaped, and nothing to be parsed on the other side. */
export function binaryArray(cells: readonly Cell[], kind: ColumnKind): Buffer {
  const sizes = cells.map((cell) => (cell === null ? 0 : kind === 'bigint' ? 8 : Buffer.byteLength(String(cell))));
  const bytes = Buffer.allocUnsafe(headerBytes + sizes.reduce((sum, size) => sum + size + 4, 0));
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(cells.includes(null) ? 1 : 0, 4);
  bytes.writeInt32BE(objectIds[kind], 8);
  bytes.writeInt32BE(cells.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = headerBytes;
  for (const [index, cell] of cells.entries()) {
    const size = sizes[index] ?? 0;
    at = bytes.writeInt32BE(cell === null ? -1 : size, at);
    if (cell === null) continue;
    if (kind === 'bigint') bytes.writeBigInt64BE(BigInt(cell), at);
    else bytes.write(String(cell), at, size, 'utf8');
    at += size;
  }
  return bytes;
}

/** `column in (…)`, with one text for any number of values where the database can compare with an array. */
export function isOneOf(session: Session, column: string, values: readonly string[] | readonly number[]): RawBuilder<boolean> {
  if (!session.dialect.hasArrays) return sql`${sql.ref(column)} in (${sql.join(values)})`;
  const kind = typeof values[0] === 'number' ? 'bigint' : 'text';
  return sql`${sql.ref(column)} = any(${binaryArray(values, kind)}::${sql.raw(kind)}[])`;
}
