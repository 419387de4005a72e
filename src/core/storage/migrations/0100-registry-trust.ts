import type { Migration } from './migration.ts';

/**
 * What a desk knows of the registry by its signature: the policy with its limits, and the countersigned heads of the audit chain; and when it
 * last heard from it. `offline_ms` counts on the monotonic clock, so that a device clock set back shortens no absence.
 * Source: sync-and-reliability (b6, b7); I-10, F-29
 */
export const registryTrust: Migration = {
  version: 100,
  title: 'registry-trust',
  up(run) {
    run(`CREATE TABLE registry_policy(
      id INTEGER PRIMARY KEY CHECK(id = 1),
      policy TEXT NOT NULL,
      receipt_key TEXT NOT NULL,
      stored_at_ms INTEGER NOT NULL
    ) STRICT`);
    run(`CREATE TABLE registry_contact(
      id INTEGER PRIMARY KEY CHECK(id = 1),
      at_ms INTEGER NOT NULL,
      offline_ms INTEGER NOT NULL
    ) STRICT`);
    run(`CREATE TABLE audit_anchor(
      epoch INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      head TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      sig TEXT NOT NULL,
      PRIMARY KEY(epoch, seq)
    ) STRICT, WITHOUT ROWID`);
    run(
      `CREATE TRIGGER audit_anchor_is_final BEFORE UPDATE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'an anchor is never rewritten'); END`,
    );
    run(`CREATE TRIGGER audit_anchor_stays BEFORE DELETE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'an anchor is never deleted'); END`);
  },
};
