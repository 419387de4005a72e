import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sqliteDialect } from './dialect.ts';
import { migrations } from './migrations.ts';
import { partitionCount, partitionOf } from './partition.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'migrate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Rows = Record<string, Record<string, unknown>>;

/** A database as the first version left it. */
async function makeOldDatabase(file: string, fill: (db: Kysely<Rows>) => Promise<void>): Promise<void> {
  const dialect = sqliteDialect(file);
  const db = await dialect.open();
  await sql`pragma synchronous = off`.execute(db);
  await migrations[0]?.(db, dialect);
  await sql`create table meta (key text primary key, value text not null)`.execute(db);
  await sql`insert into meta values ('schema_version', '1')`.execute(db);
  await fill(db as unknown as Kysely<Rows>);
  await db.destroy();
}

it('spreads what is there over the partitions and loses no row', async () => {
  const file = path.join(folder, 'registry.sqlite');
  const cases = Array.from({ length: 700 }, (_, index) => `case-${index}`);
  await makeOldDatabase(file, async (db) => {
    for (const [index, key] of cases.entries()) {
      const common = { office_id: index % 2 === 0 ? 'a' : 'b', aggregate_key: key };
      const seq = index + 1;
      await db
        .insertInto('aggregate')
        .values({ type: 'application', key, office_id: common.office_id, rev: 1, state_rev: 1, state: 'X', body: '{}' })
        .execute();
      await db
        .insertInto('change')
        .values({ office_id: common.office_id, pos: seq, entity: 'application', id: key, rev: 1, op: 'upsert', body: '{}' })
        .execute();
      await db
        .insertInto('command')
        .values({
          ...{
            command_id: `command-${index}`,
            desk_id: 'desk',
            office_id: common.office_id,
            desk_epoch: 1,
            desk_seq: seq,
            aggregate_type: 'application',
          },
          ...{ aggregate_key: key, kind: 'k', fingerprint: 'f', envelope: '{}', received_at_ms: 1, rev_after: 1 },
          // The last one was still waiting for its answer.
          ...(seq === cases.length ? { result: null, receipt: null } : { result: '{}', receipt: '{}' }),
        })
        .execute();
    }
    await db
      .insertInto('aggregate')
      .values({ type: 'operator', key: 'leyla', office_id: 'a', rev: 3, state_rev: 1, state: 'enabled', body: '{"login":"leyla"}' })
      .execute();
    await db
      .insertInto('lease')
      .values({ application_id: 'case-1', desk_id: 'desk', token: 4, until_ms: 9, operator_login: 'leyla' })
      .execute();
    await db
      .insertInto('desk_sequence')
      .values([
        { desk_id: 'desk', epoch: 1, last_seq: 700 },
        { desk_id: 'desk', epoch: 2, last_seq: 5 },
      ])
      .execute();
  });

  const store = await openStore(sqliteDialect(file));
  await store.read(async ({ db }) => {
    const aggregates = await db.selectFrom('aggregate').selectAll().where('type', '=', 'application').execute();
    expect(aggregates.map((row) => row.key).sort()).toEqual([...cases].sort());
    expect(aggregates.every((row) => row.partition === partitionOf(row.key))).toBe(true);
    expect(new Set(aggregates.map((row) => row.partition)).size).toBe(partitionCount);
    expect(await db.selectFrom('command').select('command_id').execute()).toHaveLength(699);
    const places = await db.selectFrom('desk_command').select(['seq', 'partition']).orderBy('seq').execute();
    expect(places.map((row) => row.seq)).toEqual(cases.map((_, index) => index + 1));
    expect(new Set(places.map((row) => row.partition))).toEqual(new Set([partitionOf('desk')]));
    expect(await db.selectFrom('desk_head').select(['desk_id', 'epoch', 'last_seq']).execute()).toEqual([
      { desk_id: 'desk', epoch: 2, last_seq: 5 },
    ]);
    expect(await db.selectFrom('operator_record').selectAll().execute()).toEqual([
      { operator_id: 'leyla', office_id: 'a', record: '{"login":"leyla"}' },
    ]);
    expect(await db.selectFrom('lease').select(['partition', 'token']).execute()).toEqual([{ partition: partitionOf('case-1'), token: 4 }]);
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from feed_sequencer s
      where s.last_place = (select count(*) from change c where c.partition = s.partition and c.office_id = s.office_id)
        and s.last_place = (select max(place) from change c where c.partition = s.partition and c.office_id = s.office_id)`.execute(db);
    const feeds = await db.selectFrom('feed_sequencer').selectAll().execute();
    expect(rows[0]?.n).toBe(feeds.length);
    expect(feeds.reduce((sum, feed) => sum + feed.last_place, 0)).toBe(700);
  });
  await store.close();
});
