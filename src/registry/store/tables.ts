import type { Generated } from 'kysely';

/**
 * The registry's tables. Times are UTC epoch milliseconds, JSON is text, flags are 0 or 1: the same values in both databases.
 */
export interface Tables {
  meta: { key: string; value: string };
  desk: { desk_id: string; office_id: string; public_key: string; registered_at_ms: number };
  /** The highest place of each incarnation of a desk that has been seen; lower ones may still be on their way. */
  desk_sequence: { desk_id: string; epoch: number; last_seq: number };
  /** Dedupe row and stored result in one; `result` is null while a command is blocked or deferred. Kept for ever. */
  command: {
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
    result: string | null;
    receipt: string | null;
    /** Revision of the aggregate after this command; null while unknown and after a conflict. */
    rev_after: number | null;
    received_at_ms: number;
  };
  aggregate: {
    type: string;
    key: string;
    office_id: string;
    rev: number;
    /** Revision of the last change that an operator must have seen before acting; remarks of the supervisor do not move it. */
    state_rev: number;
    state: string;
    body: string;
  };
  feed_sequencer: { office_id: string; last_pos: number };
  change: { office_id: string; pos: number; entity: string; id: string; rev: number; op: 'upsert' | 'tombstone'; body: string };
  act: {
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
  lease: { application_id: string; desk_id: string; token: number; until_ms: number; operator_login: string };
  revocation_list: { id: number; number: number; der: string; this_update_ms: number; is_stale: number };
}
