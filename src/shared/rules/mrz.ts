import { addCivilYears, isValidCivilDate, yearOf } from '../language/civil-date.ts';
import { checkFin, type FinCode, type FinPersonKind } from './fin.ts';
import { cutMrzLines, listFailedChecks, mrzLayouts, readSpan, type MrzCheckedField, type MrzFormat } from './mrz-zone.ts';
import type { IdentityDocumentKind } from './vocabulary.ts';

export type MrzCode =
  | 'MRZ_EMPTY'
  | 'MRZ_LENGTH'
  | 'MRZ_LOWER_CASE'
  | 'MRZ_CHARACTER'
  | 'MRZ_DOCUMENT_CODE'
  | 'MRZ_ISSUING_STATE'
  | 'MRZ_CHECK_DIGIT'
  | 'MRZ_DATE'
  | 'MRZ_SEX'
  | 'MRZ_FIN'
  | 'MRZ_EXPIRY_BEFORE_BIRTH';

/** What is worth a look although the zone is right. */
export type MrzNote = 'MRZ_NO_FIN' | 'MRZ_NAME_TRUNCATED' | 'MRZ_BIRTH_CENTURY_ASSUMED' | 'MRZ_EXPIRY_ABSENT';

export type MrzDocumentClass = 'citizen_card' | 'residence_permit' | 'refugee_card' | 'passport';

/** What a zone says. Names are transliterated; compare them with `namesMatchLoosely`. */
export interface MrzDocument {
  readonly format: MrzFormat;
  readonly documentClass: MrzDocumentClass;
  /** The kinds of the document list it may be; a zone does not tell a temporary permit from a permanent one. */
  readonly possibleKinds: readonly IdentityDocumentKind[];
  readonly issuingState: string;
  /** As it is stored: the old card of a citizen with its series AZE. */
  readonly documentNumber: string;
  readonly surname: string;
  readonly givenName: string;
  readonly birthOn: string;
  readonly sex: 'M' | 'F' | '';
  readonly nationality: string;
  /** Not on documents without a last day. */
  readonly expiresOn: string | undefined;
  readonly personKind: Exclude<FinPersonKind, 'virtual'>;
  /** Not on a passport of another state. */
  readonly fin: string | undefined;
}

export interface MrzAccepted {
  readonly ok: true;
  readonly value: MrzDocument;
  readonly notes: readonly MrzNote[];
}

