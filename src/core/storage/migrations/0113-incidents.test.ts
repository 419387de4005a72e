import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { migrations } from './all.ts';
import { incidents } from './0113-incidents.ts';

it('a desk of the version before has no incident and no run that was not closed', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(
    connection,
    migrations.filter(({ version }) => version < incidents.version),
  );
  migrate(
    connection,
    migrations.filter(({ version }) => version <= incidents.version),
  );
  const counted =
    'SELECT (SELECT count(*) FROM incident) + (SELECT count(*) FROM incident_handling) + (SELECT count(*) FROM run_mark) AS n';
  expect(connection.prepare(counted).all()).toEqual([{ n: 0 }]);
  connection.close();
});
