import type { Migration } from './migration.ts';

/**
 * Requests for new codes of an Asan ID, the searches of each (counted, with who asked what and when), and the numbers of the new envelopes: a number is
 * written before it is printed and never given again. No code is anywhere here. Source: PIN-01..PIN-13, COM-07
 */
export const pinRequests: Migration = {
  version: 131,
  title: 'PIN requests',
  up(run) {
    run(`CREATE TABLE pin_request(
      request_id TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      card_serial TEXT NOT NULL,
      rev INTEGER,
      body TEXT NOT NULL,
      sync TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX pin_request_newest ON pin_request(updated_at_ms)`);
    run(`CREATE INDEX pin_request_of_card ON pin_request(card_serial)`);

    run(`CREATE TABLE pin_look_up(
      query_id TEXT PRIMARY KEY,
      request_id TEXT NOT NULL REFERENCES pin_request(request_id),
      kind TEXT NOT NULL CHECK(kind IN ('person', 'card', 'holder')),
      attempt INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK(outcome IN ('found', 'not_found', 'unavailable')),
      system TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      query_key TEXT NOT NULL,
      answer_sha256 TEXT NOT NULL,
      operator_login TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX pin_look_up_of_request ON pin_look_up(request_id, at_ms)`);

    run(`CREATE TABLE pin_renewal_envelope(
      number TEXT PRIMARY KEY,
      request_id TEXT NOT NULL REFERENCES pin_request(request_id),
      state TEXT NOT NULL CHECK(state IN ('taken', 'printed', 'spoilt')),
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TRIGGER pin_renewal_envelope_stays BEFORE DELETE ON pin_renewal_envelope
      BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END`);
    run(`CREATE TRIGGER pin_renewal_envelope_is_final BEFORE UPDATE ON pin_renewal_envelope WHEN old.state = 'spoilt' OR new.number <> old.number OR new.state = 'taken'
      BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END`);
  },
};
