import type { Migration } from './migration.ts';

/**
 * A case knows the card that is made for it, as the registry tells of it, and what its hand-over has done so far: when its holder was confirmed, which
 * card and envelope were scanned, how the card's test ended. The searches take two more kinds, the right to an Asan ID and the applicant at the
 * hand-over: the same columns and rows under a wider check, which SQLite can only write anew.
 * Source: AID-10, HND-01..HND-12, COM-07
 */
export const asanIdCases: Migration = {
  version: 138,
  title: 'asan_id_cases',
  up(run) {
    run(`ALTER TABLE application ADD COLUMN card TEXT`);
    run(`ALTER TABLE application ADD COLUMN card_hand_over TEXT`);

    run(`CREATE TABLE look_up_138(
      query_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK(kind IN ('person', 'representative', 'organisation', 'sim', 'entitlement', 'holder')),
      attempt INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK(outcome IN ('found', 'not_found', 'unavailable')),
      system TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      register_version TEXT NOT NULL,
      query_key TEXT NOT NULL,
      answer TEXT NOT NULL,
      answer_sha256 TEXT NOT NULL,
      operator_login TEXT NOT NULL
    ) STRICT`);
    run(`INSERT INTO look_up_138 (query_id, application_id, ordinal, kind, attempt, outcome, system, at_ms, register_version, query_key, answer,
        answer_sha256, operator_login)
      SELECT query_id, application_id, ordinal, kind, attempt, outcome, system, at_ms, register_version, query_key, answer, answer_sha256,
        operator_login FROM look_up`);
    run(`DROP TABLE look_up`);
    run(`ALTER TABLE look_up_138 RENAME TO look_up`);
    run(`CREATE UNIQUE INDEX look_up_of_case ON look_up(application_id, ordinal)`);
  },
};
