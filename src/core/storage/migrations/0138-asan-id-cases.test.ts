import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { asanIdCases } from './0138-asan-id-cases.ts';
import { applications } from './0030-applications.ts';
import { representative } from './0080-representative.ts';

it('AID-10 HND-05: older searches stay what they were, and those of an Asan ID stand beside them', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [applications, representative]);
  connection.exec(
    `INSERT INTO application VALUES ('a', 'DRAFT', '{}', 1, NULL, 'desk-01', 'o', 'leyla', 'Leyla', 'is_bearer', '', 1, NULL, NULL, '', 0, 'none', 0, 0, 0, 0, '', 0, 0,
      '', 'none', NULL, NULL, 'saved', 1, 'applicant', '', '')`,
  );
  const search = (id: string, ordinal: number, kind: string): void => {
    connection
      .prepare("INSERT INTO look_up VALUES (?, 'a', ?, ?, 1, 'not_found', 'İAMAS', 5, '1', 'key', '{}', 'hash', 'leyla')")
      .run(id, ordinal, kind);
  };
  search('q1', 1, 'person');
  expect(() => {
    search('q2', 2, 'entitlement');
  }).toThrow(/CHECK/u);
  const before = connection.prepare('SELECT * FROM look_up').all();
  migrate(connection, [applications, representative, asanIdCases]);
  expect(connection.prepare('SELECT * FROM look_up').all()).toEqual(before);
  expect(connection.prepare('SELECT card, card_hand_over FROM application').all()).toEqual([{ card: null, card_hand_over: null }]);
  search('q2', 2, 'entitlement');
  search('q3', 3, 'holder');
  expect(() => {
    search('q4', 4, 'neighbour');
  }).toThrow(/CHECK/u);
  expect(connection.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  connection.close();
});
