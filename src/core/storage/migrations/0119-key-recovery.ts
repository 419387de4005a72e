import type { Migration } from './migration.ts';

/**
 * For which recovery keys the database key was wrapped, and each time it was brought back to a device. The wraps themselves lie beside the database:
 * inside it nobody could read them when they are needed. Source: ADR-0024
 */
export const keyRecovery: Migration = {
  version: 119,
  title: 'key-recovery',
  up(run) {
    run(`CREATE TABLE key_wrap(
      recovery_key_id TEXT NOT NULL,
      database_key_id TEXT NOT NULL,
      sealed_at_ms INTEGER NOT NULL,
      PRIMARY KEY(recovery_key_id, database_key_id, sealed_at_ms)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE key_return(
      request_id TEXT PRIMARY KEY,
      check_number TEXT NOT NULL,
      first_login TEXT NOT NULL,
      second_login TEXT NOT NULL,
      recovery_key_id TEXT NOT NULL,
      recorded_at_ms INTEGER NOT NULL,
      noted_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    for (const table of ['key_wrap', 'key_return'])
      run(
        `CREATE TRIGGER ${table}_is_final BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'what was written of a key is final'); END`,
      );
  },
};
