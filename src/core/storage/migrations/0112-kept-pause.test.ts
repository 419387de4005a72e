import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { foundation } from './0010-foundation.ts';
import { keptPause } from './0112-kept-pause.ts';

it('keeps the wait that was stored and knows of no pause that the registry asked for', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [foundation]);
  connection.exec('UPDATE sync_state SET attempt = 3, not_before_ms = 77');
  migrate(connection, [foundation, keptPause]);
  expect(connection.prepare('SELECT attempt, not_before_ms, busy_until_ms FROM sync_state').all()).toEqual([
    { attempt: 3, not_before_ms: 77, busy_until_ms: 0 },
  ]);
  connection.close();
});
