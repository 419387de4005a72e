import { isValidCivilDate } from '../language/civil-date.ts';
import type { ApplicationData, IdentityDocument, Person, PowerOfAttorney } from './application-data.ts';
import type { CheckResult } from './check-result.ts';
import { checkFin, type FinPersonKind } from './fin.ts';
import { isFieldNeeded } from './form-fields.ts';
import { checkIccid } from './iccid.ts';
import { checkIdentityDocumentNumber, findDocumentDateProblem, type DocumentDatesCode } from './identity-document-number.ts';
import { checkName } from './names.ts';
import { checkPhone } from './phone.ts';
import type { FieldCode, RuleParams } from './rule-codes.ts';
import { checkVoen, voenKindFits } from './voen.ts';
import type { IdentityDocumentKind } from './vocabulary.ts';

/** One thing that is wrong with one field. `code` is of `fieldCodes`, of a validator, or a message of procedures.md §15. */
export type FormProblem = { readonly field: string; readonly code: string; readonly params: RuleParams; readonly suggestion?: string };

/**
 * Everything that still stands against the form, in the order of the paper: mandatory fields of the category, validators, dates. Empty when
 * the case may be checked and sent. At most one problem a field.
 * Source: SIM-07, COM-02, M-34; Əlavə 1 blocks of azerbaijan.md §11
 */
export function listProblems(data: ApplicationData, todayOn: string): FormProblem[] {
  const problems = [
    ...identityProblems('', data.document, data.person, todayOn),
    ...contactProblems(data),
    ...carrierProblems(data),
    ...kindProblems(data),
    ...organisationProblems(data),
    ...representativeProblems(data, todayOn),
    ...data.powersOfAttorney.flatMap((power, index) => powerProblems(power, `powersOfAttorney.${index}.`, todayOn)),
    ...closingProblems(data),
  ];
  const seen = new Set<string>();
  return problems.filter(({ field }) => {
    const isFirst = !seen.has(field) && isFieldNeeded(field, data);
    seen.add(field);
    return isFirst;
  });
}

function problem(field: string, code: FieldCode | 'M-02' | 'M-34' | DocumentDatesCode, params: RuleParams = {}): FormProblem {
  return { field, code, params };
}

