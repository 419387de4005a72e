import type { Migration } from './migration.ts';

/**
 * The print ledger. A document is one number with all its copies; a number is written together with its first row, is never deleted and never
 * given again. The bytes of a copy are written once. Triggers hold that against every later mistake of ours. Source: ADR 0009
 */
export const papers: Migration = {
  version: 40,
  title: 'papers',
  up(run) {
    run(`CREATE TABLE paper_document(
      number TEXT PRIMARY KEY,
      office TEXT NOT NULL,
      desk TEXT NOT NULL,
      year INTEGER NOT NULL,
      sequence INTEGER NOT NULL CHECK(sequence > 0),
      form TEXT NOT NULL,
      application_id TEXT,
      certificate_serial TEXT NOT NULL,
      copies INTEGER NOT NULL CHECK(copies > 0),
      content_key TEXT NOT NULL,
      prepared_at_ms INTEGER NOT NULL,
      prepared_by TEXT NOT NULL,
      void_at_ms INTEGER,
      void_reason TEXT NOT NULL,
      replaced_by TEXT REFERENCES paper_document(number)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE UNIQUE INDEX paper_document_in_order ON paper_document(office, desk, year, sequence)`);
    run(`CREATE INDEX paper_document_of_case ON paper_document(application_id, prepared_at_ms)`);

    run(`CREATE TABLE paper(
      paper_id TEXT PRIMARY KEY,
      number TEXT NOT NULL REFERENCES paper_document(number),
      copy INTEGER NOT NULL CHECK(copy > 0),
      state TEXT NOT NULL CHECK(state IN ('prepared', 'printing', 'printed', 'spoilt')),
      sha256 TEXT NOT NULL,
      page_count INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL,
      printer TEXT NOT NULL,
      printed_at_ms INTEGER,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE UNIQUE INDEX paper_copy ON paper(number, copy)`);

    run(`CREATE TABLE paper_bytes(paper_id TEXT PRIMARY KEY REFERENCES paper(paper_id), bytes BLOB NOT NULL) STRICT`);

    run(`CREATE TABLE paper_event(
      event_id INTEGER PRIMARY KEY,
      paper_id TEXT NOT NULL REFERENCES paper(paper_id),
      at_ms INTEGER NOT NULL,
      event TEXT NOT NULL CHECK(event IN ('prepared', 'sent', 'refused', 'queue_failed', 'printed', 'spoilt')),
      printer TEXT NOT NULL,
      operator_login TEXT NOT NULL,
      reason TEXT NOT NULL
    ) STRICT`);
    run(`CREATE INDEX paper_event_of_paper ON paper_event(paper_id, event_id)`);

    for (const table of ['paper_document', 'paper', 'paper_bytes', 'paper_event']) {
      run(`CREATE TRIGGER ${table}_stays BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'the print ledger is never deleted'); END`);
    }
    for (const table of ['paper_bytes', 'paper_event']) {
      run(
        `CREATE TRIGGER ${table}_is_final BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'the print ledger is never rewritten'); END`,
      );
    }
    run(`CREATE TRIGGER paper_number_is_final BEFORE UPDATE OF number, office, desk, year, sequence, form, application_id ON paper_document
      BEGIN SELECT RAISE(ABORT, 'a paper number is never changed'); END`);
    run(`CREATE TRIGGER paper_spoilt_is_final BEFORE UPDATE OF state ON paper WHEN old.state = 'spoilt' AND new.state <> 'spoilt'
      BEGIN SELECT RAISE(ABORT, 'a spoilt paper stays spoilt'); END`);
  },
};
