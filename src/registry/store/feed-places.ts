import { sql } from 'kysely';
import { partitionCount } from './partition.ts';
import type { Session } from './store.ts';

/**
 * Places in the change feed. Every partition counts the places of every office by itself: 1, 2, 3 … without a gap. The counter's row stays
 * locked from the moment a place is taken until the commit, so places become visible in their order, and a reader that has seen the counter at
 * n finds every place up to n, whatever commits late. No counter is shared by two partitions. Source: F-27, I-7
 */
export async function takePlaces(session: Session, partition: number, officeId: string, count: number): Promise<number> {
  const row = await session.db
    .insertInto('feed_sequencer')
    .values({ partition, office_id: officeId, last_place: count })
    .onConflict((conflict) =>
      conflict.columns(['partition', 'office_id']).doUpdateSet((build) => ({ last_place: build('feed_sequencer.last_place', '+', count) })),
    )
    .returning('last_place')
    .executeTakeFirstOrThrow();
  return row.last_place - count + 1;
}

/** How far each partition of the office has come; 0 where nothing has happened yet. */
export async function listLastPlaces(session: Session, officeId: string): Promise<number[]> {
  const rows = await session.db
    .selectFrom('feed_sequencer')
    .select(['partition', 'last_place'])
    .where('office_id', '=', officeId)
    .execute();
  const places = new Array<number>(partitionCount).fill(0);
  for (const row of rows) places[row.partition] = row.last_place;
  return places;
}

export async function lastPlace(session: Session, partition: number, officeId: string): Promise<number> {
  const row = await session.db
    .selectFrom('feed_sequencer')
    .select('last_place')
    .where('partition', '=', partition)
    .where('office_id', '=', officeId)
    .executeTakeFirst();
  return row?.last_place ?? 0;
}

export interface PlacedChange {
  readonly partition: number;
  readonly place: number;
  readonly entity: string;
  readonly id: string;
  readonly rev: number;
  readonly op: 'upsert' | 'tombstone';
  readonly body: string;
}

export interface News {
  readonly changes: readonly PlacedChange[];
  /** How far each partition has been read now. */
  readonly places: readonly number[];
  readonly hasMore: boolean;
}

/** What stands after the given places, at most `limit` rows: partition by partition, each in its order. */
export async function readNews(session: Session, officeId: string, from: readonly number[], limit: number): Promise<News> {
  const last = await listLastPlaces(session, officeId);
  const places = [...from];
  const ranges: { readonly partition: number; readonly after: number; readonly upTo: number }[] = [];
  let left = limit;
  for (let partition = 0; partition < partitionCount && left > 0; partition += 1) {
    const after = from[partition] ?? 0;
    const upTo = Math.min(last[partition] ?? 0, after + left);
    if (upTo <= after) continue;
    left -= upTo - after;
    places[partition] = upTo;
    ranges.push({ partition, after, upTo });
  }
  const hasMore = last.some((place, partition) => place > (places[partition] ?? 0));
  if (ranges.length === 0) return { changes: [], places, hasMore };
  // One range of one partition each: the database goes to nothing else.
  const arms = ranges.map(
    ({ partition, after, upTo }) =>
      sql`select partition, place, entity, id, rev, op, body from change where partition = ${partition} and office_id = ${officeId} and place > ${after} and place <= ${upTo}`,
  );
  const { rows } = await sql<PlacedChange>`${sql.join(arms, sql` union all `)} order by partition, place`.execute(session.db);
  return { changes: rows, places, hasMore };
}

/** The place as the protocol shows it: one number for the office, growing within each partition. */
export function positionOf(partition: number, place: number): number {
  return place * partitionCount + partition;
}