/** REQUIRED when empty, else what the validator says; nothing when it is content. */
function checked(field: string, value: string, check: (value: string) => CheckResult<string, string>, isMandatory = true): FormProblem[] {
  if (value.trim() === '') return isMandatory ? [problem(field, 'REQUIRED')] : [];
  const result = check(value);
  if (result.ok) return [];
  const { code, params = {}, suggestion } = result;
  return [{ field, code, params, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function required(field: string, value: string): FormProblem[] {
  return value.trim() === '' ? [problem(field, 'REQUIRED')] : [];
}

/** Whose FİN stands on a document of this kind: citizens' documents carry the long one only. Source: CR-07, CR-08 */
export function finPersonKindOf(documentKind: IdentityDocumentKind): FinPersonKind {
  return documentKind === 'citizen_card' || documentKind === 'military_card' || documentKind === 'judge' ? 'citizen' : 'foreigner';
}

function finProblems(field: string, fin: string, documentKind: IdentityDocumentKind): FormProblem[] {
  return checked(field, fin, (value) => checkFin(value, finPersonKindOf(documentKind), documentKind));
}

function numberProblems(field: string, document: IdentityDocument): FormProblem[] {
  return checked(field, document.number, (value) => checkIdentityDocumentNumber(document.kind, value));
}

const fieldOfDateCode: Readonly<Record<DocumentDatesCode, string>> = {
  DOCUMENT_BIRTH_DATE_INVALID: 'person.birthOn',
  DOCUMENT_BIRTH_IN_FUTURE: 'person.birthOn',
  DOCUMENT_ISSUE_DATE_INVALID: 'document.issuedOn',
  DOCUMENT_ISSUED_IN_FUTURE: 'document.issuedOn',
  DOCUMENT_ISSUED_BEFORE_BIRTH: 'document.issuedOn',
  DOCUMENT_EXPIRY_MISSING: 'document.validUntilOn',
  DOCUMENT_EXPIRY_INVALID: 'document.validUntilOn',
  DOCUMENT_EXPIRY_BEFORE_BIRTH: 'document.validUntilOn',
  DOCUMENT_EXPIRY_BEFORE_ISSUE: 'document.validUntilOn',
  DOCUMENT_UNLIMITED_NOT_PERMITTED: 'document.isUnlimited',
  DOCUMENT_EXPIRED: 'document.validUntilOn',
};

/** The dates of person and document together; an expired document is the message M-02. Source: COM-02 */
function documentDateProblems(prefix: string, document: IdentityDocument, person: Person, todayOn: string): FormProblem[] {
  const { kind, issuedOn, validUntilOn, isUnlimited } = document;
  const code = findDocumentDateProblem({ kind, birthOn: person.birthOn, issuedOn, validUntilOn, isUnlimited }, todayOn);
  if (code === undefined) return [];
  const field = prefix + fieldOfDateCode[code];
  if (code === 'DOCUMENT_EXPIRED') return [problem(field, 'M-02', { tarix: validUntilOn })];
  return [problem(field, code === 'DOCUMENT_EXPIRY_MISSING' ? 'REQUIRED' : code)];
}

function identityProblems(prefix: string, document: IdentityDocument, person: Person, todayOn: string): FormProblem[] {
  return [
    ...numberProblems(`${prefix}document.number`, document),
    ...(document.kind === 'judge' ? required(`${prefix}document.judgeCardNumber`, document.judgeCardNumber) : []),
    ...required(`${prefix}document.issuedBy`, document.issuedBy),
    ...finProblems(`${prefix}person.fin`, person.fin, document.kind),
    ...checked(`${prefix}person.surname`, person.surname, checkName),
    ...checked(`${prefix}person.givenName`, person.givenName, checkName),
    // Foreigners may have no father's name. Source: azerbaijan.md §8
    ...checked(`${prefix}person.fatherName`, person.fatherName, checkName, person.citizenship === 'AZE'),
    ...required(`${prefix}person.sex`, person.sex),
    ...required(`${prefix}person.birthOn`, person.birthOn),
    ...required(`${prefix}person.birthPlace`, person.birthPlace),
    ...citizenshipProblems(`${prefix}person.citizenship`, person.citizenship, document.kind),
    ...documentDateProblems(prefix, document, person, todayOn),
  ];
}

function citizenshipProblems(field: string, citizenship: string, documentKind: IdentityDocumentKind): FormProblem[] {
  if (citizenship === '') return [problem(field, 'REQUIRED')];
  if (!/^[A-Z]{3}$/u.test(citizenship)) return [problem(field, 'COUNTRY_FORMAT')];
  const isCitizensDocument = finPersonKindOf(documentKind) === 'citizen';
  return isCitizensDocument === (citizenship === 'AZE') ? [] : [problem(field, 'CITIZENSHIP_NOT_FOR_DOCUMENT', { kind: documentKind })];
}

/** A mobile number is mandatory whatever the channel of notices is. Source: C-63 */
function contactProblems(data: ApplicationData): FormProblem[] {
  const { registeredAddress, phone, email, notifyBy } = data.contact;
  const problems = [...required('contact.registeredAddress', registeredAddress), ...checked('contact.phone', phone, checkPhone)];
  if (email.trim() === '') return notifyBy === 'email' ? [...problems, problem('contact.email', 'REQUIRED')] : problems;
  return isEmail(email) ? problems : [...problems, problem('contact.email', 'EMAIL_FORMAT')];
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/u.test(text.trim());
}

/** Source: SIM-02, M-34 */
function carrierProblems(data: ApplicationData): FormProblem[] {
  const { phone, iccid, operator, isCorporate, corporateVoen } = data.carrier;
  const isVoenMissing = isCorporate && corporateVoen.trim() === '';
  return [
    ...checked('carrier.phone', phone, checkPhone),
    ...checked('carrier.iccid', iccid, checkIccid),
    ...required('carrier.operator', operator),
    ...(isVoenMissing ? [problem('carrier.corporateVoen', 'M-34')] : checked('carrier.corporateVoen', corporateVoen, checkVoen, false)),
  ];
}

function kindProblems(data: ApplicationData): FormProblem[] {
  if (data.kinds.length === 0) return [problem('kinds', 'REQUIRED')];
  // Source: CR-28
  return data.carrier.kind === 'asan_id' && data.kinds.length > 1 ? [problem('kinds', 'ONE_KIND_ON_CARD')] : [];
}

/** Source: SIM-09, CR-25; azerbaijan.md §2 */
function organisationProblems(data: ApplicationData): FormProblem[] {
  const { voen, name, position, bodyKind, sealText } = data.organisation;
  return [
    ...voenProblems(data, voen),
    ...required('organisation.name', name),
    ...required('organisation.position', position),
    ...required('organisation.bodyKind', bodyKind),
    ...required('organisation.sealText', sealText),
  ];
}

function voenProblems(data: ApplicationData, voen: string): FormProblem[] {
  const problems = checked('organisation.voen', voen, checkVoen);
  if (problems.length > 0) return problems;
  return voenKindFits(data.category, normalised(voen, checkVoen))
    ? []
    : [problem('organisation.voen', 'VOEN_NOT_FOR_CATEGORY', { category: data.category })];
}

/** Source: COM-16 */
function representativeProblems(data: ApplicationData, todayOn: string): FormProblem[] {
  const { isPresent, person, document } = data.representative;
  if (!isPresent) return [];
  const problems = identityProblems('representative.', document, person, todayOn);
  const isSame = person.fin !== '' && person.fin === data.person.fin;
  return isSame ? [problem('representative.person.fin', 'SAME_AS_APPLICANT'), ...problems] : problems;
}

/** What is recorded of a power of attorney. Source: POA-R2, COM-16 */
function powerProblems(power: PowerOfAttorney, prefix: string, todayOn: string): FormProblem[] {
  return [
    ...required(`${prefix}number`, power.number),
    ...pastDateProblems(`${prefix}issuedOn`, power.issuedOn, todayOn),
    ...endDateProblems(`${prefix}validUntilOn`, power.validUntilOn, power.issuedOn),
    ...checked(`${prefix}grantor`, power.grantor, (value) => (/^\d{10}$/u.test(value) ? checkVoen(value) : checkFin(value, 'virtual'))),
    ...checked(`${prefix}grantee`, power.grantee, (value) => checkFin(value, 'virtual')),
    ...required(`${prefix}certification`, power.certification),
    ...required(`${prefix}notaryName`, power.notaryName),
    ...required(`${prefix}notaryRegisterNumber`, power.notaryRegisterNumber),
    ...(/^[A-Z]{3}$/u.test(power.country) ? [] : [problem(`${prefix}country`, power.country === '' ? 'REQUIRED' : 'COUNTRY_FORMAT')]),
    ...required(`${prefix}legalisation`, power.legalisation),
    ...required(`${prefix}legalisationNumber`, power.legalisationNumber),
    ...pastDateProblems(`${prefix}legalisationOn`, power.legalisationOn, todayOn),
    ...required(`${prefix}legalisationReason`, power.legalisationReason),
    ...((power.signs ?? []).length === 0 ? [problem(`${prefix}signs`, 'REQUIRED')] : []),
  ];
}

function pastDateProblems(field: string, on: string, todayOn: string): FormProblem[] {
  if (on === '') return [problem(field, 'REQUIRED')];
  if (!isValidCivilDate(on)) return [problem(field, 'DATE_INVALID')];
  return on > todayOn ? [problem(field, 'DATE_IN_FUTURE')] : [];
}

function endDateProblems(field: string, on: string, fromOn: string): FormProblem[] {
  if (on === '') return [];
  if (!isValidCivilDate(on)) return [problem(field, 'DATE_INVALID')];
  return fromOn !== '' && on < fromOn ? [problem(field, 'DATE_ORDER')] : [];
}

/** The answer to the secret question is no part of the data; whether it was given is a fact of the case. Source: Əlavə 1 blocks 6, 7 */
function closingProblems(data: ApplicationData): FormProblem[] {
  return [
    ...required('secretQuestion', data.secretQuestion),
    ...(data.consent.givenAtMs > 0 && data.consent.textVersion !== '' ? [] : [problem('consent', 'CONSENT_NEEDED')]),
  ];
}

/** The normalised form of a value, or the value itself when it is none. */
export function normalised(value: string, check: (value: string) => CheckResult<string, string>): string {
  const result = check(value);
  return result.ok ? result.value : value;
}

export { isFieldNeeded } from './form-fields.ts';
