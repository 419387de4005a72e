import type { Migration } from './migration.ts';

/**
 * What the care of the storage leaves behind: each run of the maintenance process, each restoration with its counts, the audit rows that were
 * saved from a damaged file but could not be joined to the chain, and commands that only the registry still knew. Source: ADR-0003
 */
export const storageSafety: Migration = {
  version: 90,
  title: 'storage-safety',
  up(run) {
    run(`CREATE TABLE maintenance_run(
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK(kind IN ('backup', 'check', 'drill', 'tail_dropped')),
      at_ms INTEGER NOT NULL,
      took_ms INTEGER NOT NULL,
      code TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT`);
    run(`CREATE INDEX maintenance_run_newest ON maintenance_run(kind, at_ms)`);

    run(`CREATE TABLE restoration(
      id INTEGER PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      cause TEXT NOT NULL CHECK(cause IN ('damaged', 'asked')),
      backup_at_ms INTEGER,
      desk_epoch INTEGER NOT NULL,
      by_login TEXT NOT NULL,
      raise_id TEXT NOT NULL,
      life_began_at_ms INTEGER,
      counts TEXT NOT NULL,
      reconciled_at_ms INTEGER,
      reconciliation TEXT NOT NULL DEFAULT '',
      seen_at_ms INTEGER,
      seen_by TEXT NOT NULL DEFAULT ''
    ) STRICT`);

    run(`CREATE TABLE salvaged_audit(
      desk_epoch INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      act TEXT NOT NULL,
      operator_login TEXT NOT NULL,
      rec BLOB NOT NULL,
      prev BLOB NOT NULL,
      h BLOB NOT NULL,
      PRIMARY KEY(desk_epoch, seq)
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE registry_history(
      command_id TEXT PRIMARY KEY,
      desk_epoch INTEGER NOT NULL,
      desk_seq INTEGER NOT NULL,
      aggregate TEXT NOT NULL,
      kind TEXT NOT NULL,
      occurred_at_ms INTEGER NOT NULL,
      operator_login TEXT NOT NULL,
      outcome TEXT NOT NULL,
      found_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
  },
};
