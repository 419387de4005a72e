import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite, type SqliteConnection } from '../native.ts';
import { applications } from './0030-applications.ts';
import { keptCertificates } from './0105-kept-certificates.ts';

let connection: SqliteConnection;
beforeEach(async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  connection.pragma('foreign_keys=OFF');
  migrate(connection, [applications]);
});
afterEach(() => connection.close());

it('keeps what older cases made theirs, and lets a later case name the same certificate', () => {
  connection
    .prepare(
      `INSERT INTO certificate VALUES ('aa', 'first', 0, 'AUT', 'ACTIVE', 1, 2, 'three_years', '', '', ''), ('bb', 'first', 1, 'PER', 'ACTIVE', 1, 2, 'three_years', '', '', '')`,
    )
    .run({});
  migrate(connection, [applications, keptCertificates]);
  connection.prepare(`INSERT INTO kept_certificate VALUES ('second', 'bb', 0)`).run({});
  const all = connection
    .prepare('SELECT application_id || serial AS one FROM certificate_of_application ORDER BY application_id, ordinal')
    .all({});
  expect(all).toEqual([{ one: 'firstaa' }, { one: 'firstbb' }, { one: 'secondbb' }]);
  expect(() => connection.prepare(`INSERT INTO kept_certificate VALUES ('second', 'bb', 1)`).run({})).toThrow('UNIQUE');
});
