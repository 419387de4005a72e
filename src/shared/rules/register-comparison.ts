import { foldForSearch, namesMatchLoosely, normaliseText } from '../language/normalise.ts';
import type { ApplicationData } from './application-data.ts';
import { fail, ok, type Decision } from './decision.ts';
import { bodyKinds, identityDocumentKinds, type BodyKind, type IdentityDocumentKind } from './vocabulary.ts';

/** A person as a state register answers. Source */
export type RegisterPerson = {
  readonly fin: string;
  readonly surname: string;
  readonly givenName: string;
  readonly fatherName: string;
  readonly sex: 'M' | 'F';
  readonly birthOn: string;
  readonly birthPlace: string;
  readonly citizenship: string;
  readonly registeredAddress: string;
  readonly document: {
    readonly kind: string;
    readonly number: string;
    readonly issuedBy: string;
    readonly issuedOn: string;
    readonly validUntilOn: string;
    readonly isUnlimited: boolean;
  };
};

/** An organisation as the taxpayer register answers. Source: X-04 */
export type RegisterOrganisation = { readonly voen: string; readonly name: string; readonly bodyKind: string };

export const comparisonVerdicts = ['same', 'loosely_same', 'differs', 'missing'] as const;
export type ComparisonVerdict = (typeof comparisonVerdicts)[number];

/** One field beside the register's answer; `missing` is a field not typed yet that the register knows. */
export type ComparedField = {
  readonly field: string;
  readonly typed: string;
  readonly answered: string;
  readonly verdict: ComparisonVerdict;
};

type TypedPerson = Pick<ApplicationData, 'person' | 'document' | 'contact'>;
type PersonField = {
  readonly field: string;
  readonly isName: boolean;
  readonly typed: (data: TypedPerson) => string;
  readonly answered: (answer: RegisterPerson) => string;
};

const personFields: readonly PersonField[] = [
  { field: 'person.fin', isName: false, typed: (data) => data.person.fin, answered: (answer) => answer.fin },
  { field: 'person.surname', isName: true, typed: (data) => data.person.surname, answered: (answer) => answer.surname },
  { field: 'person.givenName', isName: true, typed: (data) => data.person.givenName, answered: (answer) => answer.givenName },
  { field: 'person.fatherName', isName: true, typed: (data) => data.person.fatherName, answered: (answer) => answer.fatherName },
  { field: 'person.sex', isName: false, typed: (data) => data.person.sex, answered: (answer) => answer.sex },
  { field: 'person.birthOn', isName: false, typed: (data) => data.person.birthOn, answered: (answer) => answer.birthOn },
  { field: 'person.birthPlace', isName: true, typed: (data) => data.person.birthPlace, answered: (answer) => answer.birthPlace },
  { field: 'person.citizenship', isName: false, typed: (data) => data.person.citizenship, answered: (answer) => answer.citizenship },
  {
    field: 'contact.registeredAddress',
    isName: true,
    typed: (data) => data.contact.registeredAddress,
    answered: (answer) => answer.registeredAddress,
  },
  { field: 'document.number', isName: false, typed: (data) => data.document.number, answered: (answer) => answer.document.number },
  { field: 'document.issuedBy', isName: true, typed: (data) => data.document.issuedBy, answered: (answer) => answer.document.issuedBy },
  { field: 'document.issuedOn', isName: false, typed: (data) => data.document.issuedOn, answered: (answer) => answer.document.issuedOn },
  {
    field: 'document.validUntilOn',
    isName: false,
    typed: (data) => data.document.validUntilOn,
    answered: (answer) => answer.document.validUntilOn,
  },
];

/**
 * What was typed beside what the register answered. Names and addresses are compared loosely: letter case, the letters of another
 * transliteration and spacing do not make a difference. A field that the register leaves empty is not compared.
 * Source: COM-04; azerbaijan.md §4, §7
 */
export function compareWithRegister(data: TypedPerson, answer: RegisterPerson): ComparedField[] {
  return personFields
    .map(({ field, isName, typed, answered }) => comparedField(field, typed(data), answered(answer), isName))
    .filter((compared) => compared.answered !== '');
}

/** The representative beside the register's answer about him: his own data and document; his address is not asked. Source: COM-16 */
export function compareRepresentative(data: ApplicationData, answer: RegisterPerson): ComparedField[] {
  return compareWithRegister({ ...data.representative, contact: data.contact }, answer)
    .filter(({ field }) => !field.startsWith('contact.'))
    .map((compared) => ({ ...compared, field: `${representativePrefix}${compared.field}` }));
}

const representativePrefix = 'representative.';

/** Source: COM-05, X-04 */
export function compareOrganisation(data: ApplicationData, answer: RegisterOrganisation): ComparedField[] {
  return [
    comparedField('organisation.voen', data.organisation.voen, answer.voen, false),
    comparedField('organisation.name', data.organisation.name, answer.name, true),
    comparedField('organisation.bodyKind', data.organisation.bodyKind, answer.bodyKind, false),
  ].filter((compared) => compared.answered !== '');
}

function comparedField(field: string, typed: string, answered: string, isName: boolean): ComparedField {
  return { field, typed, answered, verdict: verdictOf(normaliseText(typed), normaliseText(answered), isName) };
}

