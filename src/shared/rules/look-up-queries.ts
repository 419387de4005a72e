import { normaliseText } from '../language/normalise.ts';
import type { ApplicationData } from './application-data.ts';
import { finPersonKindOf, listProblems, normalised, type FormProblem } from './application-form.ts';
import { checkFin } from './fin.ts';
import { checkIccid } from './iccid.ts';
import { checkIdentityDocumentNumber } from './identity-document-number.ts';
import { checkName } from './names.ts';
import { checkPhone } from './phone.ts';
import { fail, ok, type Decision } from './decision.ts';
import { checkVoen } from './voen.ts';
import type { IdentityDocumentKind, LookUpKind, SigningKind } from './vocabulary.ts';

export type PersonQuery = {
  readonly fin: string;
  readonly documentKind: IdentityDocumentKind;
  readonly documentNumber: string;
  readonly birthOn: string;
};
export type OrganisationQuery = { readonly voen: string };
export type SimQuery = { readonly phone: string; readonly iccid: string };
/** Source: X-06, CR-29 */
export type EntitlementQuery = { readonly fin: string; readonly voen: string; readonly kinds: SigningKind[] };
export type LookUpQuery = {
  readonly person: PersonQuery;
  readonly representative: PersonQuery;
  readonly organisation: OrganisationQuery;
  readonly sim: SimQuery;
  readonly entitlement: EntitlementQuery;
  readonly holder: PersonQuery;
};

/** The fields that a search is made of; a problem in one of them stops it. Source: SIM-08, SIM-09, COM-16, X-05 */
export const fieldsOfLookUp: Readonly<Record<LookUpKind, readonly string[]>> = {
  person: ['document.kind', 'document.number', 'person.fin', 'person.birthOn'],
  representative: [
    'representative.isPresent',
    'representative.document.kind',
    'representative.document.number',
    'representative.person.fin',
    'representative.person.birthOn',
  ],
  organisation: ['organisation.voen'],
  sim: ['carrier.phone', 'carrier.iccid'],
  entitlement: ['person.fin', 'kinds', 'organisation.voen'],
  holder: ['document.kind', 'document.number', 'person.fin', 'person.birthOn'],
};

/**
 * The ready query, with every value normalised, or what stops it: a mistyped number never costs an attempt. Other fields may still be
 * empty, so a draft can be looked up as soon as these are there.
 * Source: COM-04, COM-05, COM-16; azerbaijan.md §2
 */
export function lookUpQueryFor<Kind extends LookUpKind>(
  kind: Kind,
  data: ApplicationData,
  todayOn: string,
): Decision<LookUpQuery[Kind], FormProblem[]> {
  const fields = fieldsOfLookUp[kind];
  // The VÖEN is not asked of K1; a search for it there has nothing to ask for.
  const problems = listProblems(data, todayOn).filter(({ field }) => fields.includes(field));
  if (kind === 'organisation' && data.category === 'K1')
    problems.push({ field: 'organisation.voen', code: 'VOEN_NOT_FOR_CATEGORY', params: { category: 'K1' } });
  if (kind === 'representative' && !data.representative.isPresent)
    problems.push({ field: 'representative.isPresent', code: 'REQUIRED', params: {} });
  if (kind === (data.carrier.kind === 'sim' ? 'entitlement' : 'sim'))
    problems.push({ field: 'carrier.kind', code: 'REQUIRED', params: {} });
  return problems.length > 0 ? fail(problems) : ok(queries[kind](data));
}

const queries: { readonly [Kind in LookUpKind]: (data: ApplicationData) => LookUpQuery[Kind] } = {
  person: personQuery,
  representative: ({ representative }) => personQuery(representative),
  organisation: ({ organisation }) => ({ voen: normalised(organisation.voen, checkVoen) }),
  sim: ({ carrier }) => ({ phone: normalised(carrier.phone, checkPhone), iccid: normalised(carrier.iccid, checkIccid) }),
  entitlement: (data) => {
    const isForOrganisation = data.kinds.some((kind) => kind !== 'PER');
    return {
      fin: personQuery(data).fin,
      voen: isForOrganisation ? normalised(data.organisation.voen, checkVoen) : '',
      kinds: [...data.kinds],
    };
  },
  holder: personQuery,
};

function personQuery({ document, person }: Pick<ApplicationData, 'document' | 'person'>): PersonQuery {
  return {
    fin: normalised(person.fin, (value) => checkFin(value, finPersonKindOf(document.kind), document.kind)),
    documentKind: document.kind,
    documentNumber: normalised(document.number, (value) => checkIdentityDocumentNumber(document.kind, value)),
    birthOn: person.birthOn,
  };
}

/**
 * One text for one question: equal texts ask the same thing. The desk keeps it with the answer; when it differs from what is typed now, the
 * answer is stale. It holds personal data: for storage with the case, never for a log.
 * Source: procedures.md §14.1
 */
export function lookUpKey(kind: LookUpKind, data: ApplicationData): string {
  return JSON.stringify(queries[kind](data));
}

/**
 * The data as they are stored and sent: every number, code and name in its normal form, nothing else changed. The form has shown each
 * change as a note before.
 */
export function withNormalisedFields(data: ApplicationData): ApplicationData {
  const { fin, documentNumber } = personQuery(data);
  const representative = personQuery(data.representative);
  return {
    ...data,
    document: { ...data.document, number: documentNumber },
    person: withNormalisedNames({ ...data.person, fin }),
    contact: { ...data.contact, phone: normalised(data.contact.phone, checkPhone), email: data.contact.email.trim() },
    carrier: { ...data.carrier, ...queries.sim(data), corporateVoen: normalised(data.carrier.corporateVoen, checkVoen) },
    organisation: { ...data.organisation, ...queries.organisation(data), name: normaliseText(data.organisation.name) },
    representative: {
      ...data.representative,
      document: { ...data.representative.document, number: representative.documentNumber },
      person: withNormalisedNames({ ...data.representative.person, fin: representative.fin }),
    },
  };
}

function withNormalisedNames<Names extends { surname: string; givenName: string; fatherName: string }>(names: Names): Names {
  return {
    ...names,
    surname: normalised(names.surname, checkName),
    givenName: normalised(names.givenName, checkName),
    fatherName: normalised(names.fatherName, checkName),
  };
}
