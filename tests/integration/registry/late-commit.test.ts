import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresDialect, type Dialect } from '../../../src/registry/store/dialect.ts';
import { openStore } from '../../../src/registry/store/store.ts';
import type { Tables } from '../../../src/registry/store/tables.ts';
import { count } from '../../support/counts.ts';
import { runLateCommits } from './late-commit.ts';
import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';

let postgres: PrivatePostgres;
let dialect: Dialect;
const sessions: Kysely<Tables>[] = [];

beforeAll(async () => {
  postgres = await startPrivatePostgres();
  dialect = postgresDialect(await postgres.createDatabase('late'));
  await (await openStore(dialect)).close();
  for (let index = 0; index < 3; index += 1) sessions.push(await dialect.open());
}, 60_000);
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.destroy()));
  await postgres.stop();
});

it('fault 27 I-7: two PostgreSQL sessions that commit out of order hide no change from a reader that follows', async () => {
  const [one, other, reader] = sessions;
  if (one === undefined || other === undefined || reader === undefined) throw new Error('Three sessions were expected.');
  const schedules = count(100, 1000);
  expect(await runLateCommits(one, other, reader, dialect, schedules)).toEqual({ schedules, skipped: 0, gotTwice: 0 });
}, 600_000);
