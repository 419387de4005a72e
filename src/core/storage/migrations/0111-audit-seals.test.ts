import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { auditSeals } from './0111-audit-seals.ts';

it('keeps seals and countersignatures as they were written', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [auditSeals]);
  connection.exec("INSERT INTO audit_seal VALUES (1, 1, 100, x'00', 0, x'00', 1, x'01', x'02', 's')");
  connection.exec("INSERT INTO audit_seal_anchor VALUES (1, 1, x'00', 0, 's')");
  expect(() => connection.exec('UPDATE audit_seal SET upto_seq = 99')).toThrow('never rewritten');
  expect(() => connection.exec('DELETE FROM audit_seal_anchor')).toThrow('never deleted');
  expect(() => connection.exec("INSERT INTO audit_seal VALUES (2, 1, 100, x'00', 0, x'00', 0, x'01', x'02', 's')")).toThrow('UNIQUE');
  connection.close();
});
