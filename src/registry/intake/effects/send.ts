import { namesMatchLoosely } from '../../../shared/language/normalise.ts';
import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import type { ApplicationSubmission } from '../../../shared/registry-api/envelope.ts';
import { listProblems } from '../../../shared/rules/application-form.ts';
import { decideKinds, needsOrganisationCheck } from '../../../shared/rules/certificate-kinds.ts';
import { isPassportAllowed } from '../../../shared/rules/identity-check.ts';
import { isDocumentValidOn } from '../../../shared/rules/identity-document-number.ts';
import { acceptedIdentityDocuments, findMissingDocuments } from '../../../shared/rules/document-matrix.ts';
import { isCertificateLive } from '../../../shared/rules/certificate-states.ts';
import type { CertificateKind } from '../../../shared/rules/vocabulary.ts';
import { listCertificatesOnPhone, toIssued, type CertificateRecord } from '../../certification/certificate-records.ts';
import { issueCertificates } from '../../certification/issue.ts';
import type { RegisteredOrganisation, RegisteredPerson, RegisteredSim } from '../../population/records.ts';
import { findOrganisation, findPerson, findSim, isCardOfSim, registerOfDocument } from '../../registers/registers.ts';
import type { Register } from '../../server/faults.ts';
import { findOperatorOfLogin, holdsRoleAt } from '../../operators/operator-records.ts';
import { bakuDayOf } from '../baku-day.ts';
import { rejected, type Effect, type EffectContext, type EffectResult, type RuleParams } from '../effect.ts';
import { findCase, leaseAnswer, withAct, withLease } from './case-entity.ts';

const retryAfterOutageMs = 5_000;

/**
 * Checks the application against the registers by the shared rules and issues. A refusal says what is wrong and leaves nothing behind.
 * Source: SIM-10, SIM-11, COM-12, CR-20..CR-27
 */
export const sendApplication: Effect<'application.send'> = async (context) => {
  const { payload, registry, nowMs } = context;
  if (findCase(context) !== undefined) return rejected('STATE');
  if (listNeededRegisters(payload).some((register) => registry.faults.isOut(register)))
    return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };

  const formRefusal = checkForm(payload, bakuDayOf(nowMs), await isPassportLetPass(context));
  if (formRefusal !== null) return rejected(formRefusal.code, formRefusal.params, 'INVALID');
  const evidence = checkAgainstRegisters(payload, bakuDayOf(nowMs));
  if (!evidence.ok) return rejected(evidence.code, evidence.params, 'INVALID');
  if (await isActOpen(context, evidence)) return rejected('ALREADY_OPEN', {}, 'INVALID');
  const session = await context.openSession();
  const existing = await listCertificatesOnPhone(session, evidence.sim.phone);
  const kinds = decide(payload, evidence, existing, bakuDayOf(nowMs));
  if (!kinds.ok) return rejected(kinds.code, kinds.params, 'INVALID');
  if (!(await openActs(context, evidence, listActs(evidence, kinds)))) return rejected('ALREADY_OPEN', {}, 'INVALID');

  const records =
    kinds.kept.length > 0
      ? kinds.kept
      : await issueCertificates(session, registry.authority, {
          applicationId: payload.applicationId,
          data: payload.data,
          kinds: kinds.issue,
          alreadyOnPhone: existing.length,
          ...evidence,
          nowMs,
        });
  return await enterCase(context, records);
};

async function enterCase(context: EffectContext<'application.send'>, records: readonly CertificateRecord[]): Promise<EffectResult> {
  const { payload, desk, envelope, nowMs } = context;
  const certificates = records.map(toIssued);
  const entity: ApplicationEntity = {
    applicationId: payload.applicationId,
    officeId: desk.officeId,
    deskId: desk.deskId,
    state: 'CONTRACT',
    data: payload.data,
    filedAtMs: payload.filedAtMs,
    sentAtMs: nowMs,
    certificates,
    userId: '',
    activationAttempts: 0,
    refusal: null,
    attachments: envelope.attachments,
    lease: null,
    card: null,
    spoiltCards: [],
    personalisingSinceMs: 0,
    acts: [],
  };
  const body = withLease(context, withAct(context, entity));
  return { kind: 'applied', change: { state: body.state, body }, answer: { certificates, ...leaseAnswer(body) } };
}

function listNeededRegisters({ data }: ApplicationSubmission): Register[] {
  const { representative } = data;
  return [
    'CA',
    'MO',
    registerOfDocument(data.document.kind),
    ...(representative.isPresent ? [registerOfDocument(representative.document.kind)] : []),
    ...(needsOrganisationCheck(data.kinds) ? (['VÖEN'] as const) : []),
  ];
}

interface Evidence {
  readonly ok: true;
  readonly person: RegisteredPerson;
  readonly organisation: RegisteredOrganisation | null;
  readonly sim: RegisteredSim;
}
type Refusal = { readonly ok: false; readonly code: string; readonly params: RuleParams };

function refuse(code: string, params: RuleParams = {}): Refusal {
  return { ok: false, code, params };
}

