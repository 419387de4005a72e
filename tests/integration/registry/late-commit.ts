import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { lockAggregate, writeAggregate } from '../../../src/registry/store/aggregates.ts';
import { readNews } from '../../../src/registry/store/feed-places.ts';
import { partitionCount, partitionOf } from '../../../src/registry/store/partition.ts';
import type { Session } from '../../../src/registry/store/store.ts';
import type { Tables } from '../../../src/registry/store/tables.ts';
import type { Dialect } from '../../../src/registry/store/dialect.ts';

export interface LateCommitOutcome {
  readonly schedules: number;
  /** Changes that were committed and that the reader never got. */
  readonly skipped: number;
  readonly gotTwice: number;
}

/** A committed change is in the feed within so many looks, or it never will be. */
const looksAtTheEnd = 3;

/**
 * Two sessions write to one office, the first begins and the second commits before it, while a reader follows the feed. Half of the time both write to one
 * partition, half to two. Source: fault 27
 */
export async function runLateCommits(
  one: Kysely<Tables>,
  other: Kysely<Tables>,
  reader: Kysely<Tables>,
  dialect: Dialect,
  schedules: number,
): Promise<LateCommitOutcome> {
  const officeId = `late-${uuidv7()}`;
  const committed = new Set<string>();
  const got: string[] = [];
  let places: readonly number[] = new Array<number>(partitionCount).fill(0);
  const look = async () => {
    const news = await readNews({ db: reader, dialect }, officeId, places, 100);
    places = news.places;
    got.push(...news.changes.map((change) => change.id));
  };
  const write = async (session: Session, key: string) => {
    const row = await lockAggregate(session, 'late', key, officeId);
    await writeAggregate(session, row, { state: '', body: {} });
  };

  for (let schedule = 0; schedule < schedules; schedule += 1) {
    const first = uuidv7();
    const second = schedule % 2 === 0 ? neighbourOf(first) : uuidv7();
    const early = await one.startTransaction().execute();
    const late = await other.startTransaction().execute();
    await write({ db: early, dialect }, first);
    // In one partition the second waits for the first: then it commits after it, which is the promise.
    const finishing = write({ db: late, dialect }, second)
      .then(() => late.commit().execute())
      .then(() => committed.add(second));
    await Promise.race([finishing, new Promise((resolve) => setTimeout(resolve, 15))]);
    await look();
    if (schedule % 7 === 6 && !committed.has(second)) await early.rollback().execute();
    else {
      await early.commit().execute();
      committed.add(first);
    }
    await finishing;
    await look();
  }
  for (let looked = 0; looked < looksAtTheEnd; looked += 1) await look();
  return { schedules, skipped: [...committed].filter((id) => !got.includes(id)).length, gotTwice: got.length - new Set(got).size };
}

function neighbourOf(key: string): string {
  for (;;) {
    const other = uuidv7();
    if (partitionOf(other) === partitionOf(key)) return other;
  }
}
