import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, applyProfile } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite, type SqliteConnection } from '../native.ts';
import { foundation } from './0010-foundation.ts';

let connection: SqliteConnection;
beforeEach(async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
});
afterEach(() => connection.close());

it('makes the tables of the exchange and one row of its state', () => {
  migrate(connection, [foundation]);
  expect(connection.pragma('user_version', { simple: true })).toBe(10);
  expect(connection.prepare('SELECT desk_epoch, cursor, frozen_code FROM sync_state').all()).toEqual([
    { desk_epoch: 1, cursor: '', frozen_code: '' },
  ]);
  expect(() =>
    connection.exec("INSERT INTO sync_state SELECT 2, cursor, registry_epoch, registry_info, 1, NULL, 0, 0, '', NULL, '' FROM sync_state"),
  ).toThrow(/CHECK/);
});

it('is repeated without effect, and broken off anywhere leaves nothing', () => {
  let statements = 0;
  migrate(connection, [foundation], () => {
    statements += 1;
  });
  migrate(connection, [foundation]);
  for (let at = 1; at <= statements; at += 1) {
    const fresh = connect(connection.constructor as Parameters<typeof connect>[0], ':memory:', '0'.repeat(64));
    let done = 0;
    const breakOff = (): void => {
      done += 1;
      if (done === at) throw new Error('power cut');
    };
    expect(() => migrate(fresh, [foundation], breakOff)).toThrow('power cut');
    expect(fresh.pragma('user_version', { simple: true })).toBe(0);
    expect(fresh.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
    fresh.close();
  }
});

it('asks hot queries of indexes and not of whole tables', () => {
  migrate(connection, [foundation]);
  const plan = (sql: string): string =>
    connection
      .prepare(sql)
      .all()
      .map((row) => (row as { detail: string }).detail)
      .join('; ');
  expect(
    plan(
      'EXPLAIN QUERY PLAN SELECT lane, seq, aggregate, state, not_before_ms, size_bytes FROM outbox WHERE state IN (0, 2, 3) AND (lane, seq) > (1, 5) ORDER BY lane, seq LIMIT 128',
    ),
  ).toMatch(/COVERING INDEX outbox_open/);
  expect(
    plan('EXPLAIN QUERY PLAN SELECT min(not_before_ms) FROM outbox WHERE state = 0 AND not_before_ms > 0 AND not_before_ms > 99'),
  ).toContain('outbox_waiting');
  expect(plan("EXPLAIN QUERY PLAN UPDATE outbox SET state = 4 WHERE state = 2 AND aggregate = 'a' AND conflict_rev <= 3")).toContain(
    'outbox_conflict',
  );
  expect(plan('EXPLAIN QUERY PLAN SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1')).not.toContain('TEMP');
});
