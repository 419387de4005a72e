import type { Migration } from './migration.ts';

/**
 * The making of cards: requests and packages as the registry tells of them, the stock of blank cards by serial, one row for every card that was begun,
 * the journal of its steps, the numbers of its envelopes, and the batches. A step is written before it is asked for and never rewritten; a number of an
 * envelope is written before it is printed and never given again. Source: ADR-0027; PRS-01..PRS-16
 */
export const cardProduction: Migration = {
  version: 120,
  title: 'card production',
  up(run) {
    run(`CREATE TABLE card_request(
      application_id TEXT PRIMARY KEY,
      rev INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE dispatch_package(
      package_number TEXT PRIMARY KEY,
      rev INTEGER,
      body TEXT NOT NULL,
      prepared_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE card_stock(
      serial TEXT PRIMARY KEY,
      delivery_id TEXT NOT NULL,
      place INTEGER NOT NULL,
      state TEXT NOT NULL CHECK(state IN ('free', 'used', 'written_off')),
      reason TEXT NOT NULL,
      note TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX card_stock_free ON card_stock(state, at_ms, place)`);

    run(`CREATE TABLE card_run(
      run_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL,
      card_serial TEXT NOT NULL,
      chip_serial TEXT NOT NULL,
      reader_name TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      state TEXT NOT NULL CHECK(state IN ('making', 'made', 'spoilt', 'abandoned')),
      began_at_ms INTEGER NOT NULL,
      ended_at_ms INTEGER,
      worked_ms INTEGER NOT NULL,
      operator_login TEXT NOT NULL,
      envelope_number TEXT NOT NULL,
      auth_key BLOB,
      sign_key BLOB,
      auth_certificate BLOB,
      sign_certificate BLOB,
      spoil_reason TEXT NOT NULL,
      matched_at_ms INTEGER,
      face_at_ms INTEGER,
      package_number TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    // Never two cards for one request, never one card for two.
    run(`CREATE UNIQUE INDEX card_run_of_request ON card_run(application_id) WHERE state IN ('making', 'made')`);
    run(`CREATE UNIQUE INDEX card_run_serial ON card_run(card_serial) WHERE state <> 'abandoned'`);
    run(`CREATE UNIQUE INDEX card_run_chip ON card_run(chip_serial) WHERE state <> 'abandoned'`);
    run(`CREATE INDEX card_run_in_order ON card_run(state, began_at_ms)`);

    run(`CREATE TABLE personalisation_steps(
      seq INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES card_run(run_id),
      step TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK(outcome IN ('begun', 'done', 'failed')),
      code TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      command_id TEXT NOT NULL
    ) STRICT`);
    run(`CREATE INDEX personalisation_steps_of_run ON personalisation_steps(run_id, seq)`);
    run(`CREATE INDEX personalisation_steps_of_command ON personalisation_steps(command_id) WHERE command_id <> ''`);

    run(`CREATE TABLE pin_envelope(
      number TEXT PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES card_run(run_id),
      state TEXT NOT NULL CHECK(state IN ('taken', 'printed', 'spoilt')),
      at_ms INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX pin_envelope_of_run ON pin_envelope(run_id)`);

    run(`CREATE TABLE card_batch(
      batch_id TEXT PRIMARY KEY,
      state TEXT NOT NULL CHECK(state IN ('running', 'paused', 'stopped', 'done')),
      began_at_ms INTEGER NOT NULL,
      reader_name TEXT NOT NULL,
      operator_login TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE card_batch_item(
      batch_id TEXT NOT NULL REFERENCES card_batch(batch_id),
      application_id TEXT NOT NULL,
      place INTEGER NOT NULL,
      state TEXT NOT NULL CHECK(state IN ('waiting', 'making', 'made', 'left')),
      PRIMARY KEY(batch_id, application_id)
    ) STRICT, WITHOUT ROWID`);

    for (const table of ['personalisation_steps', 'pin_envelope', 'card_run', 'card_stock'])
      run(
        `CREATE TRIGGER ${table}_stays BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'what became of a card is never deleted'); END`,
      );
    run(`CREATE TRIGGER personalisation_steps_are_final BEFORE UPDATE ON personalisation_steps
      BEGIN SELECT RAISE(ABORT, 'the journal is never rewritten'); END`);
    run(`CREATE TRIGGER pin_envelope_is_final BEFORE UPDATE ON pin_envelope WHEN old.state = 'spoilt' OR new.number <> old.number OR new.state = 'taken'
      BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END`);
  },
};
