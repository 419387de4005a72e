import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { applications } from './0030-applications.ts';
import { leaseRevision } from './0106-lease-revision.ts';

it('knows of no lease from before: the next news of the registry decides', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [applications, leaseRevision]);
  const column = connection.prepare("SELECT dflt_value AS value FROM pragma_table_info('application') WHERE name = 'lease_rev'").get({});
  expect(column).toEqual({ value: '0' });
  connection.close();
});
