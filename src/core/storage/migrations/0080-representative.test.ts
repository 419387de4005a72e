import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite, type SqliteConnection } from '../native.ts';
import { applications } from './0030-applications.ts';
import { representative } from './0080-representative.ts';

let connection: SqliteConnection;
beforeEach(async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(connection, [applications]);
});
afterEach(() => connection.close());

const insertCase = (id: string, bearer: string, data: string): void => {
  connection
    .prepare(
      `INSERT INTO application VALUES (?, 'DRAFT', ?, 1, NULL, 'desk-01', 'o', 'leyla', 'Leyla', ?, '', 1, NULL, NULL, '', 0, 'none', 0, 0, 0, 0, '', 0, 0,
        '', 'none', NULL, NULL, 'saved', 1)`,
    )
    .run(id, data, bearer);
};
const insertLookUp = (id: string, ordinal: number, kind: string): void => {
  connection
    .prepare("INSERT INTO look_up VALUES (?, 'a', ?, ?, 1, 'not_found', 'İAMAS', 5, '1', 'key', '{}', 'hash', 'leyla')")
    .run(id, ordinal, kind);
};

it('COM-16: the one who filed an older case is the one that its application names, and nobody where the bearer was not asked', () => {
  insertCase('a', 'is_bearer', '{"representative":{"isPresent":false}}');
  insertCase('b', 'is_bearer', '{"representative":{"isPresent":true}}');
  insertCase('c', 'not_asked', '{}');
  insertCase('d', 'is_bearer', '{}');
  migrate(connection, [applications, representative]);
  expect(connection.prepare('SELECT attendee, contract_signed_by, handed_to FROM application ORDER BY application_id').all()).toEqual([
    { attendee: 'applicant', contract_signed_by: '', handed_to: '' },
    { attendee: 'representative', contract_signed_by: '', handed_to: '' },
    { attendee: '', contract_signed_by: '', handed_to: '' },
    { attendee: 'applicant', contract_signed_by: '', handed_to: '' },
  ]);
});

it('COM-07 COM-16: older searches and notes stay what they were, and a search for the representative stands beside them', () => {
  insertCase('a', 'is_bearer', '{}');
  insertLookUp('q1', 1, 'person');
  insertLookUp('q2', 2, 'sim');
  connection.exec(`INSERT INTO invalidity_note VALUES ('n1', 'a', 'person', 'key', '["q1"]', 5, 'leyla')`);
  expect(() => {
    insertLookUp('q3', 3, 'representative');
  }).toThrow(/CHECK/u);
  const before = connection.prepare('SELECT * FROM look_up ORDER BY ordinal').all();
  const notes = connection.prepare('SELECT * FROM invalidity_note').all();
  migrate(connection, [applications, representative]);
  expect(connection.prepare('SELECT * FROM look_up ORDER BY ordinal').all()).toEqual(before);
  expect(connection.prepare('SELECT * FROM invalidity_note').all()).toEqual(notes);
  insertLookUp('q3', 3, 'representative');
  connection.exec(`INSERT INTO invalidity_note VALUES ('n2', 'a', 'representative', 'key', '["q3"]', 5, 'leyla')`);
  expect(() => {
    insertLookUp('q4', 4, 'neighbour');
  }).toThrow(/CHECK/u);
  expect(() => {
    insertLookUp('q5', 3, 'sim');
  }).toThrow(/UNIQUE/u);
  expect(connection.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
});
