import type { Generated } from 'kysely';

/**
 * The registry's tables. Times are UTC epoch milliseconds, JSON is text, flags are 0 or 1: the same values in both databases.
 */
export interface Tables {
  meta: { key: string; value: string };
  desk: { desk_id: string; office_id: string; public_key: string; registered_at_ms: number };
  /** The desk as it stands: its present life, the highest place seen of it and the newest countersigned head of its audit chain. */
  desk_head: {
    partition: number;
    desk_id: string;
    epoch: number;
    last_seq: number;
    /** The anchor's life may be an earlier one while the present life has shown nothing yet. */
    anchor_epoch: number;
    anchor_seq: number;
    anchor_head: string;
    anchor_at_ms: number;
    anchor_sig: string;
  };
  /** How each life of a desk after its first began. */
  desk_life: {
    partition: number;
    desk_id: string;
    epoch: number;
    raise_id: string;
    cause: string;
    base_epoch: number | null;
    base_seq: number | null;
    base_head: string | null;
    began_at_ms: number;
  };
  /** Every head of a desk's audit chain that was ever countersigned. */
  audit_anchor: { partition: number; desk_id: string; epoch: number; seq: number; head: string; at_ms: number; sig: string };
  /** Every seal of a desk's audit chain that was ever shown, by its hash. */
  audit_seal: {
    partition: number;
    desk_id: string;
    epoch: number;
    no: number;
    upto_seq: number;
    head: string;
    next_key: string;
    seal: string;
    taken_at_ms: number;
  };
  /** What each desk has ever sent, answered or not: its ids and its places, each taken once. The partition is the desk's. */
  desk_command: {
    partition: number;
    desk_id: string;
    command_id: string;
    epoch: number;
    seq: number;
    fingerprint: string;
    aggregate_type: string;
    aggregate_key: string;
    kind: string;
    received_at_ms: number;
  };
  /** The answered commands with their answers: dedupe row and stored result in one. Kept for ever. */
  command: {
    partition: number;
    command_id: string;
    desk_id: string;
    office_id: string;
    desk_epoch: number;
    desk_seq: number;
    aggregate_type: string;
    aggregate_key: string;
    kind: string;
    fingerprint: string;
    envelope: string;
    result: string;
    receipt: string;
    /** Revision of the aggregate after this command; null after a conflict. */
    rev_after: number | null;
    received_at_ms: number;
  };
  aggregate: {
    partition: number;
    type: string;
    key: string;
    office_id: string;
    rev: number;
    /** Revision of the last change that an operator must have seen before acting; remarks of the supervisor do not move it. */
    state_rev: number;
    state: string;
    body: string;
  };
  feed_sequencer: { partition: number; office_id: string; last_place: number };
  change: {
    partition: number;
    office_id: string;
    place: number;
    entity: string;
    id: string;
    rev: number;
    op: 'upsert' | 'tombstone';
    body: string;
  };
  act: {
    partition: number;
    command_id: string;
    office_id: string;
    aggregate_key: string;
    kind: string;
    at_ms: number;
    occurred_at_ms: number;
    baku_day: string;
    operator_login: string;
    role: string;
    desk_id: string;
  };
  /** A copy of the operator aggregates, small and read by every command, so that no command reads a foreign partition. */
  operator_record: { operator_id: string; office_id: string; record: string };
  operator_secret: {
    operator_id: string;
    login: string;
    password_hash: string;
    failed_tries: number;
    locked_until_ms: number;
    disabled_at_ms: number | null;
  };
  certificate: {
    serial: string;
    application_id: string;
    ordinal: Generated<number>;
    kind: string;
    state: string;
    holder_fin: string;
    phone: string;
    iccid: string;
    voen: string;
    organisation_name: string;
    validity_rule: string;
    not_before_ms: number;
    not_after_ms: number;
    der: string;
    revoked_at_ms: number | null;
    reason: string;
  };
  /** Exactly one open act for a holder, carrier, kind and organisation: the primary key is the rule. */
  open_act: { fin: string; phone: string; kind: string; voen: string; application_id: string };
  sim_card: { phone: string; iccid: string; user_id: string; holder_fin: string };
  /** Keys that never leave the mobile-signature provider. */
  sim_key: { key_id: string; phone: string; usage: string; serial: string; private_key: string; public_key: string };
  lease: { partition: number; application_id: string; desk_id: string; token: number; until_ms: number; operator_login: string };
  /** Each time a desk was given its database key back: who stood there, which keys, and the number that both sides read. Never the key. */
  key_recovery: {
    request_id: string;
    desk_id: string;
    office_id: string;
    first_login: string;
    second_login: string;
    recovery_key_id: string;
    database_key_id: string;
    device_key_id: string;
    check_number: string;
    at_ms: number;
  };
  /** Names of registration offices, as far as they were told. */
  office: { office_id: string; name: string };
  /**
   * Every serial number of a card that was ever taken in or claimed: one card, one request. `state` is `stock`, `written_off`, `taken` or `out`.
   * Source: ADR-0027
   */
  card_serial: { serial: string; state: string; delivery_id: string; application_id: string; pin_request_id: string; at_ms: number };
  /** Every chip that was ever claimed. */
  chip_serial: { chip_serial: string; serial: string; application_id: string; at_ms: number };
  /** Every key on a card that was ever certified, by the SHA-256 of its SubjectPublicKeyInfo. */
  card_key: { spki_sha256: string; certificate_serial: string; application_id: string; at_ms: number };
  /** Every number of a PIN envelope that was ever used. */
  pin_envelope: { envelope_number: string; serial: string; at_ms: number };
  /** What applicants are told. In training nothing is sent; no code ever stands here. Source, AID-13, PKG-11 */
  notification: {
    notification_id: string;
    office_id: string;
    application_id: string;
    kind: string;
    channel: string;
    address: string;
    at_ms: number;
    sent_at_ms: number | null;
  };
  revocation_list: { id: number; number: number; der: string; this_update_ms: number; is_stale: number };
}
