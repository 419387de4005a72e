import type { Migration } from './migration.ts';

/** The operators of the office as the registry names them, each one's proof for the time without a link, and wrong passwords in a row. */
export const operators: Migration = {
  version: 20,
  title: 'operators',
  up(run) {
    run(`CREATE TABLE operator(
      operator_id TEXT PRIMARY KEY,
      login TEXT NOT NULL UNIQUE,
      full_name TEXT NOT NULL,
      office_id TEXT NOT NULL,
      roles TEXT NOT NULL,
      is_disabled INTEGER NOT NULL CHECK(is_disabled IN (0, 1)),
      is_locked_out INTEGER NOT NULL CHECK(is_locked_out IN (0, 1)),
      must_change_password INTEGER NOT NULL CHECK(must_change_password IN (0, 1)),
      appointments TEXT NOT NULL,
      rev INTEGER NOT NULL,
      verifier TEXT NOT NULL,
      seen_online_at_ms INTEGER,
      last_seen_at_ms INTEGER
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE sign_in_attempt(
      login TEXT PRIMARY KEY,
      failed INTEGER NOT NULL,
      locked_until_ms INTEGER NOT NULL,
      last_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
  },
};
