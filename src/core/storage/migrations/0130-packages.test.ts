import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { migrations } from './all.ts';
import { packages } from './0130-packages.ts';

it('a desk of the version before knows no package, and a barcode is read on one side of a package that is there', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  for (const version of [packages.version - 1, packages.version])
    migrate(
      connection,
      migrations.filter((step) => step.version <= version),
    );
  expect(connection.prepare('SELECT count(*) AS n FROM package').all()).toEqual([{ n: 0 }]);
  connection.exec("INSERT INTO package VALUES ('P1', 'RECORDED', 'cards', NULL, '{}', 'saved', 0)");
  connection.exec("INSERT INTO package_scan VALUES ('P1', 1, 'card', 'AA', 0, 0, 'leyla')");
  expect(() => connection.exec("INSERT INTO package_scan VALUES ('P1', 2, 'both', 'AA', 0, 0, 'leyla')")).toThrow(/CHECK/);
  expect(() => connection.exec("INSERT INTO package_scan VALUES ('P2', 1, 'card', 'AA', 0, 0, 'leyla')")).toThrow(/FOREIGN KEY/);
  connection.close();
});
