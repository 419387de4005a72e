import type { CardOfCase } from '../../../shared/registry-api/card-entities.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { actsOfOtherRoles } from '../../../shared/rules/day-register.ts';
import type { ApplicationState, Attendee, SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, SqlValue, Tx } from '../database.ts';
import { columnsOf, json, nullableInt, textOf } from './columns.ts';

export interface StoredRefusal {
  readonly reasonCode: string;
  readonly note: string;
  readonly atMs: number;
  readonly returnedDocuments: { document: string; note: string }[];
  readonly invalidityNote: boolean;
}
export interface StoredReturn {
  readonly reason: string;
  readonly byName: string;
  readonly atMs: number;
  readonly actCommandId: string;
}

/** What the hand-over of a card has done so far at this desk. Source: HND-01..HND-12 */
export interface StoredCardHandOver {
  readonly holderConfirmedAtMs: number | null;
  readonly match: { readonly cardSerial: string; readonly envelopeNumber: string; readonly atMs: number } | null;
  /**
   * `waived`: there was no reader, or it could not read; the registrar wrote why. `failed`: the card said something else than the case, `reason` has the
   * codes; only a test that passes ends that.
   */
  readonly test: { readonly outcome: 'passed' | 'waived' | 'failed'; readonly reason: string; readonly atMs: number } | null;
}
export const emptyCardHandOver: StoredCardHandOver = { holderConfirmedAtMs: null, match: null, test: null };

/** Certificates of the card that is made now: those of a card that was spoilt or sent back are revoked and on no paper. A SIM's are all its own. */
export function certificatesInUse<T extends { readonly serial: string }>(
  { card }: Pick<StoredApplication, 'card'>,
  certificates: readonly T[],
): T[] {
  return certificates.filter(({ serial }) => card === null || card.certificateSerials.includes(serial));
}

/** One case as this desk keeps it. `rev` is null until the registry knows the case. */
export interface StoredApplication {
  readonly applicationId: string;
  readonly state: ApplicationState;
  readonly data: ApplicationData;
  readonly version: number;
  readonly rev: number | null;
  readonly deskId: string;
  readonly operatorId: string;
  readonly operatorLogin: string;
  readonly operatorName: string;
  readonly bearerConfirmed: 'not_asked' | 'is_bearer' | 'not_bearer';
  /** Who stands at the desk with his own document; empty until it was asked. Source: COM-16 */
  readonly attendee: Attendee | '';
  /** argon2id of the folded answer; never leaves but towards the registry. */
  readonly secretAnswerHash: string;
  readonly filedAtMs: number;
  readonly dueAtMs: number | null;
  readonly archiveDueAtMs: number | null;
  readonly userId: string;
  readonly activationAttempts: number;
  readonly activationOutcome: 'none' | 'failed' | 'activated';
  readonly isCentreSigned: boolean;
  readonly isApplicantSigned: boolean;
  /** By whose hand, and who received the certificates; empty until it happened. Source: COM-16 */
  readonly contractSignedBy: Attendee | '';
  readonly handedTo: Attendee | '';
  readonly areScansSent: boolean;
  readonly areScansEntered: boolean;
  readonly leaseDeskId: string;
  readonly leaseToken: number;
  readonly leaseUntilMs: number;
  /** Revision of the case that told of the lease, 0 before any; older pages of the feed do not change it. */
  readonly leaseRev: number;
  /** An online act that was written and whose outcome is not recorded yet. */
  readonly pendingCommandId: string;
  readonly pendingKind: 'none' | 'send' | 'activate';
  /** Of an Asan ID, as the registry told of it last. */
  readonly card: CardOfCase | null;
  readonly cardHandOver: StoredCardHandOver;
  readonly refusal: StoredRefusal | null;
  readonly returned: StoredReturn | null;
  readonly sync: SyncWord;
  readonly updatedAtMs: number;
}

export function findApplication(db: Reader, applicationId: string): StoredApplication | undefined {
  const row = db.get('SELECT * FROM application WHERE application_id = @applicationId', { applicationId });
  return row && applicationOf(row);
}

