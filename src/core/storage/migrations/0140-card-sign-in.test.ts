import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { operators } from './0020-operators.ts';
import { cardSignIn } from './0140-card-sign-in.ts';

it('an operator of before has no card, and one card is pinned for one operator', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [operators, cardSignIn]);
  const column = connection.prepare("SELECT dflt_value AS value FROM pragma_table_info('operator') WHERE name = 'card'").get({});
  expect(column).toEqual({ value: "''" });
  connection.exec("INSERT INTO operator_card VALUES ('a', 'x', x'00', 1)");
  expect(() => connection.exec("INSERT INTO operator_card VALUES ('b', 'x', x'00', 1)")).toThrow('UNIQUE');
  connection.close();
});
