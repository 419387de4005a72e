import type { Migration } from './migration.ts';

/**
 * The card an operator came in with while there was a link, pinned for the days without one, and what the registry said last of each certificate that was
 * seen in a reader here. No key and no code is among it: a card keeps those to itself.
 */
export const cardSignIn: Migration = {
  version: 140,
  title: 'card-sign-in',
  up(run) {
    run("ALTER TABLE operator ADD COLUMN card TEXT NOT NULL DEFAULT ''");
    run(`CREATE TABLE operator_card(
      operator_id TEXT PRIMARY KEY,
      certificate_sha256 TEXT NOT NULL UNIQUE,
      certificate BLOB NOT NULL,
      seen_online_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE certificate_standing(
      serial TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      not_before_ms INTEGER NOT NULL,
      not_after_ms INTEGER NOT NULL,
      application_id TEXT NOT NULL,
      told_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
  },
};