export function insertApplication(tx: Tx, application: StoredApplication): void {
  tx.run(
    `INSERT INTO application (application_id, state, data, version, rev, desk_id, operator_id, operator_login, operator_name, bearer_confirmed, attendee,
       secret_answer_hash, filed_at_ms, due_at_ms, archive_due_at_ms, user_id, activation_attempts, activation_outcome, is_centre_signed,
       is_applicant_signed, contract_signed_by, handed_to, are_scans_sent, are_scans_entered, lease_desk_id, lease_token, lease_until_ms,
       lease_rev, pending_command_id, pending_kind, card, card_hand_over, refusal, returned, sync, updated_at_ms)
     VALUES (@applicationId, @state, @data, @version, @rev, @deskId, @operatorId, @operatorLogin, @operatorName, @bearerConfirmed, @attendee,
       @secretAnswerHash, @filedAtMs, @dueAtMs, @archiveDueAtMs, @userId, @activationAttempts, @activationOutcome, @isCentreSigned,
       @isApplicantSigned, @contractSignedBy, @handedTo, @areScansSent, @areScansEntered, @leaseDeskId, @leaseToken, @leaseUntilMs,
       @leaseRev, @pendingCommandId, @pendingKind, @card, @cardHandOver, @refusal, @returned, @sync, @updatedAtMs)`,
    columnsOf(application),
  );
}

/** Writes the whole row; the caller read it in the same transaction. */
export function updateApplication(tx: Tx, application: StoredApplication): void {
  const { deskId: _deskId, filedAtMs: _filedAtMs, ...changeable } = application;
  tx.run(
    `UPDATE application SET state = @state, data = @data, version = @version, rev = @rev, operator_id = @operatorId,
       operator_login = @operatorLogin, operator_name = @operatorName, bearer_confirmed = @bearerConfirmed,
       attendee = @attendee, secret_answer_hash = @secretAnswerHash,
       due_at_ms = @dueAtMs, archive_due_at_ms = @archiveDueAtMs, user_id = @userId, activation_attempts = @activationAttempts,
       activation_outcome = @activationOutcome, is_centre_signed = @isCentreSigned, is_applicant_signed = @isApplicantSigned,
       contract_signed_by = @contractSignedBy, handed_to = @handedTo,
       are_scans_sent = @areScansSent, are_scans_entered = @areScansEntered, lease_desk_id = @leaseDeskId, lease_token = @leaseToken,
       lease_until_ms = @leaseUntilMs, lease_rev = @leaseRev, pending_command_id = @pendingCommandId, pending_kind = @pendingKind,
       card = @card, card_hand_over = @cardHandOver, refusal = @refusal,
       returned = @returned, sync = @sync, updated_at_ms = @updatedAtMs
     WHERE application_id = @applicationId`,
    columnsOf(changeable),
  );
}

/** The registry no longer has the case (or, with null, has it again): lists and counts leave it out, nothing else changes. */
export function markRemoved(tx: Tx, applicationId: string, removedAtMs: number | null): void {
  tx.run(
    'UPDATE application SET removed_at_ms = @removedAtMs WHERE application_id = @applicationId AND removed_at_ms IS NOT @removedAtMs',
    {
      applicationId,
      removedAtMs,
    },
  );
}

export interface ListFilter {
  /** Empty = everybody's. */
  readonly operatorId: string;
  /** Empty = every state. */
  readonly states: readonly ApplicationState[];
  readonly limit: number;
}

/** Newest first. */
export function listApplications(db: Reader, filter: ListFilter): StoredApplication[] {
  return db
    .all(
      `SELECT * FROM application
       WHERE removed_at_ms IS NULL AND (@operatorId = '' OR operator_id = @operatorId) AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
       ORDER BY filed_at_ms DESC, application_id LIMIT @limit`,
      { operatorId: filter.operatorId, states: JSON.stringify(filter.states), limit: filter.limit },
    )
    .map(applicationOf);
}

export function countApplications(db: Reader, filter: Omit<ListFilter, 'limit'>): number {
  const row = db.get(
    `SELECT count(*) AS n FROM application
     WHERE removed_at_ms IS NULL AND (@operatorId = '' OR operator_id = @operatorId) AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))`,
    { operatorId: filter.operatorId, states: JSON.stringify(filter.states) },
  );
  return Number(row?.['n'] ?? 0);
}

/** Open cases, the soonest due first. */
export function listOpenApplications(db: Reader, limit: number): StoredApplication[] {
  return db
    .all(
      `SELECT * FROM application WHERE removed_at_ms IS NULL AND state NOT IN ('ARCHIVED', 'REFUSED', 'WITHDRAWN')
       ORDER BY coalesce(archive_due_at_ms, due_at_ms, filed_at_ms), application_id LIMIT @limit`,
      { limit },
    )
    .map(applicationOf);
}

export interface OpenCounts {
  readonly mine: number;
  readonly office: number;
  readonly drafts: number;
  readonly dueToday: number;
  readonly breached: number;
  readonly returned: number;
}

