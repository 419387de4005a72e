import type { Migration } from './migration.ts';

/**
 * What a reading of everything anew, and a registry that came back from an older copy, leave behind: cases that the registry no longer has
 * (their history stays), receipts that were given before, and the proof that every place of this desk arrived. Source: F-24, F-26, I-19
 */
export const healing: Migration = {
  version: 102,
  title: 'healing',
  up(run) {
    run(`ALTER TABLE application ADD COLUMN removed_at_ms INTEGER`);
    run(`ALTER TABLE sync_state ADD COLUMN is_resyncing INTEGER NOT NULL DEFAULT 0`);
    run(`CREATE INDEX entity_revs_stale ON entity_revs(entity, id) WHERE is_stale = 1`);
    run(`CREATE INDEX inbox_deferred_entity ON inbox_deferred(entity, entity_id)`);
    run(`CREATE TABLE receipt_history(
      command_id TEXT NOT NULL,
      registry_epoch TEXT NOT NULL,
      result TEXT NOT NULL,
      receipt TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      reopened_at_ms INTEGER NOT NULL,
      answered_at_ms INTEGER,
      difference TEXT NOT NULL DEFAULT '' CHECK(difference IN ('', 'outcome', 'certificates')),
      PRIMARY KEY(command_id, registry_epoch)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX receipt_history_open ON receipt_history(command_id) WHERE answered_at_ms IS NULL`);
    run(`CREATE TABLE place_proof(
      epoch INTEGER PRIMARY KEY,
      registry_epoch TEXT NOT NULL,
      proven_seq INTEGER NOT NULL,
      checked_at_ms INTEGER NOT NULL,
      missing INTEGER NOT NULL
    ) STRICT`);
  },
};
