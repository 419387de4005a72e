import type { Migration } from './migration.ts';

/** Seals over the audit chain and the registry's word for them; the key that makes the next one lies outside the database. Source: ADR-0024 */
export const auditSeals: Migration = {
  version: 111,
  title: 'audit-seals',
  up(run) {
    run(`CREATE TABLE audit_seal(
      no INTEGER PRIMARY KEY,
      epoch INTEGER NOT NULL,
      upto_seq INTEGER NOT NULL UNIQUE,
      head BLOB NOT NULL,
      at_ms INTEGER NOT NULL,
      prev BLOB NOT NULL,
      begins INTEGER NOT NULL CHECK(begins IN (0, 1)),
      key BLOB NOT NULL,
      next_key BLOB NOT NULL,
      sig TEXT NOT NULL
    ) STRICT`);
    run(`CREATE TABLE audit_seal_anchor(
      no INTEGER PRIMARY KEY,
      epoch INTEGER NOT NULL,
      seal BLOB NOT NULL,
      at_ms INTEGER NOT NULL,
      sig TEXT NOT NULL
    ) STRICT`);
    for (const table of ['audit_seal', 'audit_seal_anchor']) {
      run(`CREATE TRIGGER ${table}_is_final BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'a seal is never rewritten'); END`);
      run(`CREATE TRIGGER ${table}_stays BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END`);
    }
  },
};
