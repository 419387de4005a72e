import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { migrations } from './all.ts';
import { pinRequests } from './0131-pin-requests.ts';

it('a number of a new envelope is never given again', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  for (const version of [pinRequests.version - 1, pinRequests.version])
    migrate(
      connection,
      migrations.filter((step) => step.version <= version),
    );
  connection.exec("INSERT INTO pin_request VALUES ('r1', 'SENT_TO_CENTRE', 'AA', NULL, '{}', 'saved', 0)");
  connection.exec("INSERT INTO pin_renewal_envelope VALUES ('AA-R01', 'r1', 'taken', 0)");
  connection.exec("UPDATE pin_renewal_envelope SET state = 'spoilt'");
  expect(() => connection.exec("UPDATE pin_renewal_envelope SET state = 'printed'")).toThrow(/never given again/);
  expect(() => connection.exec('DELETE FROM pin_renewal_envelope')).toThrow(/never given again/);
  expect(() => connection.exec("INSERT INTO pin_renewal_envelope VALUES ('AA-R01', 'r1', 'taken', 0)")).toThrow(/UNIQUE/);
  connection.close();
});
