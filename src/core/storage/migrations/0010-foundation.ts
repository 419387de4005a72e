import type { Migration } from './migration.ts';

/**
 * What every act and the exchange with the registry stand on. There is no persisted "sending" state: what is in flight is known in memory
 * only, so nothing has to be rescued after a crash.
 * Outbox and intent states: 0 open, 1 applied, 2 conflict, 3 parked, 4 superseded, 5 rejected.
 */
export const foundation: Migration = {
  version: 10,
  title: 'foundation',
  up(run) {
    run(`CREATE TABLE settings(
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE remembered_commands(
      command_id TEXT PRIMARY KEY,
      operation TEXT NOT NULL,
      fingerprint BLOB NOT NULL CHECK(length(fingerprint) = 32),
      value TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE audit(
      seq INTEGER PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      act TEXT NOT NULL,
      operator_login TEXT NOT NULL,
      rec BLOB NOT NULL,
      prev BLOB NOT NULL CHECK(length(prev) = 32),
      h BLOB NOT NULL CHECK(length(h) = 32)
    ) STRICT`);
    run(`CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`);
    run(`CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`);

    // One command id is written once because remembered_commands holds it in the same transaction; an index of its own would cost each act a page.
    run(`CREATE TABLE outbox(
      seq INTEGER PRIMARY KEY,
      epoch INTEGER NOT NULL,
      desk_seq INTEGER NOT NULL,
      command_id TEXT NOT NULL,
      aggregate TEXT NOT NULL,
      kind TEXT NOT NULL,
      lane INTEGER NOT NULL CHECK(lane IN (0, 1)),
      state INTEGER NOT NULL CHECK(state IN (0, 1, 2, 3, 4, 5)),
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before_ms INTEGER NOT NULL DEFAULT 0,
      queued_at_ms INTEGER NOT NULL,
      settled_at_ms INTEGER,
      size_bytes INTEGER NOT NULL,
      operator_name TEXT NOT NULL,
      last_answer TEXT NOT NULL DEFAULT '',
      conflict_rev INTEGER,
      superseded_by TEXT,
      audit_seq INTEGER NOT NULL REFERENCES audit(seq)
    ) STRICT`);
    // Apart from the row that changes when it is answered: an answer rewrites tens of bytes, not the whole command.
    run(`CREATE TABLE outbox_envelopes(
      seq INTEGER PRIMARY KEY REFERENCES outbox(seq),
      envelope BLOB NOT NULL
    ) STRICT`);
    run(
      `CREATE INDEX outbox_open ON outbox(lane, seq, aggregate, state, not_before_ms, size_bytes, queued_at_ms) WHERE state IN (0, 2, 3)`,
    );
    run(`CREATE INDEX outbox_waiting ON outbox(not_before_ms) WHERE state = 0 AND not_before_ms > 0`);
    run(`CREATE INDEX outbox_conflict ON outbox(aggregate) WHERE state = 2`);
    run(`CREATE INDEX outbox_rejected ON outbox(settled_at_ms) WHERE state = 5`);

    run(`CREATE TABLE intents(
      seq INTEGER PRIMARY KEY,
      command_id TEXT NOT NULL UNIQUE,
      aggregate TEXT NOT NULL,
      kind TEXT NOT NULL,
      state INTEGER NOT NULL CHECK(state IN (0, 1, 2, 3, 4, 5)),
      after_outbox_seq INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before_ms INTEGER NOT NULL DEFAULT 0,
      queued_at_ms INTEGER NOT NULL,
      settled_at_ms INTEGER,
      size_bytes INTEGER NOT NULL,
      operator_name TEXT NOT NULL,
      last_answer TEXT NOT NULL DEFAULT '',
      audit_seq INTEGER NOT NULL REFERENCES audit(seq),
      envelope BLOB NOT NULL
    ) STRICT`);
    run(`CREATE INDEX intents_open ON intents(seq, aggregate) WHERE state IN (0, 3)`);
    run(`CREATE INDEX intents_rejected ON intents(settled_at_ms) WHERE state = 5`);

    run(`CREATE TABLE aggregate_heads(
      aggregate TEXT PRIMARY KEY,
      command_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE receipts(
      command_id TEXT PRIMARY KEY,
      result TEXT NOT NULL,
      receipt TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE outbox_attempt(
      id INTEGER PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      what TEXT NOT NULL,
      commands INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      http INTEGER,
      took_ms INTEGER NOT NULL
    ) STRICT`);

    run(`CREATE TABLE sync_state(
      id INTEGER PRIMARY KEY CHECK(id = 1),
      cursor TEXT NOT NULL,
      registry_epoch TEXT NOT NULL,
      registry_info TEXT NOT NULL,
      desk_epoch INTEGER NOT NULL,
      clock_offset_ms INTEGER,
      attempt INTEGER NOT NULL,
      not_before_ms INTEGER NOT NULL,
      frozen_code TEXT NOT NULL,
      frozen_at_ms INTEGER,
      last_drain TEXT NOT NULL
    ) STRICT`);
    run(`INSERT INTO sync_state(id, cursor, registry_epoch, registry_info, desk_epoch, clock_offset_ms, attempt, not_before_ms, frozen_code, frozen_at_ms, last_drain)
      VALUES (1, '', '', '', 1, NULL, 0, 0, '', NULL, '')`);

    run(`CREATE TABLE entity_revs(
      entity TEXT NOT NULL,
      id TEXT NOT NULL,
      rev INTEGER NOT NULL,
      is_deleted INTEGER NOT NULL,
      is_stale INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY(entity, id)
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE inbox_deferred(
      id INTEGER PRIMARY KEY,
      pos INTEGER NOT NULL,
      entity TEXT NOT NULL,
      entity_id TEXT NOT NULL,
      rev INTEGER NOT NULL,
      op TEXT NOT NULL,
      body TEXT NOT NULL,
      reason TEXT NOT NULL
    ) STRICT`);
  },
};
