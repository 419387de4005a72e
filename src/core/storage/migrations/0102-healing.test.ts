import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { foundation } from './0010-foundation.ts';
import { applications } from './0030-applications.ts';
import { healing } from './0102-healing.ts';

it('removes nothing that was there and finds what is stale or open by an index', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [foundation, applications]);
  connection.exec("INSERT INTO entity_revs(entity, id, rev, is_deleted, is_stale) VALUES ('application', 'a', 1, 0, 0)");
  migrate(connection, [foundation, applications, healing]);
  expect(connection.prepare('SELECT is_resyncing FROM sync_state').all()).toEqual([{ is_resyncing: 0 }]);
  expect(connection.prepare('SELECT id FROM entity_revs').all()).toEqual([{ id: 'a' }]);
  const planOf = (sql: string): string => (connection.prepare(sql).all() as { detail: string }[]).map(({ detail }) => detail).join();
  expect(planOf('EXPLAIN QUERY PLAN SELECT entity, id FROM entity_revs WHERE is_stale = 1 LIMIT 20')).toContain('entity_revs_stale');
  expect(planOf('EXPLAIN QUERY PLAN SELECT 1 FROM receipt_history WHERE answered_at_ms IS NULL LIMIT 1')).toContain('receipt_history_open');
  connection.close();
});