/** The desk's own rules once more: a desk that skipped them gets no certificate. Source: SIM-04, SIM-05, SIM-07 */
function checkForm({ data }: ApplicationSubmission, todayOn: string, isPassportLetPass: boolean): Refusal | null {
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
async function isPassportLetPass(context: EffectContext<'application.send'>): Promise<boolean> {
  const { payload, desk } = context;
  const { passportAllowance } = payload.data;
  if (passportAllowance === undefined || !isPassportAllowed(payload.data)) return false;
  const officer = await findOperatorOfLogin(await context.openSession(), passportAllowance.byLogin);
  if (officer === undefined || officer.officeId !== desk.officeId) return false;
  return holdsRoleAt(officer, 'centre_officer', passportAllowance.atMs);
}

/** Heads act for the body of which the register names them head; an individual taxpayer is his own. Source: CR-25, K1b */
const headCategories: readonly string[] = ['K1b', 'K3', 'K5'];

function checkAgainstRegisters({ data }: ApplicationSubmission, todayOn: string): Evidence | Refusal {
  const { person: typed, carrier, representative } = data;
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

  const sim = findSim(carrier.phone);
  if (sim === null) return refuse('M-10', { səbəb: 'SIM_NOT_FOUND' });
  if (!isCardOfSim(sim, carrier.iccid)) return refuse('M-10', { səbəb: 'ICCID_DIFFERS' });
  if (sim.ownerFin !== typed.fin) return refuse('SIM_OF_ANOTHER_HOLDER');
  return { ok: true, person: found.person, organisation, sim };
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

type Kinds = { readonly ok: true; readonly issue: readonly CertificateKind[]; readonly kept: readonly CertificateRecord[] };

/**
 * What is issued. A new card of a number keeps the number's certificates: they are bound to it and activated again instead of being
 * made a second time.
 */
function decide(
  { data }: ApplicationSubmission,
  evidence: Evidence,
  existing: readonly CertificateRecord[],
  todayOn: string,
): Kinds | Refusal {
  const decision = decideKinds({
    requested: data.kinds,
    purpose: data.purpose,
    category: data.category,
    standing: data.organisation.standing,
    bodyKind: evidence.organisation?.bodyKind ?? data.organisation.bodyKind,
    voen: data.organisation.voen,
    serviceType: evidence.sim.serviceType,
    existing,
    fin: data.person.fin,
    operator: evidence.sim.operator,
    serviceActivatedOn: evidence.sim.serviceActivatedOn,
    serviceUntilOn: evidence.sim.serviceUntilOn,
    todayOn,
  });
  if (!decision.ok) {
    // What can never be on one SIM is the clearest of several reasons.
    const told =
      decision.refusals.find((each) => each.code === 'M-28') ??
      decision.refusals.find((each) => each.code === 'M-29') ??
      decision.refusals[0];
    return refuse(told?.code ?? 'M-10', told?.params);
  }
  const live = existing.filter((each) => isCertificateLive(each.state) && each.state !== 'GENERATED');
  if (data.purpose !== 'sim_replacement') return { ok: true, issue: decision.issue, kept: [] };
  if (live.some((each) => each.holderFin !== data.person.fin)) return refuse('SIM_OF_ANOTHER_HOLDER');
  return live.length > 0 ? { ok: true, issue: live.map((each) => each.kind), kept: live } : { ok: true, issue: decision.issue, kept: [] };
}

type OpenAct = { readonly kind: CertificateKind; readonly voen: string };

function listActs(evidence: Evidence, kinds: Kinds): OpenAct[] {
  if (kinds.kept.length > 0) return kinds.kept.map(({ kind, voen }) => ({ kind, voen }));
  return kinds.issue.map((kind) => ({ kind, voen: kind === 'BUS' || kind === 'STA' ? (evidence.organisation?.voen ?? '') : '' }));
}

/** Told before the rules of kinds speak: a case under way is the better reason than the certificates that it has made. */
async function isActOpen(context: EffectContext<'application.send'>, evidence: Evidence): Promise<boolean> {
  const { payload } = context;
  if (payload.data.kinds.length === 0) return false;
  const session = await context.openSession();
  const open = await session.db
    .selectFrom('open_act')
    .select('kind')
    .where('fin', '=', evidence.person.fin)
    .where('phone', '=', evidence.sim.phone)
    .where('kind', 'in', payload.data.kinds)
    .where('voen', 'in', ['', evidence.organisation?.voen ?? ''])
    .executeTakeFirst();
  return open !== undefined;
}

/** One open act for a holder, carrier, kind and organisation. Source: b4, one-shot acts */
async function openActs(context: EffectContext<'application.send'>, evidence: Evidence, acts: readonly OpenAct[]): Promise<boolean> {
  const session = await context.openSession();
  for (const { kind, voen } of acts) {
    const inserted = await session.db
      .insertInto('open_act')
      .values({ fin: evidence.person.fin, phone: evidence.sim.phone, kind, voen, application_id: context.payload.applicationId })
      .onConflict((conflict) => conflict.columns(['fin', 'phone', 'kind', 'voen']).doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return false;
  }
  return true;
}
