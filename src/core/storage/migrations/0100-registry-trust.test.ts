import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { foundation } from './0010-foundation.ts';
import { registryTrust } from './0100-registry-trust.ts';

it('keeps one policy and one contact, and never rewrites what the registry countersigned', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [foundation, registryTrust]);
  connection.exec("INSERT INTO audit_anchor(epoch, seq, head, at_ms, sig) VALUES (1, 5, 'aa', 0, 's')");
  expect(() => connection.exec("UPDATE audit_anchor SET head = 'bb'")).toThrow('an anchor is never rewritten');
  expect(() => connection.exec('DELETE FROM audit_anchor')).toThrow('an anchor is never deleted');
  expect(() => connection.exec("INSERT INTO registry_policy VALUES (2, '', '', 0)")).toThrow(/CHECK/);
  expect(() => connection.exec('INSERT INTO registry_contact VALUES (2, 0, 0)')).toThrow(/CHECK/);
  connection.close();
});
