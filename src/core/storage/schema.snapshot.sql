CREATE INDEX application_act_of_day ON application_act(at_ms);

CREATE INDEX application_newest ON application(filed_at_ms, application_id);

CREATE INDEX application_open ON application(coalesce(archive_due_at_ms, due_at_ms, filed_at_ms), application_id)
  WHERE state NOT IN ('ARCHIVED', 'REFUSED', 'WITHDRAWN');

CREATE INDEX application_returned ON application(operator_id) WHERE returned IS NOT NULL;

CREATE INDEX application_search_of_case ON application_search(application_id, term);

CREATE UNIQUE INDEX card_run_chip ON card_run(chip_serial) WHERE state <> 'abandoned';

CREATE INDEX card_run_in_order ON card_run(state, began_at_ms);

CREATE UNIQUE INDEX card_run_of_request ON card_run(application_id) WHERE state IN ('making', 'made');

CREATE UNIQUE INDEX card_run_serial ON card_run(card_serial) WHERE state <> 'abandoned';

CREATE INDEX card_stock_free ON card_stock(state, at_ms, place);

CREATE INDEX certificate_of_case ON certificate(application_id, ordinal);

CREATE INDEX clock_event_unseen ON clock_event(id) WHERE seen_at_ms IS NULL;

CREATE INDEX entity_revs_stale ON entity_revs(entity, id) WHERE is_stale = 1;

CREATE INDEX inbox_deferred_entity ON inbox_deferred(entity, entity_id);

CREATE INDEX intents_open ON intents(seq, aggregate) WHERE state IN (0, 3);

CREATE INDEX intents_rejected ON intents(settled_at_ms) WHERE state = 5;

CREATE UNIQUE INDEX look_up_of_case ON look_up(application_id, ordinal);

CREATE INDEX maintenance_run_newest ON maintenance_run(kind, at_ms);

CREATE INDEX outbox_conflict ON outbox(aggregate) WHERE state = 2;

CREATE INDEX outbox_open ON outbox(lane, seq, aggregate, state, not_before_ms, size_bytes, queued_at_ms) WHERE state IN (0, 2, 3);

CREATE INDEX outbox_rejected ON outbox(settled_at_ms) WHERE state = 5;

CREATE INDEX outbox_waiting ON outbox(not_before_ms) WHERE state = 0 AND not_before_ms > 0;

CREATE INDEX package_newest ON package(updated_at_ms);

CREATE UNIQUE INDEX paper_copy ON paper(number, copy);

CREATE UNIQUE INDEX paper_document_in_order ON paper_document(office, desk, year, sequence);

CREATE INDEX paper_document_of_case ON paper_document(application_id, prepared_at_ms);

CREATE INDEX paper_event_of_paper ON paper_event(paper_id, event_id);

CREATE INDEX personalisation_steps_of_command ON personalisation_steps(command_id) WHERE command_id <> '';

CREATE INDEX personalisation_steps_of_run ON personalisation_steps(run_id, seq);

CREATE INDEX pin_envelope_of_run ON pin_envelope(run_id);

CREATE INDEX pin_look_up_of_request ON pin_look_up(request_id, at_ms);

CREATE INDEX pin_request_newest ON pin_request(updated_at_ms);

CREATE INDEX pin_request_of_card ON pin_request(card_serial);

CREATE INDEX receipt_history_open ON receipt_history(command_id) WHERE answered_at_ms IS NULL;

CREATE INDEX scan_by_hash ON scan(sha256) WHERE sha256 <> '';

CREATE INDEX scan_of_case ON scan(application_id, captured_at_ms);

CREATE INDEX scan_waiting ON scan(queued_at_ms) WHERE state IN ('queued', 'uploading');

