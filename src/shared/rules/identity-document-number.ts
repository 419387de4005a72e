import { isValidCivilDate } from '../language/civil-date.ts';
import { accepted, refused, type CheckResult } from './check-result.ts';
import { normaliseTypedCode, type TypedCodeNote } from './typed-code.ts';
import type { IdentityDocumentKind } from './vocabulary.ts';

export type DocumentNumberCode =
  'DOCUMENT_NUMBER_EMPTY' | 'DOCUMENT_NUMBER_CHARACTER' | 'DOCUMENT_NUMBER_LENGTH' | 'DOCUMENT_NUMBER_FORMAT';
export type DocumentNumberNote = TypedCodeNote | 'DOCUMENT_SIGNS_REMOVED' | 'DOCUMENT_SERIES_ADDED' | 'DOCUMENT_NUMBER_UNUSUAL';

/**
 * The number of an identity document as it is stored, or why it is none.
 *
 * A citizen's card has AZE and 8 digits (old) or two Latin letters and 7 digits (new); 8 digits alone get their series, with a
 * note. For documents whose format no source states, an odd number is only noted.
 *
 * Source: azerbaijan.md §3.
 */
export function checkIdentityDocumentNumber(
  kind: IdentityDocumentKind,
  input: string,
): CheckResult<DocumentNumberCode, DocumentNumberNote> {
  const typed = normaliseTypedCode(input);
  // A number sign and hyphens are printed on some documents between series and number; they are no part of it.
  const code = typed.code.replace(/[№#\-–]/gu, '');
  const notes: DocumentNumberNote[] = [...typed.notes];
  if (code !== typed.code) notes.push('DOCUMENT_SIGNS_REMOVED');
  if (code === '') return refused('DOCUMENT_NUMBER_EMPTY');
  if (!/^[0-9A-ZİƏÖÜĞÇŞ]+$/u.test(code)) return refused('DOCUMENT_NUMBER_CHARACTER');
  if (code.length > maxNumberLength) return refused('DOCUMENT_NUMBER_LENGTH');

  // A judge shows the identity card; the judge's card has a field of its own.
  if (kind === 'citizen_card' || kind === 'judge') {
    if (/^\d{8}$/u.test(code)) return accepted(`AZE${code}`, [...notes, 'DOCUMENT_SERIES_ADDED']);
    return /^(?:AZE\d{8}|[A-Z]{2}\d{7})$/u.test(code) ? accepted(code, notes) : refused('DOCUMENT_NUMBER_FORMAT');
  }
  return accepted(code, usualNumber[kind].test(code) ? notes : [...notes, 'DOCUMENT_NUMBER_UNUSUAL']);
}

const maxNumberLength = 20;

const usualNumber: Readonly<Record<Exclude<IdentityDocumentKind, 'citizen_card' | 'judge'>, RegExp>> = {
  permanent_permit: /^(?:DYİ|DYI)?\d{6,9}$/u,
  temporary_permit: /^(?:MYİ|MYI)?\d{6,9}$/u,
  refugee_card: /^[A-Z]{0,3}\d{4,9}$/u,
  foreign_passport: /^[0-9A-Z]{6,9}$/u,
  military_card: /^[A-Z]{0,3}\d{4,9}$/u,
};

export type DocumentDatesCode =
  | 'DOCUMENT_BIRTH_DATE_INVALID'
  | 'DOCUMENT_BIRTH_IN_FUTURE'
  | 'DOCUMENT_ISSUE_DATE_INVALID'
  | 'DOCUMENT_ISSUED_IN_FUTURE'
  | 'DOCUMENT_ISSUED_BEFORE_BIRTH'
  | 'DOCUMENT_EXPIRY_MISSING'
  | 'DOCUMENT_EXPIRY_INVALID'
  | 'DOCUMENT_EXPIRY_BEFORE_BIRTH'
  | 'DOCUMENT_EXPIRY_BEFORE_ISSUE'
  | 'DOCUMENT_UNLIMITED_NOT_PERMITTED'
  | 'DOCUMENT_EXPIRED';

/** The dates of a document as typed; an empty text is a date not given. */
export interface DocumentDates {
  readonly kind: IdentityDocumentKind;
  readonly birthOn: string;
  readonly issuedOn: string;
  readonly validUntilOn: string;
  readonly isUnlimited: boolean;
}

/**
 * What is wrong with the dates of an identity document on a day, the gravest first; nothing when the document can be used.
 *
 * A document is valid on the day named as its last. Only DOCUMENT_EXPIRED is a fact about the document (M-02); the others are
 * slips of typing.
 *
 * Source: azerbaijan.md §3 (validity rule); T §9.1.1.1.4.
 */
export function findDocumentDateProblem(dates: DocumentDates, todayOn: string): DocumentDatesCode | undefined {
  const { birthOn, issuedOn, validUntilOn } = dates;
  if (birthOn !== '' && !isValidCivilDate(birthOn)) return 'DOCUMENT_BIRTH_DATE_INVALID';
  if (birthOn > todayOn) return 'DOCUMENT_BIRTH_IN_FUTURE';
  if (issuedOn !== '' && !isValidCivilDate(issuedOn)) return 'DOCUMENT_ISSUE_DATE_INVALID';
  if (issuedOn > todayOn) return 'DOCUMENT_ISSUED_IN_FUTURE';
  if (issuedOn !== '' && issuedOn < birthOn) return 'DOCUMENT_ISSUED_BEFORE_BIRTH';
  if (dates.isUnlimited) return mayBeUnlimited(dates.kind) ? undefined : 'DOCUMENT_UNLIMITED_NOT_PERMITTED';
  if (validUntilOn === '') return 'DOCUMENT_EXPIRY_MISSING';
  if (!isValidCivilDate(validUntilOn)) return 'DOCUMENT_EXPIRY_INVALID';
  if (birthOn !== '' && validUntilOn <= birthOn) return 'DOCUMENT_EXPIRY_BEFORE_BIRTH';
  if (issuedOn !== '' && validUntilOn < issuedOn) return 'DOCUMENT_EXPIRY_BEFORE_ISSUE';
  return isDocumentValidOn(validUntilOn, todayOn) ? undefined : 'DOCUMENT_EXPIRED';
}

/** Whether a document with this last day is valid on a day; the last day itself counts. Source: azerbaijan.md §3 */
export function isDocumentValidOn(validUntilOn: string, todayOn: string): boolean {
  return todayOn <= validUntilOn;
}

/** Whether documents of a kind are issued without a last day. Source: azerbaijan.md §3 (Low: our reading) */
export function mayBeUnlimited(kind: IdentityDocumentKind): boolean {
  return kind === 'citizen_card' || kind === 'judge' || kind === 'military_card';
}
