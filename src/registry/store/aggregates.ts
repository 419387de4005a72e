import { lastPlace, positionOf, takePlaces } from './feed-places.ts';
import { partitionOf } from './partition.ts';
import type { Session } from './store.ts';
import type { Tables } from './tables.ts';

export type AggregateRow = Tables['aggregate'];

/** An aggregate that nobody has written yet. */
export function emptyAggregate(type: string, key: string, officeId: string): AggregateRow {
  return { partition: partitionOf(key), type, key, office_id: officeId, rev: 0, state_rev: 0, state: '', body: '' };
}

/** Makes the row when it is missing and holds it until the transaction ends, so that one aggregate has one writer. */
export async function lockAggregate(session: Session, type: string, key: string, officeId: string): Promise<AggregateRow> {
  await session.db
    .insertInto('aggregate')
    .values(emptyAggregate(type, key, officeId))
    .onConflict((conflict) => conflict.columns(['partition', 'type', 'key']).doNothing())
    .execute();
  return await session.db
    .selectFrom('aggregate')
    .selectAll()
    .where('partition', '=', partitionOf(key))
    .where('type', '=', type)
    .where('key', '=', key)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function findAggregate(session: Session, type: string, key: string): Promise<AggregateRow | undefined> {
  const row = await session.db
    .selectFrom('aggregate')
    .selectAll()
    .where('partition', '=', partitionOf(key))
    .where('type', '=', type)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined || row.rev === 0 ? undefined : row;
}

export interface NextRevision {
  readonly state: string;
  readonly body: unknown;
  readonly isRemark?: boolean;
}

/** The row after a change; nothing is written. */
export function withRevision(row: AggregateRow, next: NextRevision): AggregateRow {
  const rev = row.rev + 1;
  return { ...row, rev, state: next.state, body: JSON.stringify(next.body), ...(next.isRemark === true ? {} : { state_rev: rev }) };
}

/** Writes the next revision and its row in the office's change feed. The feed's counter is taken last and held until the commit. */
export async function writeAggregate(session: Session, row: AggregateRow, next: NextRevision): Promise<{ rev: number; pos: number }> {
  const written = withRevision(row, next);
  await saveAggregates(session, [written]);
  const place = await takePlaces(session, row.partition, row.office_id, 1);
  const { partition, office_id, type, key, rev, body } = written;
  await session.db.insertInto('change').values({ partition, office_id, place, entity: type, id: key, rev, op: 'upsert', body }).execute();
  return { rev, pos: positionOf(partition, place) };
}

/** Writes rows that the transaction holds. The copies that every command reads of an operator follow. */
export async function saveAggregates(session: Session, rows: readonly AggregateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await session.db
    .insertInto('aggregate')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['partition', 'type', 'key']).doUpdateSet((build) => ({
        rev: build.ref('excluded.rev'),
        state_rev: build.ref('excluded.state_rev'),
        state: build.ref('excluded.state'),
        body: build.ref('excluded.body'),
      })),
    )
    .execute();
  for (const row of rows) {
    if (row.type !== 'operator') continue;
    const values = { office_id: row.office_id, record: row.body };
    await session.db
      .insertInto('operator_record')
      .values({ operator_id: row.key, ...values })
      .onConflict((conflict) => conflict.column('operator_id').doUpdateSet(values))
      .execute();
  }
}

export async function lastPosition(session: Session, partition: number, officeId: string): Promise<number> {
  return positionOf(partition, await lastPlace(session, partition, officeId));
}
