import { sql, type Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { postgresDialect, type Dialect } from '../../../src/registry/store/dialect.ts';
import type * as feedPlaces from '../../../src/registry/store/feed-places.ts';
import { openStore, type Session } from '../../../src/registry/store/store.ts';
import type { Tables } from '../../../src/registry/store/tables.ts';
import { runLateCommits } from './late-commit.ts';
import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';

/**
 * The mutant "bare sequence cursor": places come from a sequence that nobody holds until the commit, and the reader asks for what is above the last one it saw. Put
 * in place of the module as a build alias would, so that everything around it is the product.
 */
vi.mock('../../../src/registry/store/feed-places.ts', async (original) => ({
  ...(await original<typeof feedPlaces>()),
  takePlaces: async ({ db }: Session, _partition: number, _officeId: string, wanted: number): Promise<number> => {
    const { rows } = await sql<{ place: number }>`select nextval('bare_places') as place from generate_series(1, ${wanted}::int)`.execute(
      db,
    );
    return Number(rows[0]?.place);
  },
  readNews: async ({ db }: Session, officeId: string, from: readonly number[], limit: number): Promise<feedPlaces.News> => {
    const last = Math.max(...from);
    const changes = await db
      .selectFrom('change')
      .selectAll()
      .where('office_id', '=', officeId)
      .where('place', '>', last)
      .orderBy('place')
      .limit(limit)
      .execute();
    return { changes, places: from.map(() => changes.at(-1)?.place ?? last), hasMore: false };
  },
}));

let postgres: PrivatePostgres;
let dialect: Dialect;
const sessions: Kysely<Tables>[] = [];

beforeAll(async () => {
  postgres = await startPrivatePostgres();
  dialect = postgresDialect(await postgres.createDatabase('late'));
  await (await openStore(dialect)).close();
  for (let index = 0; index < 3; index += 1) sessions.push(await dialect.open());
  const [first] = sessions;
  if (first !== undefined) await sql`create sequence bare_places`.execute(first);
}, 60_000);
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.destroy()));
  await postgres.stop();
});

it('fault 27: the same schedules catch a feed that reads by a bare sequence', async () => {
  const [one, other, reader] = sessions;
  if (one === undefined || other === undefined || reader === undefined) throw new Error('Three sessions were expected.');
  const { skipped } = await runLateCommits(one, other, reader, dialect, 20);
  expect(skipped).toBeGreaterThan(5);
}, 120_000);