export interface MrzRefused {
  readonly ok: false;
  readonly code: MrzCode;
  /** Every field whose check digit is wrong, with MRZ_CHECK_DIGIT; the dates that are none, with MRZ_DATE. */
  readonly failedFields: readonly MrzCheckedField[];
  /** Why the FİN is none, with MRZ_FIN. */
  readonly finCode?: FinCode;
  /** A zone that would be right, when only the keyboard layout or Caps Lock spoilt this one. */
  readonly suggestion?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * Reads the machine-readable zone of an identity document as a reader types it, or says why it cannot be trusted.
 *
 * `todayOn` decides the century of two-digit years: a birth is the latest one not in the future, an expiry lies at most
 * 50 years ahead. Whether the document has expired is not decided here.
 *
 * Source: CR-07, CR-08; azerbaijan.md §4.
 */
export function parseMrz(text: string, todayOn: string): MrzAccepted | MrzRefused {
  const cut = cutMrzLines(text);
  if (cut.format === undefined) {
    if (cut.length === 0) return refusedZone('MRZ_EMPTY');
    return refusedZone('MRZ_LENGTH', { params: { line: String(cut.line), length: String(cut.length) } });
  }
  const { format, lines } = cut;
  const characterProblem = findCharacterProblem(lines, todayOn);
  if (characterProblem) return characterProblem;

  const documentClass = findDocumentClass(format, lines);
  if (documentClass === undefined) return refusedZone('MRZ_DOCUMENT_CODE', { params: { code: readSpan(lines, [0, 0, 2]) } });
  const issuingState = withoutFillers(readSpan(lines, [0, 2, 5]));
  if (documentClass !== 'passport' && issuingState !== 'AZE') return refusedZone('MRZ_ISSUING_STATE', { params: { state: issuingState } });
  const failedFields = listFailedChecks(format, lines);
  if (failedFields.length > 0) return refusedZone('MRZ_CHECK_DIGIT', { failedFields });

  return readDocument(format, lines, documentClass, todayOn);
}

function readDocument(
  format: MrzFormat,
  lines: readonly string[],
  documentClass: MrzDocumentClass,
  todayOn: string,
): MrzAccepted | MrzRefused {
  const layout = mrzLayouts[format];
  const issuingState = withoutFillers(readSpan(lines, [0, 2, 5]));
  const nationality = withoutFillers(readSpan(lines, layout.nationality));
  const personKind = nationality === 'AZE' ? 'citizen' : 'foreigner';

  const birthOn = findBirthDate(readSpan(lines, layout.birthDate), todayOn);
  if (birthOn === undefined) return refusedZone('MRZ_DATE', { failedFields: ['birthDate'] });
  const expiryText = readSpan(lines, layout.expiryDate);
  const isUnlimited = /^<+$/u.test(expiryText);
  const expiresOn = isUnlimited ? undefined : findExpiryDate(expiryText, todayOn);
  if (!isUnlimited && expiresOn === undefined) return refusedZone('MRZ_DATE', { failedFields: ['expiryDate'] });
  if (expiresOn !== undefined && expiresOn <= birthOn) return refusedZone('MRZ_EXPIRY_BEFORE_BIRTH');
  const sex = sexes[readSpan(lines, layout.sex)];
  if (sex === undefined) return refusedZone('MRZ_SEX');

  const possibleKinds = listPossibleKinds(documentClass, issuingState);
  const finText = issuingState === 'AZE' ? readFin(readSpan(lines, layout.fin)) : '';
  const fin = finText === '' ? undefined : checkFin(finText, personKind, possibleKinds[0]);
  if (fin && !fin.ok) return refusedZone('MRZ_FIN', { finCode: fin.code });

  const nameText = readSpan(lines, layout.name);
  const [surname = '', ...givenNames] = nameText.split('<<');
  const value: MrzDocument = {
    format,
    documentClass,
    possibleKinds,
    issuingState,
    documentNumber: readDocumentNumber(format, documentClass, withoutFillers(readSpan(lines, layout.documentNumber))),
    surname: withoutFillers(surname),
    givenName: withoutFillers(givenNames.join('<')),
    birthOn,
    sex,
    nationality,
    expiresOn,
    personKind,
    fin: fin?.value,
  };
  const notes: MrzNote[] = [];
  if (value.fin === undefined) notes.push('MRZ_NO_FIN');
  if (!nameText.endsWith('<')) notes.push('MRZ_NAME_TRUNCATED');
  if (addCivilYears(birthOn, 15) > todayOn) notes.push('MRZ_BIRTH_CENTURY_ASSUMED');
  if (isUnlimited) notes.push('MRZ_EXPIRY_ABSENT');
  return { ok: true, value, notes };
}

const sexes: Readonly<Record<string, 'M' | 'F' | ''>> = { M: 'M', F: 'F', '<': '' };

function findCharacterProblem(lines: readonly string[], todayOn: string): MrzRefused | undefined {
  const zone = lines.join('\n');
  const odd = /[^0-9A-Z<\n]/u.exec(zone)?.[0];
  if (odd === undefined) return undefined;
  const repaired = zone.replace(/[İı]/gu, 'I').replace(/[a-z]/gu, (letter) => letter.toUpperCase());
  const suggestion = !/[^0-9A-Z<\n]/u.test(repaired) && parseMrz(repaired, todayOn).ok ? { suggestion: repaired } : {};
  return refusedZone(/^[0-9A-Za-z<\n]*$/u.test(zone) ? 'MRZ_LOWER_CASE' : 'MRZ_CHARACTER', { ...suggestion, params: { character: odd } });
}

/**
 * What kind of document the zone belongs to: P is a passport; any other I, A or C is a card, a permit when it says R or when the
 * holder is no citizen. XXB and XXC are refugees. Source: azerbaijan.md §4; ICAO 9303 part 3 §5
 */
function findDocumentClass(format: MrzFormat, lines: readonly string[]): MrzDocumentClass | undefined {
  const documentCode = readSpan(lines, [0, 0, 2]);
  if (format === 'TD3') return documentCode.startsWith('P') ? 'passport' : undefined;
  if (!/^[IAC]/u.test(documentCode)) return undefined;
  const nationality = withoutFillers(readSpan(lines, mrzLayouts[format].nationality));
  if (nationality === 'XXB' || nationality === 'XXC') return 'refugee_card';
  return documentCode.endsWith('R') || nationality !== 'AZE' ? 'residence_permit' : 'citizen_card';
}

function listPossibleKinds(documentClass: MrzDocumentClass, issuingState: string): readonly IdentityDocumentKind[] {
  switch (documentClass) {
    case 'citizen_card':
      return ['citizen_card', 'judge'];
    case 'residence_permit':
      return ['temporary_permit', 'permanent_permit'];
    case 'refugee_card':
      return ['refugee_card'];
    case 'passport':
      // The country's own passport is on no list of the matrix.
      return issuingState === 'AZE' ? [] : ['foreign_passport'];
  }
}

/** The old card prints 8 digits and its zone leaves the series out. Source: azerbaijan.md §3 */
function readDocumentNumber(format: MrzFormat, documentClass: MrzDocumentClass, number: string): string {
  return format === 'TD2' && documentClass === 'citizen_card' && /^\d{8}$/u.test(number) ? `AZE${number}` : number;
}

/** The FİN from its seven places: fillers at the right end mean one of 6 or 5 characters. Source: CR-08 */
function readFin(text: string): string {
  return text.replace(/<+$/u, '');
}

function withoutFillers(text: string): string {
  return text.replaceAll('<', ' ').replace(/ +/gu, ' ').trim();
}

function findBirthDate(text: string, todayOn: string): string | undefined {
  return findDate(text, ['20', '19'], todayOn);
}

function findExpiryDate(text: string, todayOn: string): string | undefined {
  const century = Math.floor(yearOf(todayOn) / 100);
  return findDate(text, [String(century + 1), String(century), String(century - 1)], addCivilYears(todayOn, 50));
}

/** The date YYMMDD in the first of the centuries in which it exists and is not after a day. */
function findDate(text: string, centuries: readonly string[], latestOn: string): string | undefined {
  if (!/^\d{6}$/u.test(text)) return undefined;
  const yearAndDay = `${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`;
  return centuries.map((century) => century + yearAndDay).find((on) => isValidCivilDate(on) && on <= latestOn);
}

function refusedZone(code: MrzCode, extra: Partial<Omit<MrzRefused, 'ok' | 'code'>> = {}): MrzRefused {
  return { ok: false, code, failedFields: [], ...extra };
}
