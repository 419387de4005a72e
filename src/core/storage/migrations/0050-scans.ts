import type { Migration } from './migration.ts';

/**
 * Scans. The bytes lie in pieces in the encrypted database and not in files of their own: a scan and its row appear and vanish together, one key
 * and one backup cover both, no orphan or half-written file can be left behind, and a piece is small enough (256 KiB) not to hold up the core.
 * The price, a larger database file until the registry has the scans, is bounded by 20 MiB a file.
 */
export const scans: Migration = {
  version: 50,
  title: 'scans',
  up(run) {
    run(`CREATE TABLE scan(
      scan_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL,
      document TEXT NOT NULL,
      file_name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      size_bytes INTEGER NOT NULL CHECK(size_bytes > 0),
      received_bytes INTEGER NOT NULL,
      page_count INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      state TEXT NOT NULL CHECK(state IN ('receiving', 'stored', 'queued', 'uploading', 'uploaded')),
      uploaded_bytes INTEGER NOT NULL,
      captured_at_ms INTEGER NOT NULL,
      queued_at_ms INTEGER,
      operator_login TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX scan_of_case ON scan(application_id, captured_at_ms)`);
    run(`CREATE INDEX scan_by_hash ON scan(sha256) WHERE sha256 <> ''`);
    run(`CREATE INDEX scan_waiting ON scan(queued_at_ms) WHERE state IN ('queued', 'uploading')`);

    run(`CREATE TABLE scan_piece(
      scan_id TEXT NOT NULL REFERENCES scan(scan_id),
      offset_bytes INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY(scan_id, offset_bytes)
    ) STRICT`);
  },
};
