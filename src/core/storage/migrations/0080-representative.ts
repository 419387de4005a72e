import type { Migration } from './migration.ts';

/**
 * Whoever files for the applicant is searched for with attempts of his own, and the case knows who stood at the desk, who signed the contract
 * and who received the certificates. The two tables of searches take one more kind: the same columns and rows under a wider check, which
 * SQLite can only write anew. Of older cases the one who filed is the one that the application names.
 * Source: COM-16, COM-07, J-05
 */
export const representative: Migration = {
  version: 80,
  title: 'representative',
  up(run) {
    run(`ALTER TABLE application ADD COLUMN attendee TEXT NOT NULL DEFAULT '' CHECK(attendee IN ('', 'applicant', 'representative'))`);
    run(
      `ALTER TABLE application ADD COLUMN contract_signed_by TEXT NOT NULL DEFAULT '' CHECK(contract_signed_by IN ('', 'applicant', 'representative'))`,
    );
    run(`ALTER TABLE application ADD COLUMN handed_to TEXT NOT NULL DEFAULT '' CHECK(handed_to IN ('', 'applicant', 'representative'))`);
    run(`UPDATE application SET attendee = CASE WHEN data ->> '$.representative.isPresent' = 1 THEN 'representative' ELSE 'applicant' END
      WHERE bearer_confirmed = 'is_bearer'`);

    run(`CREATE TABLE look_up_80(
      query_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK(kind IN ('person', 'representative', 'organisation', 'sim')),
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
    run(`INSERT INTO look_up_80 (query_id, application_id, ordinal, kind, attempt, outcome, system, at_ms, register_version, query_key, answer,
        answer_sha256, operator_login)
      SELECT query_id, application_id, ordinal, kind, attempt, outcome, system, at_ms, register_version, query_key, answer, answer_sha256,
        operator_login FROM look_up`);
    run(`DROP TABLE look_up`);
    run(`ALTER TABLE look_up_80 RENAME TO look_up`);
    run(`CREATE UNIQUE INDEX look_up_of_case ON look_up(application_id, ordinal)`);

    run(`CREATE TABLE invalidity_note_80(
      command_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      kind TEXT NOT NULL CHECK(kind IN ('person', 'representative', 'organisation')),
      subject TEXT NOT NULL,
      query_ids TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      operator_login TEXT NOT NULL
    ) STRICT`);
    run(`INSERT INTO invalidity_note_80 (command_id, application_id, kind, subject, query_ids, at_ms, operator_login)
      SELECT command_id, application_id, kind, subject, query_ids, at_ms, operator_login FROM invalidity_note`);
    run(`DROP TABLE invalidity_note`);
    run(`ALTER TABLE invalidity_note_80 RENAME TO invalidity_note`);
  },
};
