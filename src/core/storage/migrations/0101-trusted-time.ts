import type { Migration } from './migration.ts';

/**
 * What became of the device clock: every jump against the monotonic clock and every drift beyond what exact acts allow, until a supervisor has
 * seen it; and the last reading, by which a clock set back while the program was off is found at the next start. Source: F-19
 */
export const trustedTime: Migration = {
  version: 101,
  title: 'trusted-time',
  up(run) {
    run(`ALTER TABLE sync_state ADD COLUMN clock_error_ms INTEGER`);
    run(`CREATE TABLE clock_mark(
      id INTEGER PRIMARY KEY CHECK(id = 1),
      wall_ms INTEGER NOT NULL
    ) STRICT`);
    run(`CREATE TABLE clock_event(
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK(kind IN ('jump_back', 'jump_forward', 'slept', 'drift')),
      at_ms INTEGER NOT NULL,
      mono_ms INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      by_ms INTEGER NOT NULL,
      offset_ms INTEGER,
      audit_seq INTEGER NOT NULL REFERENCES audit(seq),
      seen_at_ms INTEGER,
      seen_by TEXT NOT NULL DEFAULT ''
    ) STRICT`);
    run(`CREATE INDEX clock_event_unseen ON clock_event(id) WHERE seen_at_ms IS NULL`);
  },
};