export function countOpenApplications(
  db: Reader,
  { operatorId, login }: { readonly operatorId: string; readonly login: string },
  nowMs: number,
  endOfDayMs: number,
): OpenCounts {
  const row = db.get(
    `SELECT count(*) AS office, sum(operator_id = @operatorId) AS mine, sum(operator_id = @operatorId AND state = 'DRAFT') AS drafts,
       sum(coalesce(archive_due_at_ms, due_at_ms) BETWEEN @nowMs AND @endOfDayMs) AS due_today,
       sum(coalesce(archive_due_at_ms, due_at_ms) < @nowMs) AS breached
     FROM application WHERE removed_at_ms IS NULL AND state NOT IN ('ARCHIVED', 'REFUSED', 'WITHDRAWN')`,
    { operatorId, nowMs, endOfDayMs },
  );
  const returned = db.get(`SELECT count(*) AS n ${returnedToLogin}`, { login, others: othersActs });
  const count = (value: SqlValue | undefined) => Number(value ?? 0);
  return {
    mine: count(row?.['mine']),
    office: count(row?.['office']),
    drafts: count(row?.['drafts']),
    dueToday: count(row?.['due_today']),
    breached: count(row?.['breached']),
    returned: count(returned?.['n']),
  };
}

/** The cases with a returned act that falls to this operator, whoever filed them. Source: R-31 */
export function listReturnedApplications(db: Reader, login: string): StoredApplication[] {
  return db.all(`SELECT application.* ${returnedToLogin}`, { login, others: othersActs }).map(applicationOf);
}

const othersActs = JSON.stringify(actsOfOtherRoles);
/**
 * A returned act falls to whoever did it, if he may correct it. What a role without the right to edit did, an act whose doer is no registrar
 * any more, and one that this desk does not know yet fall to the registrar of the case.
 */
const returnedToLogin = `FROM application
  LEFT JOIN application_act ON application_act.application_id = application.application_id
    AND application_act.command_id = application.returned ->> '$.actCommandId'
    AND application_act.act NOT IN (SELECT value FROM json_each(@others))
  LEFT JOIN operator ON operator.login = application_act.operator_login
  WHERE application.returned IS NOT NULL AND application.removed_at_ms IS NULL AND @login = CASE
    WHEN operator.operator_id IS NULL OR (operator.is_disabled = 0 AND 'registrar' IN (SELECT value FROM json_each(operator.roles)))
    THEN coalesce(application_act.operator_login, application.operator_login) ELSE application.operator_login END`;

function applicationOf(row: Row): StoredApplication {
  return {
    applicationId: textOf(row, 'application_id'),
    state: textOf(row, 'state') as ApplicationState,
    // Written only after the schema of the contract accepted it.
    data: json<ApplicationData>(row, 'data'),
    version: Number(row['version']),
    rev: nullableInt(row, 'rev'),
    deskId: textOf(row, 'desk_id'),
    operatorId: textOf(row, 'operator_id'),
    operatorLogin: textOf(row, 'operator_login'),
    operatorName: textOf(row, 'operator_name'),
    bearerConfirmed: textOf(row, 'bearer_confirmed') as StoredApplication['bearerConfirmed'],
    attendee: textOf(row, 'attendee') as StoredApplication['attendee'],
    secretAnswerHash: textOf(row, 'secret_answer_hash'),
    filedAtMs: Number(row['filed_at_ms']),
    dueAtMs: nullableInt(row, 'due_at_ms'),
    archiveDueAtMs: nullableInt(row, 'archive_due_at_ms'),
    userId: textOf(row, 'user_id'),
    activationAttempts: Number(row['activation_attempts']),
    activationOutcome: textOf(row, 'activation_outcome') as StoredApplication['activationOutcome'],
    isCentreSigned: Number(row['is_centre_signed']) === 1,
    isApplicantSigned: Number(row['is_applicant_signed']) === 1,
    contractSignedBy: textOf(row, 'contract_signed_by') as StoredApplication['contractSignedBy'],
    handedTo: textOf(row, 'handed_to') as StoredApplication['handedTo'],
    areScansSent: Number(row['are_scans_sent']) === 1,
    areScansEntered: Number(row['are_scans_entered']) === 1,
    leaseDeskId: textOf(row, 'lease_desk_id'),
    leaseToken: Number(row['lease_token']),
    leaseUntilMs: Number(row['lease_until_ms']),
    leaseRev: Number(row['lease_rev']),
    pendingCommandId: textOf(row, 'pending_command_id'),
    pendingKind: textOf(row, 'pending_kind') as StoredApplication['pendingKind'],
    card: row['card'] === null ? null : json<CardOfCase>(row, 'card'),
    cardHandOver: row['card_hand_over'] === null ? emptyCardHandOver : json<StoredCardHandOver>(row, 'card_hand_over'),
    refusal: row['refusal'] === null ? null : json<StoredRefusal>(row, 'refusal'),
    returned: row['returned'] === null ? null : json<StoredReturn>(row, 'returned'),
    sync: textOf(row, 'sync') as SyncWord,
    updatedAtMs: Number(row['updated_at_ms']),
  };
}
