import type { IdentityDocument, Person } from '../../../shared/rules/application-data.ts';
import type { PinRequestState, SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { json, nullableInt, textOf } from './columns.ts';

export interface PinRequestBody {
  readonly applicationId: string;
  readonly chipSerial: string;
  readonly officeId: string;
  readonly officeName: string;
  readonly deskId: string;
  readonly filedAtMs: number;
  /** As the case of the card has it; names only where another office took the request. */
  readonly person: Person;
  /** What was shown at the desk, when the request was taken. */
  readonly document: Pick<IdentityDocument, 'kind' | 'number' | 'validUntilOn' | 'isUnlimited'>;
  /** Found in the state register by what was shown; the card is searched only after that. */
  readonly isPersonFound: boolean;
  readonly isBlocked: boolean;
  readonly isCentreSigned: boolean;
  readonly isHolderSigned: boolean;
  readonly paperNumber: string;
  readonly registerNumber: string;
  readonly packageNumber: string;
  readonly sentAtMs: number;
  readonly envelopeNumber: string;
  readonly isPukSpent: boolean;
  readonly backPackageNumber: string;
  /** At the hand-over: the bearer and the document asked again, the person found again. */
  readonly holderCheckedAtMs: number;
  readonly refusalReason: string;
  readonly archiveListNumber: string;
}

export interface StoredPinRequest extends PinRequestBody {
  readonly requestId: string;
  readonly state: PinRequestState;
  readonly cardSerial: string;
  readonly rev: number | null;
  readonly sync: SyncWord;
  readonly updatedAtMs: number;
}

export function findPinRequest(db: Reader, requestId: string): StoredPinRequest | undefined {
  const row = db.get('SELECT * FROM pin_request WHERE request_id = @requestId', { requestId });
  return row && requestOf(row);
}

/** Newest first. */
export function listPinRequests(db: Reader, limit: number): StoredPinRequest[] {
  return db.all('SELECT * FROM pin_request ORDER BY updated_at_ms DESC, request_id LIMIT @limit', { limit }).map(requestOf);
}

export function savePinRequest(tx: Tx, stored: StoredPinRequest): void {
  const { requestId, state, cardSerial, rev, sync, updatedAtMs, ...body } = stored;
  tx.run(
    `INSERT INTO pin_request(request_id, state, card_serial, rev, body, sync, updated_at_ms)
     VALUES (@requestId, @state, @cardSerial, @rev, @body, @sync, @updatedAtMs)
     ON CONFLICT(request_id) DO UPDATE SET state = excluded.state, card_serial = excluded.card_serial, rev = excluded.rev, body = excluded.body,
       sync = excluded.sync, updated_at_ms = excluded.updated_at_ms`,
    { requestId, state, cardSerial, rev, body: JSON.stringify(body), sync, updatedAtMs },
  );
}

function requestOf(row: Row): StoredPinRequest {
  return {
    ...json<PinRequestBody>(row, 'body'),
    requestId: textOf(row, 'request_id'),
    state: textOf(row, 'state') as PinRequestState,
    cardSerial: textOf(row, 'card_serial'),
    rev: nullableInt(row, 'rev'),
    sync: textOf(row, 'sync') as SyncWord,
    updatedAtMs: Number(row['updated_at_ms']),
  };
}

export type PinLookUpKind = 'person' | 'card' | 'holder';
export interface PinLookUp {
  readonly queryId: string;
  readonly requestId: string;
  readonly kind: PinLookUpKind;
  readonly attempt: number;
  readonly outcome: 'found' | 'not_found' | 'unavailable';
  readonly system: string;
  readonly atMs: number;
  readonly queryKey: string;
  readonly answerSha256: string;
  readonly operatorLogin: string;
}

/** Counted attempts of this kind; they never go back. Source: COM-07 */
export function countPinAttempts(db: Reader, requestId: string, kind: PinLookUpKind): number {
  const row = db.get('SELECT max(attempt) AS n FROM pin_look_up WHERE request_id = @requestId AND kind = @kind', { requestId, kind });
  return Number(row?.['n'] ?? 0);
}

export function insertPinLookUp(tx: Tx, lookUp: PinLookUp): void {
  tx.run(
    `INSERT INTO pin_look_up(query_id, request_id, kind, attempt, outcome, system, at_ms, query_key, answer_sha256, operator_login)
     VALUES (@queryId, @requestId, @kind, @attempt, @outcome, @system, @atMs, @queryKey, @answerSha256, @operatorLogin)`,
    { ...lookUp },
  );
}

export function isPinLookUpKnown(db: Reader, queryId: string): boolean {
  return db.get('SELECT 1 AS found FROM pin_look_up WHERE query_id = @queryId', { queryId }) !== undefined;
}

/** The case whose card this is now; of every office that this desk is told of. Source: PIN-06 */
export function findApplicationOfCard(db: Reader, cardSerial: string): string | undefined {
  const row = db.get("SELECT application_id FROM application WHERE card ->> '$.serial' = @cardSerial AND removed_at_ms IS NULL", {
    cardSerial,
  });
  return row && textOf(row, 'application_id');
}

/** The next number of a new envelope of this card; it is written before it is printed and never given again. */
export function takeRenewalEnvelope(tx: Tx, requestId: string, cardSerial: string, atMs: number): string {
  const row = tx.get('SELECT count(*) AS n FROM pin_renewal_envelope WHERE number >= @prefix AND number < @end', {
    prefix: `${cardSerial}-R`,
    end: `${cardSerial}-S`,
  });
  const number = `${cardSerial}-R${String(Number(row?.['n'] ?? 0) + 1).padStart(2, '0')}`;
  tx.run("INSERT INTO pin_renewal_envelope(number, request_id, state, at_ms) VALUES (@number, @requestId, 'taken', @atMs)", {
    number,
    requestId,
    atMs,
  });
  return number;
}

export function settleRenewalEnvelope(tx: Tx, number: string, state: 'printed' | 'spoilt'): void {
  tx.run('UPDATE pin_renewal_envelope SET state = @state WHERE number = @number', { number, state });
}
