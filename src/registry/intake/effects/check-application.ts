import { namesMatchLoosely } from '../../../shared/language/normalise.ts';
import type { ApplicationSubmission } from '../../../shared/registry-api/envelope.ts';
import { listProblems } from '../../../shared/rules/application-form.ts';
import { needsOrganisationCheck, type KindRefusal } from '../../../shared/rules/certificate-kinds.ts';
import { acceptedIdentityDocuments, findMissingDocuments } from '../../../shared/rules/document-matrix.ts';
import { isPassportAllowed } from '../../../shared/rules/identity-check.ts';
import { isDocumentValidOn } from '../../../shared/rules/identity-document-number.ts';
import { findOperatorOfLogin, holdsRoleAt } from '../../operators/operator-records.ts';
import type { RegisteredOrganisation, RegisteredPerson } from '../../population/records.ts';
import { findOrganisation, findPerson, registerOfDocument } from '../../registers/registers.ts';
import type { Register } from '../../server/faults.ts';
import type { EffectContext, RuleParams } from '../effect.ts';

/** What is checked of every application, whatever its certificates will live on. */

/** The registers of the people and bodies that it names. */
export function listNeededRegisters({ data }: ApplicationSubmission): Register[] {
  const { representative } = data;
  return [
    registerOfDocument(data.document.kind),
    ...(representative.isPresent ? [registerOfDocument(representative.document.kind)] : []),
    ...(needsOrganisationCheck(data.kinds) ? (['VÖEN'] as const) : []),
  ];
}

export interface PersonEvidence {
  readonly ok: true;
  readonly person: RegisteredPerson;
  readonly organisation: RegisteredOrganisation | null;
}
export type Refusal = { readonly ok: false; readonly code: string; readonly params: RuleParams };

export function refuse(code: string, params: RuleParams = {}): Refusal {
  return { ok: false, code, params };
}

/** The desk's own rules once more: a desk that skipped them gets no certificate. Source: SIM-04, SIM-05, SIM-07 */
export function checkForm({ data }: ApplicationSubmission, todayOn: string, isPassportLetPass: boolean): Refusal | null {
  const [problem] = listProblems(data, todayOn);
  if (problem !== undefined)
    return problem.code.startsWith('M-')
      ? refuse(problem.code, problem.params)
      : refuse('M-10', { səbəb: problem.field, code: problem.code });
  const isAccepted = acceptedIdentityDocuments(data.category).includes(data.document.kind);
  if (!isAccepted && !(data.document.kind === 'foreign_passport' && isPassportLetPass)) return refuse('DOCUMENT_KIND_NOT_ACCEPTED');
  const [missing] = findMissingDocuments(data, todayOn);
  return missing === undefined ? null : refuse(missing.code, missing.params);
}

/** Whoever is named as having let the passport pass must have been centre officer of this office at that moment. Source: C-02 */
export async function isPassportLetPass(context: EffectContext<'application.send'>): Promise<boolean> {
  const { payload, desk } = context;
  const { passportAllowance } = payload.data;
  if (passportAllowance === undefined || !isPassportAllowed(payload.data)) return false;
  const officer = await findOperatorOfLogin(await context.openSession(), passportAllowance.byLogin);
  if (officer === undefined || officer.officeId !== desk.officeId) return false;
  return holdsRoleAt(officer, 'centre_officer', passportAllowance.atMs);
}

/** Heads act for the body of which the register names them head; an individual taxpayer is his own. Source: CR-25, K1b */
const headCategories: readonly string[] = ['K1b', 'K3', 'K5'];

export function checkPeople({ data }: ApplicationSubmission, todayOn: string): PersonEvidence | Refusal {
  const { person: typed, representative } = data;
  const found = checkPerson(data, todayOn, { missing: 'PERSON_NOT_FOUND', otherName: 'NAME_DIFFERS' });
  if (!found.ok) return found;
  if (representative.isPresent) {
    const filer = checkPerson(representative, todayOn, { missing: 'REPRESENTATIVE_NOT_FOUND', otherName: 'REPRESENTATIVE_NAME_DIFFERS' });
    if (!filer.ok) return filer;
  }

  let organisation: RegisteredOrganisation | null = null;
  if (needsOrganisationCheck(data.kinds)) {
    organisation = findOrganisation(data.organisation.voen);
    if (organisation === null) return refuse('M-10', { səbəb: 'ORGANISATION_NOT_FOUND' });
    if (headCategories.includes(data.category) && organisation.headFin !== typed.fin) return refuse('M-10', { səbəb: 'NOT_THE_HEAD' });
  }
  return { ok: true, person: found.person, organisation };
}

/** One person beside his register: known under this document, called so, with a document in force. Source: COM-02, COM-04, COM-16 */
function checkPerson(
  { person: typed, document }: Pick<ApplicationSubmission['data'], 'person' | 'document'>,
  todayOn: string,
  reason: { readonly missing: string; readonly otherName: string },
): { readonly ok: true; readonly person: RegisteredPerson } | Refusal {
  const found = findPerson({ fin: typed.fin, documentKind: document.kind, documentNumber: document.number, birthOn: typed.birthOn });
  if (found === null) return refuse('M-10', { səbəb: reason.missing });
  if (!namesMatchLoosely(typed.surname, found.person.surname) || !namesMatchLoosely(typed.givenName, found.person.givenName))
    return refuse('M-10', { səbəb: reason.otherName });
  if (!found.document.isUnlimited && !isDocumentValidOn(found.document.validUntilOn, todayOn))
    return refuse('M-02', { tarix: found.document.validUntilOn });
  return { ok: true, person: found.person };
}

/** What can never be on one SIM is the clearest of several reasons. */
export function toldRefusal(refusals: readonly KindRefusal[]): Refusal {
  const told = refusals.find((each) => each.code === 'M-28') ?? refusals.find((each) => each.code === 'M-29') ?? refusals[0];
  return refuse(told?.code ?? 'M-10', told?.params);
}
