import type { Migration } from './migration.ts';

/**
 * Cases, what the registers answered, certificates, acts and the terms a case is found by. `application_search` holds one row a term; a search
 * is a range over its primary key, so it costs what it finds and not what the office has.
 */
export const applications: Migration = {
  version: 30,
  title: 'applications',
  up(run) {
    run(`CREATE TABLE application(
      application_id TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      data TEXT NOT NULL,
      version INTEGER NOT NULL,
      rev INTEGER,
      desk_id TEXT NOT NULL,
      operator_id TEXT NOT NULL,
      operator_login TEXT NOT NULL,
      operator_name TEXT NOT NULL,
      bearer_confirmed TEXT NOT NULL CHECK(bearer_confirmed IN ('not_asked', 'is_bearer', 'not_bearer')),
      secret_answer_hash TEXT NOT NULL,
      filed_at_ms INTEGER NOT NULL,
      due_at_ms INTEGER,
      archive_due_at_ms INTEGER,
      user_id TEXT NOT NULL,
      activation_attempts INTEGER NOT NULL,
      activation_outcome TEXT NOT NULL CHECK(activation_outcome IN ('none', 'failed', 'activated')),
      is_centre_signed INTEGER NOT NULL,
      is_applicant_signed INTEGER NOT NULL,
      are_scans_sent INTEGER NOT NULL,
      are_scans_entered INTEGER NOT NULL,
      lease_desk_id TEXT NOT NULL,
      lease_token INTEGER NOT NULL,
      lease_until_ms INTEGER NOT NULL,
      pending_command_id TEXT NOT NULL,
      pending_kind TEXT NOT NULL CHECK(pending_kind IN ('none', 'send', 'activate')),
      refusal TEXT,
      returned TEXT,
      sync TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT`);
    run(`CREATE INDEX application_newest ON application(filed_at_ms, application_id)`);
    run(`CREATE INDEX application_open ON application(coalesce(archive_due_at_ms, due_at_ms, filed_at_ms), application_id)
      WHERE state NOT IN ('ARCHIVED', 'REFUSED', 'WITHDRAWN')`);
    run(`CREATE INDEX application_returned ON application(operator_id) WHERE returned IS NOT NULL`);

    run(`CREATE TABLE application_search(
      term TEXT NOT NULL,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      PRIMARY KEY(term, application_id)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX application_search_of_case ON application_search(application_id, term)`);

    run(`CREATE TABLE look_up(
      query_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK(kind IN ('person', 'organisation', 'sim')),
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
    run(`CREATE UNIQUE INDEX look_up_of_case ON look_up(application_id, ordinal)`);

    run(`CREATE TABLE invalidity_note(
      command_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      kind TEXT NOT NULL CHECK(kind IN ('person', 'organisation')),
      subject TEXT NOT NULL,
      query_ids TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      operator_login TEXT NOT NULL
    ) STRICT`);

    run(`CREATE TABLE certificate(
      serial TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL,
      state TEXT NOT NULL,
      not_before_ms INTEGER NOT NULL,
      not_after_ms INTEGER NOT NULL,
      validity_rule TEXT NOT NULL,
      voen TEXT NOT NULL,
      organisation_name TEXT NOT NULL,
      der TEXT NOT NULL
    ) STRICT`);
    run(`CREATE INDEX certificate_of_case ON certificate(application_id, ordinal)`);

    // Kept by its key alone, the acts of a case side by side: each index of an act is one more page that is ciphered and written.
    run(`CREATE TABLE application_act(
      command_id TEXT NOT NULL,
      application_id TEXT NOT NULL REFERENCES application(application_id),
      act TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      registry_at_ms INTEGER,
      operator_login TEXT NOT NULL,
      operator_name TEXT NOT NULL,
      desk_id TEXT NOT NULL,
      sync TEXT NOT NULL,
      note TEXT,
      PRIMARY KEY(application_id, command_id)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX application_act_of_day ON application_act(at_ms)`);
  },
};