CREATE TABLE act_review(
  act_command_id TEXT PRIMARY KEY,
  application_id TEXT NOT NULL,
  review TEXT NOT NULL CHECK(review IN ('reviewed', 'returned', 'corrected')),
  reason TEXT NOT NULL,
  by_login TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE aggregate_heads(
  aggregate TEXT PRIMARY KEY,
  command_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE application(
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
    , attendee TEXT NOT NULL DEFAULT '' CHECK(attendee IN ('', 'applicant', 'representative')), contract_signed_by TEXT NOT NULL DEFAULT '' CHECK(contract_signed_by IN ('', 'applicant', 'representative')), handed_to TEXT NOT NULL DEFAULT '' CHECK(handed_to IN ('', 'applicant', 'representative')), removed_at_ms INTEGER, lease_rev INTEGER NOT NULL DEFAULT 0, card TEXT, card_hand_over TEXT) STRICT;

CREATE TABLE application_act(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE application_search(
  term TEXT NOT NULL,
  application_id TEXT NOT NULL REFERENCES application(application_id),
  PRIMARY KEY(term, application_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  act TEXT NOT NULL,
  operator_login TEXT NOT NULL,
  rec BLOB NOT NULL,
  prev BLOB NOT NULL CHECK(length(prev) = 32),
  h BLOB NOT NULL CHECK(length(h) = 32)
) STRICT;

CREATE TABLE audit_anchor(
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  head TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  sig TEXT NOT NULL,
  PRIMARY KEY(epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_seal(
  no INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  upto_seq INTEGER NOT NULL UNIQUE,
  head BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  prev BLOB NOT NULL,
  begins INTEGER NOT NULL CHECK(begins IN (0, 1)),
  key BLOB NOT NULL,
  next_key BLOB NOT NULL,
  sig TEXT NOT NULL
) STRICT;

CREATE TABLE audit_seal_anchor(
  no INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  seal BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  sig TEXT NOT NULL
) STRICT;

CREATE TABLE card_batch(
  batch_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK(state IN ('running', 'paused', 'stopped', 'done')),
  began_at_ms INTEGER NOT NULL,
  reader_name TEXT NOT NULL,
  operator_login TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE card_batch_item(
  batch_id TEXT NOT NULL REFERENCES card_batch(batch_id),
  application_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('waiting', 'making', 'made', 'left')),
  PRIMARY KEY(batch_id, application_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE card_request(
  application_id TEXT PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE card_run(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE card_stock(
  serial TEXT PRIMARY KEY,
  delivery_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('free', 'used', 'written_off')),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE carriage_act(
  aggregate TEXT NOT NULL,
  command_id TEXT NOT NULL,
  act TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  registry_at_ms INTEGER,
  operator_login TEXT NOT NULL,
  operator_name TEXT NOT NULL,
  desk_id TEXT NOT NULL,
  sync TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY(aggregate, command_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate(
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
) STRICT;

CREATE TABLE certificate_standing(
  serial TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  not_before_ms INTEGER NOT NULL,
  not_after_ms INTEGER NOT NULL,
  application_id TEXT NOT NULL,
  told_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_event(
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
) STRICT;

CREATE TABLE clock_mark(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  wall_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE dispatch_package(
  package_number TEXT PRIMARY KEY,
  rev INTEGER,
  body TEXT NOT NULL,
  prepared_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_revs(
  entity TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL,
  is_stale INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox_deferred(
  id INTEGER PRIMARY KEY,
  pos INTEGER NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  op TEXT NOT NULL,
  body TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE incident(
  incident_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  desk_id TEXT NOT NULL,
  is_from_registry INTEGER NOT NULL CHECK(is_from_registry IN (0, 1)),
  rev INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL,
  times INTEGER NOT NULL,
  params TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_handling(
  incident_id TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  by_login TEXT NOT NULL,
  by_name TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE intents(
  seq INTEGER PRIMARY KEY,
  command_id TEXT NOT NULL UNIQUE,
  aggregate TEXT NOT NULL,
  kind TEXT NOT NULL,
  state INTEGER NOT NULL CHECK(state IN (0, 1, 2, 3, 4, 5)),
  after_outbox_seq INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  queued_at_ms INTEGER NOT NULL,
  settled_at_ms INTEGER,
  size_bytes INTEGER NOT NULL,
  operator_name TEXT NOT NULL,
  last_answer TEXT NOT NULL DEFAULT '',
  audit_seq INTEGER NOT NULL REFERENCES audit(seq),
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE "invalidity_note"(
  command_id TEXT PRIMARY KEY,
  application_id TEXT NOT NULL REFERENCES application(application_id),
  kind TEXT NOT NULL CHECK(kind IN ('person', 'representative', 'organisation')),
  subject TEXT NOT NULL,
  query_ids TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  operator_login TEXT NOT NULL
) STRICT;

CREATE TABLE kept_certificate(
  application_id TEXT NOT NULL REFERENCES application(application_id),
  serial TEXT NOT NULL REFERENCES certificate(serial),
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (application_id, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_return(
  request_id TEXT PRIMARY KEY,
  check_number TEXT NOT NULL,
  first_login TEXT NOT NULL,
  second_login TEXT NOT NULL,
  recovery_key_id TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  noted_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE key_wrap(
  recovery_key_id TEXT NOT NULL,
  database_key_id TEXT NOT NULL,
  sealed_at_ms INTEGER NOT NULL,
  PRIMARY KEY(recovery_key_id, database_key_id, sealed_at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE "look_up"(
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
) STRICT;

CREATE TABLE maintenance_run(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('backup', 'check', 'drill', 'tail_dropped')),
  at_ms INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE operator(
  operator_id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL,
  office_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  is_disabled INTEGER NOT NULL CHECK(is_disabled IN (0, 1)),
  is_locked_out INTEGER NOT NULL CHECK(is_locked_out IN (0, 1)),
  must_change_password INTEGER NOT NULL CHECK(must_change_password IN (0, 1)),
  appointments TEXT NOT NULL,
  rev INTEGER NOT NULL,
  verifier TEXT NOT NULL,
  seen_online_at_ms INTEGER,
  last_seen_at_ms INTEGER
    , card TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE TABLE operator_card(
  operator_id TEXT PRIMARY KEY,
  certificate_sha256 TEXT NOT NULL UNIQUE,
  certificate BLOB NOT NULL,
  seen_online_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  desk_seq INTEGER NOT NULL,
  command_id TEXT NOT NULL,
  aggregate TEXT NOT NULL,
  kind TEXT NOT NULL,
  lane INTEGER NOT NULL CHECK(lane IN (0, 1)),
  state INTEGER NOT NULL CHECK(state IN (0, 1, 2, 3, 4, 5)),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  queued_at_ms INTEGER NOT NULL,
  settled_at_ms INTEGER,
  size_bytes INTEGER NOT NULL,
  operator_name TEXT NOT NULL,
  last_answer TEXT NOT NULL DEFAULT '',
  conflict_rev INTEGER,
  superseded_by TEXT,
  audit_seq INTEGER NOT NULL REFERENCES audit(seq)
) STRICT;

CREATE TABLE outbox_attempt(
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  commands INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  http INTEGER,
  took_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox_envelopes(
  seq INTEGER PRIMARY KEY REFERENCES outbox(seq),
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE package(
  package_number TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  purpose TEXT NOT NULL,
  rev INTEGER,
  body TEXT NOT NULL,
  sync TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE package_scan(
  package_number TEXT NOT NULL REFERENCES package(package_number),
  ordinal INTEGER NOT NULL,
  side TEXT NOT NULL CHECK(side IN ('card', 'envelope')),
  code TEXT NOT NULL,
  is_damaged INTEGER NOT NULL CHECK(is_damaged IN (0, 1)),
  at_ms INTEGER NOT NULL,
  operator_login TEXT NOT NULL,
  PRIMARY KEY(package_number, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE paper(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE paper_bytes(paper_id TEXT PRIMARY KEY REFERENCES paper(paper_id), bytes BLOB NOT NULL) STRICT;

CREATE TABLE paper_document(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE paper_event(
  event_id INTEGER PRIMARY KEY,
  paper_id TEXT NOT NULL REFERENCES paper(paper_id),
  at_ms INTEGER NOT NULL,
  event TEXT NOT NULL CHECK(event IN ('prepared', 'sent', 'refused', 'queue_failed', 'printed', 'spoilt')),
  printer TEXT NOT NULL,
  operator_login TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE personalisation_steps(
  seq INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES card_run(run_id),
  step TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK(outcome IN ('begun', 'done', 'failed')),
  code TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  command_id TEXT NOT NULL
) STRICT;

CREATE TABLE pin_envelope(
  number TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES card_run(run_id),
  state TEXT NOT NULL CHECK(state IN ('taken', 'printed', 'spoilt')),
  at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pin_look_up(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE pin_renewal_envelope(
  number TEXT PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES pin_request(request_id),
  state TEXT NOT NULL CHECK(state IN ('taken', 'printed', 'spoilt')),
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pin_request(
  request_id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  card_serial TEXT NOT NULL,
  rev INTEGER,
  body TEXT NOT NULL,
  sync TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE place_proof(
  epoch INTEGER PRIMARY KEY,
  registry_epoch TEXT NOT NULL,
  proven_seq INTEGER NOT NULL,
  checked_at_ms INTEGER NOT NULL,
  missing INTEGER NOT NULL
) STRICT;

CREATE TABLE receipt_history(
  command_id TEXT NOT NULL,
  registry_epoch TEXT NOT NULL,
  result TEXT NOT NULL,
  receipt TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  reopened_at_ms INTEGER NOT NULL,
  answered_at_ms INTEGER,
  difference TEXT NOT NULL DEFAULT '' CHECK(difference IN ('', 'outcome', 'certificates')),
  PRIMARY KEY(command_id, registry_epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts(
  command_id TEXT PRIMARY KEY,
  result TEXT NOT NULL,
  receipt TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE registry_contact(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  at_ms INTEGER NOT NULL,
  offline_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE registry_history(
  command_id TEXT PRIMARY KEY,
  desk_epoch INTEGER NOT NULL,
  desk_seq INTEGER NOT NULL,
  aggregate TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at_ms INTEGER NOT NULL,
  operator_login TEXT NOT NULL,
  outcome TEXT NOT NULL,
  found_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE registry_policy(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  policy TEXT NOT NULL,
  receipt_key TEXT NOT NULL,
  stored_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE remembered_commands(
  command_id TEXT PRIMARY KEY,
  operation TEXT NOT NULL,
  fingerprint BLOB NOT NULL CHECK(length(fingerprint) = 32),
  value TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE restoration(
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  cause TEXT NOT NULL CHECK(cause IN ('damaged', 'asked')),
  backup_at_ms INTEGER,
  desk_epoch INTEGER NOT NULL,
  by_login TEXT NOT NULL,
  raise_id TEXT NOT NULL,
  life_began_at_ms INTEGER,
  counts TEXT NOT NULL,
  reconciled_at_ms INTEGER,
  reconciliation TEXT NOT NULL DEFAULT '',
  seen_at_ms INTEGER,
  seen_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE run_mark(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  started_at_ms INTEGER NOT NULL,
  is_open INTEGER NOT NULL CHECK(is_open IN (0, 1))
) STRICT;

CREATE TABLE salvaged_audit(
  desk_epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  act TEXT NOT NULL,
  operator_login TEXT NOT NULL,
  rec BLOB NOT NULL,
  prev BLOB NOT NULL,
  h BLOB NOT NULL,
  PRIMARY KEY(desk_epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan(
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
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_piece(
  scan_id TEXT NOT NULL REFERENCES scan(scan_id),
  offset_bytes INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(scan_id, offset_bytes)
) STRICT;

CREATE TABLE settings(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_attempt(
  login TEXT PRIMARY KEY,
  failed INTEGER NOT NULL,
  locked_until_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  cursor TEXT NOT NULL,
  registry_epoch TEXT NOT NULL,
  registry_info TEXT NOT NULL,
  desk_epoch INTEGER NOT NULL,
  clock_offset_ms INTEGER,
  attempt INTEGER NOT NULL,
  not_before_ms INTEGER NOT NULL,
  frozen_code TEXT NOT NULL,
  frozen_at_ms INTEGER,
  last_drain TEXT NOT NULL
    , clock_error_ms INTEGER, is_resyncing INTEGER NOT NULL DEFAULT 0, busy_until_ms INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TRIGGER audit_anchor_is_final BEFORE UPDATE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'an anchor is never rewritten'); END;

CREATE TRIGGER audit_anchor_stays BEFORE DELETE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'an anchor is never deleted'); END;

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_seal_anchor_is_final BEFORE UPDATE ON audit_seal_anchor BEGIN SELECT RAISE(ABORT, 'a seal is never rewritten'); END;

CREATE TRIGGER audit_seal_anchor_stays BEFORE DELETE ON audit_seal_anchor BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;

CREATE TRIGGER audit_seal_is_final BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'a seal is never rewritten'); END;

CREATE TRIGGER audit_seal_stays BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;

CREATE TRIGGER card_run_stays BEFORE DELETE ON card_run BEGIN SELECT RAISE(ABORT, 'what became of a card is never deleted'); END;

CREATE TRIGGER card_stock_stays BEFORE DELETE ON card_stock BEGIN SELECT RAISE(ABORT, 'what became of a card is never deleted'); END;

CREATE TRIGGER key_return_is_final BEFORE UPDATE ON key_return BEGIN SELECT RAISE(ABORT, 'what was written of a key is final'); END;

CREATE TRIGGER key_wrap_is_final BEFORE UPDATE ON key_wrap BEGIN SELECT RAISE(ABORT, 'what was written of a key is final'); END;

CREATE TRIGGER paper_bytes_is_final BEFORE UPDATE ON paper_bytes BEGIN SELECT RAISE(ABORT, 'the print ledger is never rewritten'); END;

CREATE TRIGGER paper_bytes_stays BEFORE DELETE ON paper_bytes BEGIN SELECT RAISE(ABORT, 'the print ledger is never deleted'); END;

CREATE TRIGGER paper_document_stays BEFORE DELETE ON paper_document BEGIN SELECT RAISE(ABORT, 'the print ledger is never deleted'); END;

CREATE TRIGGER paper_event_is_final BEFORE UPDATE ON paper_event BEGIN SELECT RAISE(ABORT, 'the print ledger is never rewritten'); END;

CREATE TRIGGER paper_event_stays BEFORE DELETE ON paper_event BEGIN SELECT RAISE(ABORT, 'the print ledger is never deleted'); END;

CREATE TRIGGER paper_number_is_final BEFORE UPDATE OF number, office, desk, year, sequence, form, application_id ON paper_document
  BEGIN SELECT RAISE(ABORT, 'a paper number is never changed'); END;

CREATE TRIGGER paper_spoilt_is_final BEFORE UPDATE OF state ON paper WHEN old.state = 'spoilt' AND new.state <> 'spoilt'
  BEGIN SELECT RAISE(ABORT, 'a spoilt paper stays spoilt'); END;

CREATE TRIGGER paper_stays BEFORE DELETE ON paper BEGIN SELECT RAISE(ABORT, 'the print ledger is never deleted'); END;

CREATE TRIGGER personalisation_steps_are_final BEFORE UPDATE ON personalisation_steps
  BEGIN SELECT RAISE(ABORT, 'the journal is never rewritten'); END;

CREATE TRIGGER personalisation_steps_stays BEFORE DELETE ON personalisation_steps BEGIN SELECT RAISE(ABORT, 'what became of a card is never deleted'); END;

CREATE TRIGGER pin_envelope_is_final BEFORE UPDATE ON pin_envelope WHEN old.state = 'spoilt' OR new.number <> old.number OR new.state = 'taken'
  BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END;

CREATE TRIGGER pin_envelope_stays BEFORE DELETE ON pin_envelope BEGIN SELECT RAISE(ABORT, 'what became of a card is never deleted'); END;

CREATE TRIGGER pin_renewal_envelope_is_final BEFORE UPDATE ON pin_renewal_envelope WHEN old.state = 'spoilt' OR new.number <> old.number OR new.state = 'taken'
  BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END;

CREATE TRIGGER pin_renewal_envelope_stays BEFORE DELETE ON pin_renewal_envelope
  BEGIN SELECT RAISE(ABORT, 'a number of an envelope is never given again'); END;

CREATE VIEW certificate_of_application AS
  SELECT application_id, ordinal, serial FROM certificate
  UNION ALL SELECT application_id, ordinal, serial FROM kept_certificate;
