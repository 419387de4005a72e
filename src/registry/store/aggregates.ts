import type { Session } from './store.ts';

export interface AggregateRow {
  type: string;
  key: string;
  office_id: string;
  rev: number;
  state_rev: number;
  state: string;
  body: string;
}

/** Makes the row when it is missing and holds it until the transaction ends, so that one aggregate has one writer. */
export async function lockAggregate(session: Session, type: string, key: string, officeId: string): Promise<AggregateRow> {
  await session.db
    .insertInto('aggregate')
    .values({ type, key, office_id: officeId, rev: 0, state_rev: 0, state: '', body: '' })
    .onConflict((conflict) => conflict.columns(['type', 'key']).doNothing())
    .execute();
  return await session.db
    .selectFrom('aggregate')
    .selectAll()
    .where('type', '=', type)
    .where('key', '=', key)
    .$if(session.dialect.hasRowLocks, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function findAggregate(session: Session, type: string, key: string): Promise<AggregateRow | undefined> {
  const row = await session.db.selectFrom('aggregate').selectAll().where('type', '=', type).where('key', '=', key).executeTakeFirst();
  return row === undefined || row.rev === 0 ? undefined : row;
}

/** Writes the next revision and its row in the office's change feed. The sequencer row is taken last and held until the commit. */
export async function writeAggregate(
  session: Session,
  row: AggregateRow,
  next: { state: string; body: unknown; isRemark?: boolean },
): Promise<{ rev: number; pos: number }> {
  const rev = row.rev + 1;
  const body = JSON.stringify(next.body);
  await session.db
    .updateTable('aggregate')
    .set({ rev, state: next.state, body, ...(next.isRemark === true ? {} : { state_rev: rev }) })
    .where('type', '=', row.type)
    .where('key', '=', row.key)
    .execute();
  const pos = await nextPosition(session, row.office_id);
  await session.db
    .insertInto('change')
    .values({ office_id: row.office_id, pos, entity: row.type, id: row.key, rev, op: 'upsert', body })
    .execute();
  return { rev, pos };
}

/**
 * The next place in an office's feed. The row stays locked until the commit, so places become visible in their order and a reader that
 * has seen place n has seen every place before it, on PostgreSQL too. Source: F-27
 */
async function nextPosition(session: Session, officeId: string): Promise<number> {
  const row = await session.db
    .insertInto('feed_sequencer')
    .values({ office_id: officeId, last_pos: 1 })
    .onConflict((conflict) => conflict.column('office_id').doUpdateSet((build) => ({ last_pos: build('feed_sequencer.last_pos', '+', 1) })))
    .returning('last_pos')
    .executeTakeFirstOrThrow();
  return row.last_pos;
}

export async function lastPosition(session: Session, officeId: string): Promise<number> {
  const row = await session.db.selectFrom('feed_sequencer').select('last_pos').where('office_id', '=', officeId).executeTakeFirst();
  return row?.last_pos ?? 0;
}
