import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { keyRecovery } from './0119-key-recovery.ts';

it('keeps what was written of a key', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [keyRecovery]);
  connection.exec("INSERT INTO key_wrap VALUES ('r', 'd', 1)");
  connection.exec("INSERT INTO key_return VALUES ('id', '1', 'a', 'b', 'r', 1, 2)");
  expect(() => connection.exec('UPDATE key_wrap SET sealed_at_ms = 2')).toThrow('final');
  expect(() => connection.exec("UPDATE key_return SET second_login = 'c'")).toThrow('final');
  connection.close();
});
