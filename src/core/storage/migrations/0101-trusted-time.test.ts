import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { foundation } from './0010-foundation.ts';
import { trustedTime } from './0101-trusted-time.ts';

it('keeps the state of the exchange as it was and knows no error of the clock yet', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [foundation]);
  connection.exec("UPDATE sync_state SET cursor = 'c', clock_offset_ms = 5");
  migrate(connection, [foundation, trustedTime]);
  expect(connection.prepare('SELECT cursor, clock_offset_ms, clock_error_ms FROM sync_state').all()).toEqual([
    { cursor: 'c', clock_offset_ms: 5, clock_error_ms: null },
  ]);
  const plan = connection.prepare('EXPLAIN QUERY PLAN SELECT count(*) FROM clock_event WHERE seen_at_ms IS NULL').all() as {
    detail: string;
  }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('clock_event_unseen');
  connection.close();
});
