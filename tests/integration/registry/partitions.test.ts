import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql, type Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import { postgresDialect } from '../../../src/registry/store/dialect.ts';
import { partitionOf } from '../../../src/registry/store/partition.ts';
import type { Tables } from '../../../src/registry/store/tables.ts';
import { startPrivatePostgres, type PrivatePostgres } from './private-postgres.ts';
import { activation, dataOf, lightPasswords, officeId, refusalOf, sendAndSign, TestDesk } from './test-desk.ts';

const deskTables = ['desk_head', 'desk_life', 'desk_command', 'audit_anchor'];
const aggregateTables = ['aggregate', 'change', 'act', 'command', 'lease', 'feed_sequencer'];

/** What a database of many machines relies on: PostgreSQL itself notes which transaction wrote into which partition. */
describe('partitions on PostgreSQL', () => {
  let folder: string;
  let postgres: PrivatePostgres;
  let registry: RunningRegistry;
  let db: Kysely<Tables>;
  let desks: TestDesk[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'partitions-'));
    postgres = await startPrivatePostgres();
    const database = await postgres.createDatabase('registry');
    registry = await startRegistry({ folder, database, seedTraining: { officeId }, passwordCost: lightPasswords });
    db = await postgresDialect(database).open();
    await sql`create table written (xid xid8 not null, name text not null, partition int not null)`.execute(db);
    await sql`create function note_written() returns trigger language plpgsql as $$
      begin
        insert into written values (pg_current_xact_id(), tg_argv[0], new.partition);
        return null;
      end $$`.execute(db);
    for (const table of [...deskTables, ...aggregateTables])
      await sql`create trigger note after insert or update on ${sql.table(table)} for each row execute function note_written(${sql.lit(table)})`.execute(
        db,
      );
    const ids = ['desk-1', 'desk-2', 'desk-3'];
    desks = await Promise.all(ids.map(async (deskId) => new TestDesk(registry, await registry.provisionDesk({ deskId, officeId }))));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(desks.map((desk) => desk.close()));
    await db.destroy();
    await registry.stop();
    rmSync(folder, { recursive: true });
  });

  const deskAt = (index: number): TestDesk => {
    const desk = desks[index];
    if (desk === undefined) throw new Error('A desk was expected.');
    return desk;
  };

  it('no transaction writes into two partitions, and none writes both of a desk and of an aggregate', async () => {
    await Promise.all(desks.map((desk) => desk.push(Array.from({ length: 40 }, () => refusalOf(desk, { desk_seq: desk.nextSeq() })))));
    const desk = deskAt(0);
    const { applicationId, after } = await sendAndSign(desk, dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
    expect((await desk.intent(activation(desk, applicationId, after))).result.outcome).toBe('applied');
    expect((await desk.call('POST', '/v1/leases', { applicationId, release: true, operatorLogin: 'leyla' })).status).toBe(200);
    const appoint = desk.command('operator.appoint', { operatorId: '0192f000-0000-7000-8000-000000000008', roles: ['auditor'] }, 'kamran', {
      base_rev: 1,
    });
    expect((await desk.intent(appoint)).result.outcome).toBe('applied');
    for (let tried = 0; tried < 5; tried += 1) await deskAt(1).signIn('rashad', 'yanlış');
    const { audit_anchor } = (await desk.call<{ audit_anchor: unknown }>('GET', '/v1/desk/epoch')).body;
    const raise = { raise_id: '0192f000-0000-7000-8000-00000000aaaa', from_epoch: 1, audit_anchor, cause: 'restored' };
    expect((await desk.call('POST', '/v1/desk/epoch', raise)).status).toBe(200);

    const { rows: wide } =
      await sql`select xid, array_agg(distinct name || '/' || partition) from written group by xid having count(distinct partition) > 1`.execute(
        db,
      );
    expect(wide).toEqual([]);
    const { rows: mixed } = await sql`
      select xid from written group by xid having bool_or(name = any(${deskTables})) and bool_or(name = any(${aggregateTables}))`.execute(
      db,
    );
    expect(mixed).toEqual([]);
    // The test saw what it is about.
    const { rows: names } = await sql<{ name: string }>`select distinct name from written order by name`.execute(db);
    expect(names.map((row) => row.name)).toEqual([...deskTables, ...aggregateTables].sort());
  }, 60_000);

  it('each of 64 tables holds its own keys, by a hash that PostgreSQL computes as the program does', async () => {
    const { rows } = await sql<{
      tables: number;
    }>`select count(*)::int as tables from pg_inherits where inhparent = 'command'::regclass`.execute(db);
    expect(rows).toEqual([{ tables: 64 }]);
    const { rows: keys } = await sql<{ key: string; partition: number; found: string; computed: number }>`
      select key, partition, tableoid::regclass::text as found, get_byte(sha256(convert_to(key, 'UTF8')), 0) % 64 as computed from aggregate`.execute(
      db,
    );
    expect(keys.length).toBeGreaterThan(120);
    for (const row of keys) {
      expect(row).toMatchObject({
        partition: partitionOf(row.key),
        computed: partitionOf(row.key),
        found: `aggregate_${partitionOf(row.key)}`,
      });
    }
  });

  it('a question about one desk or one aggregate goes to one table', async () => {
    const plan = await sql<
      Record<string, string>
    >`explain select * from command where partition in (5) and command_id in ('a', 'b')`.execute(db);
    const text = plan.rows.map((row) => Object.values(row).join()).join('\n');
    expect(text).toContain('command_5');
    expect(text).not.toMatch(/command_(?!5\b|5_)\d/u);
  });

  it('a database that is away is 503 with Retry-After, so that no command is taken for poison', async () => {
    const desk = deskAt(2);
    await postgres.stop();
    const answer = await desk.call('POST', '/v1/sync/commands', { commands: [refusalOf(desk, { desk_seq: desk.nextSeq() })] });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, body: { code: 'DATABASE_UNAVAILABLE' } });
  });
});