function verdictOf(typed: string, answered: string, isName: boolean): ComparisonVerdict {
  if (typed === answered) return 'same';
  if (typed === '') return 'missing';
  const isLoose = foldForSearch(typed) === foldForSearch(answered) || (isName && namesMatchLoosely(typed, answered));
  return isLoose ? 'loosely_same' : 'differs';
}

/** Differences that stop the taking over: the answer would be somebody else's. Source: COM-01, COM-04 */
const fieldsOfIdentity: readonly string[] = ['person.fin', 'person.surname', 'person.birthOn'];

export type AdoptStop = { readonly code: 'ANSWER_OF_ANOTHER'; readonly fields: string[] };

/**
 * The data with the official fields filled and overwritten by the register's, and their paths noted in `adopted`. Nothing is taken over
 * when FİN, surname or birth date differ: then it is for the registrar to find out who stands before him. Fields that the register leaves
 * empty, and everything that is not official, stay as typed.
 * Source: COM-04, SIM-07
 */
export function adoptFromRegister(data: ApplicationData, answer: RegisterPerson): Decision<ApplicationData, AdoptStop> {
  const differing = compareWithRegister(data, answer)
    .filter(({ field, verdict }) => verdict === 'differs' && fieldsOfIdentity.includes(field))
    .map(({ field }) => field);
  if (data.person.fin === '') differing.unshift('person.fin');
  if (differing.length > 0) return fail({ code: 'ANSWER_OF_ANOTHER', fields: differing });

  const { document } = answer;
  const kind = identityDocumentKinds.find((each) => each === document.kind);
  return ok({
    ...data,
    person: {
      fin: answer.fin,
      surname: answer.surname || data.person.surname,
      givenName: answer.givenName || data.person.givenName,
      fatherName: answer.fatherName || data.person.fatherName,
      sex: answer.sex,
      birthOn: answer.birthOn || data.person.birthOn,
      birthPlace: answer.birthPlace || data.person.birthPlace,
      citizenship: answer.citizenship || data.person.citizenship,
    },
    contact: { ...data.contact, registeredAddress: answer.registeredAddress || data.contact.registeredAddress },
    document: {
      ...data.document,
      kind: adoptedKind(data.document.kind, kind),
      number: document.number || data.document.number,
      issuedBy: document.issuedBy || data.document.issuedBy,
      issuedOn: document.issuedOn || data.document.issuedOn,
      validUntilOn: document.isUnlimited ? '' : document.validUntilOn || data.document.validUntilOn,
      isUnlimited: document.isUnlimited,
    },
    adopted: mergedPaths(data.adopted, compareWithRegister(data, answer)),
  });
}

/** The same for whoever files for the applicant; nothing of the applicant is touched. Source: COM-16 */
export function adoptRepresentative(data: ApplicationData, answer: RegisterPerson): Decision<ApplicationData, AdoptStop> {
  const { representative, contact, adopted } = data;
  const adoptedPerson = adoptFromRegister({ ...data, person: representative.person, document: representative.document }, answer);
  if (!adoptedPerson.ok)
    return fail({ ...adoptedPerson.error, fields: adoptedPerson.error.fields.map((field) => `${representativePrefix}${field}`) });
  const { person, document } = adoptedPerson.value;
  return ok({
    ...data,
    contact,
    representative: { ...representative, person, document },
    adopted: mergedPaths(adopted, compareRepresentative(data, answer)),
  });
}

/** A judge shows the identity card, so the register's `citizen_card` does not take the judge away. Source: CR-09 */
function adoptedKind(typed: IdentityDocumentKind, answered: IdentityDocumentKind | undefined): IdentityDocumentKind {
  return typed === 'judge' && answered === 'citizen_card' ? typed : (answered ?? typed);
}

/** Source: COM-05, SIM-09 */
export function adoptOrganisation(data: ApplicationData, answer: RegisterOrganisation): Decision<ApplicationData, AdoptStop> {
  if (normaliseText(data.organisation.voen).replaceAll(' ', '') !== answer.voen)
    return fail({ code: 'ANSWER_OF_ANOTHER', fields: ['organisation.voen'] });
  const bodyKind = isBodyKind(answer.bodyKind) ? answer.bodyKind : data.organisation.bodyKind;
  return ok({
    ...data,
    organisation: { ...data.organisation, voen: answer.voen, name: answer.name || data.organisation.name, bodyKind },
    adopted: mergedPaths(data.adopted, compareOrganisation(data, answer)),
  });
}

function isBodyKind(text: string): text is BodyKind {
  return (bodyKinds as readonly string[]).includes(text);
}

function mergedPaths(adopted: readonly string[], compared: readonly ComparedField[]): string[] {
  return [...new Set([...adopted, ...compared.map(({ field }) => field)])].sort();
}

/** After an edit: the paths whose value the registrar has changed are not taken over any more. */
export function keepAdopted(before: ApplicationData, after: ApplicationData): string[] {
  return after.adopted.filter((path) => readPath(before, path) === readPath(after, path));
}

function readPath(data: ApplicationData, path: string): unknown {
  let value: unknown = data;
  for (const part of path.split('.')) value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  return value;
}
