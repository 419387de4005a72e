import type { LookUpKind } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { columnsOf, textOf } from './columns.ts';

/** One search of a case with everything that came back. Source: COM-07, J-15 */
export interface StoredLookUp {
  readonly queryId: string;
  readonly applicationId: string;
  readonly ordinal: number;
  readonly kind: LookUpKind;
  /** 1…3 when it counted, else 0. */
  readonly attempt: number;
  readonly outcome: 'found' | 'not_found' | 'unavailable';
  readonly system: string;
  readonly atMs: number;
  readonly registerVersion: string;
  /** What was asked, as one text. */
  readonly queryKey: string;
  /** Canonical JSON as received; empty when nothing came back. */
  readonly answer: string;
  readonly answerSha256: string;
  readonly operatorLogin: string;
}

/** In the order in which they were made. */
export function listLookUps(db: Reader, applicationId: string): StoredLookUp[] {
  return db.all('SELECT * FROM look_up WHERE application_id = @applicationId ORDER BY ordinal', { applicationId }).map(lookUpOf);
}

export function isLookUpKnown(db: Reader, queryId: string): boolean {
  return db.get('SELECT 1 AS known FROM look_up WHERE query_id = @queryId', { queryId }) !== undefined;
}

export function insertLookUp(tx: Tx, lookUp: StoredLookUp): void {
  tx.run(
    `INSERT INTO look_up (query_id, application_id, ordinal, kind, attempt, outcome, system, at_ms, register_version, query_key, answer, answer_sha256, operator_login)
     VALUES (@queryId, @applicationId, @ordinal, @kind, @attempt, @outcome, @system, @atMs, @registerVersion, @queryKey, @answer, @answerSha256, @operatorLogin)`,
    columnsOf(lookUp),
  );
}

/** Journal J-05: a note that the identity document or the given data are not valid. Source: COM-04, COM-05 */
export interface InvalidityNote {
  readonly commandId: string;
  readonly applicationId: string;
  readonly kind: 'person' | 'representative' | 'organisation';
  /** Whose or what: the question as it was asked last. */
  readonly subject: string;
  readonly queryIds: readonly string[];
  readonly atMs: number;
  readonly operatorLogin: string;
}

export function insertInvalidityNote(tx: Tx, note: InvalidityNote): void {
  tx.run(
    `INSERT INTO invalidity_note (command_id, application_id, kind, subject, query_ids, at_ms, operator_login)
     VALUES (@commandId, @applicationId, @kind, @subject, @queryIds, @atMs, @operatorLogin)`,
    columnsOf(note),
  );
}

export function listInvalidityNotes(db: Reader, applicationId: string): InvalidityNote[] {
  return db.all('SELECT * FROM invalidity_note WHERE application_id = @applicationId ORDER BY at_ms', { applicationId }).map((row) => ({
    commandId: textOf(row, 'command_id'),
    applicationId,
    kind: textOf(row, 'kind') as InvalidityNote['kind'],
    subject: textOf(row, 'subject'),
    queryIds: JSON.parse(textOf(row, 'query_ids')) as string[],
    atMs: Number(row['at_ms']),
    operatorLogin: textOf(row, 'operator_login'),
  }));
}

function lookUpOf(row: Row): StoredLookUp {
  return {
    queryId: textOf(row, 'query_id'),
    applicationId: textOf(row, 'application_id'),
    ordinal: Number(row['ordinal']),
    kind: textOf(row, 'kind') as LookUpKind,
    attempt: Number(row['attempt']),
    outcome: textOf(row, 'outcome') as StoredLookUp['outcome'],
    system: textOf(row, 'system'),
    atMs: Number(row['at_ms']),
    registerVersion: textOf(row, 'register_version'),
    queryKey: textOf(row, 'query_key'),
    answer: textOf(row, 'answer'),
    answerSha256: textOf(row, 'answer_sha256'),
    operatorLogin: textOf(row, 'operator_login'),
  };
}
