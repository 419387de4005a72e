import type { ApplicationRow, ApplicationView } from '../../../shared/contract/application.ts';
import type { Notice } from '../../../shared/contract/base.ts';
import type { OrganisationAnswer, PersonAnswer } from '../../../shared/registry-api/endpoints.ts';
import { finalCaseStates } from '../../../shared/rules/application-states.ts';
import { listProblems } from '../../../shared/rules/application-form.ts';
import { maxAttempts } from '../../../shared/rules/attempts.ts';
import { decideNextAction, listSteps } from '../../../shared/rules/case-steps.ts';
import { findMissingDocuments } from '../../../shared/rules/document-matrix.ts';
import { decideValidity } from '../../../shared/rules/certificate-kinds.ts';
import { decideIdentityDocument, decideRepresentativeDocument, isPassportAllowed } from '../../../shared/rules/identity-check.ts';
import { maskApplication } from '../../../shared/rules/mask-application.ts';
import { maskFin, maskPhone } from '../../../shared/rules/mask.ts';
import {
  compareOrganisation,
  compareRepresentative,
  compareWithRegister,
  type ComparedField,
} from '../../../shared/rules/register-comparison.ts';
import { messageOfStepReason } from '../../../shared/rules/rule-codes.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { decideSigner } from '../../../shared/rules/signers.ts';
import { signablePapers, type ApplicationState } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import type { Reader } from '../../storage/database.ts';
import { listActs } from '../../storage/repositories/act-repository.ts';
import type { StoredApplication } from '../../storage/repositories/application-repository.ts';
import { listLookUps } from '../../storage/repositories/look-up-repository.ts';
import {
  contractOf,
  activatedOnOf,
  countAttempts,
  factsOfCase,
  findSim,
  hasPhoto,
  isStale,
  kindsDecisionOf,
  loadParts,
  todayOn,
  type ApplicationContext,
  type LoadedCase,
} from './case.ts';

type Asker = Pick<Call, 'actor' | 'permissions'>;
const entryStates: readonly ApplicationState[] = ['DRAFT', 'CHECKING', 'INVALID'];

/** Who may not reveal a person sees the case with the person masked, and nothing that quotes what was typed or answered. Source */
export function viewOf(context: ApplicationContext, db: Reader, loaded: LoadedCase, asker: Asker): ApplicationView {
  const { desk } = context;
  const { application, lookUps } = loaded;
  const { data } = application;
  const maySeePerson = asker.permissions.has('person.reveal');
  const facts = factsOfCase(context, loaded, asker.permissions);
  const isBeingEntered = entryStates.includes(application.state);
  return {
    applicationId: application.applicationId,
    state: application.state,
    purpose: data.purpose,
    data: maySeePerson ? data : maskApplication(data),
    version: application.version,
    rev: application.rev,
    bearerConfirmed: application.bearerConfirmed,
    attendee: application.attendee,
    signers: signersOf(context, loaded),
    contractSignedBy: application.contractSignedBy,
    handedTo: application.handedTo,
    hasSecretAnswer: application.secretAnswerHash !== '',
    filedAtMs: application.filedAtMs,
    dueAtMs: application.dueAtMs,
    archiveDueAtMs: application.archiveDueAtMs,
    operatorName: application.operatorName,
    lookUps: lookUps.map((lookUp) => ({
      kind: lookUp.kind,
      attempt: lookUp.attempt,
      outcome: lookUp.outcome,
      system: lookUp.system,
      atMs: lookUp.atMs,
      answerSha256: lookUp.answerSha256,
      comparison: maySeePerson && lookUp.outcome === 'found' ? comparisonOf(data, lookUp.kind, lookUp.answer) : [],
      isStale: isStale(loaded, lookUp),
    })),
    attempts: {
      person: countAttempts(lookUps, 'person'),
      representative: countAttempts(lookUps, 'representative'),
      organisation: countAttempts(lookUps, 'organisation'),
      holder: countAttempts(lookUps, 'holder'),
      limit: maxAttempts,
    },
    problems: isBeingEntered && maySeePerson ? listFieldProblems(data, todayOn(desk)) : [],
    kindsDecision: kindsViewOf(context, loaded),
    simService: simServiceOf(context, loaded),
    card: cardOf(loaded),
    missingDocuments: isBeingEntered
      ? findMissingDocuments(data, todayOn(desk)).map(({ document, code, params }) => ({ code: document, notice: { code, params } }))
      : [],
    contract: loaded.contract,
    certificates: loaded.certificates.map(({ der: _der, ...certificate }) => certificate),
    userId: application.userId,
    activationAttempts: application.activationAttempts,
    steps: listSteps(facts).map(({ code, status, reason }) => ({
      code,
      status,
      reason: reason === null ? null : { code: messageOfStepReason[reason] ?? reason, params: {} },
    })),
    nextAction: decideNextAction(facts),
    sync: application.sync,
    lease:
      application.leaseDeskId === ''
        ? null
        : { isMine: application.leaseDeskId === desk.identity.deskId, deskId: application.leaseDeskId, untilMs: application.leaseUntilMs },
    refusal: application.refusal && { ...application.refusal, returnedDocuments: [...application.refusal.returnedDocuments] },
    returnedForCorrection: application.returned,
    timeline: listActs(db, application.applicationId).map(({ applicationId: _id, operatorLogin: _login, ...act }) => act),
  };
}

/** Which papers the one at the desk may sign, and why not. Source: COM-16 */
function signersOf({ desk }: ApplicationContext, { application }: LoadedCase): ApplicationView['signers'] {
  return signablePapers.map((form) => {
    const decided = decideSigner(form, application.attendee, application.data, todayOn(desk));
    return { form, stop: decided.ok ? null : { code: decided.error.code, params: { ...decided.error.params } } };
  });
}

/** The operator's service, and when certificates issued now would end and by which rule. Source: C-36, C-37 */
function simServiceOf({ desk }: ApplicationContext, loaded: LoadedCase): ApplicationView['simService'] {
  const sim = findSim(loaded);
  if (sim === null) return null;
  const { serviceType, serviceUntilOn } = sim;
  const end = decideValidity(desk.clock.nowMs(), serviceUntilOn);
  return {
    serviceType,
    serviceUntilOn,
    serviceActivatedOn: activatedOnOf(sim),
    certificatesUntilMs: end.notAfterMs,
    validityRule: end.rule,
  };
}

/** Source: HND-06, HND-11, PKG-11 */
function cardOf(loaded: LoadedCase): ApplicationView['card'] {
  const { card, cardHandOver, data } = loaded.application;
  if (data.carrier.kind !== 'asan_id') return null;
  return {
    serial: card?.serial ?? '',
    state: card?.state ?? null,
    envelopeNumber: card?.envelopeNumber ?? '',
    packageNumber: card?.packageNumber ?? '',
    hasPhoto: hasPhoto(loaded),
    isMatched: cardHandOver.match !== null,
    test: cardHandOver.test?.outcome ?? null,
    waiveReason: cardHandOver.test?.outcome === 'waived' ? cardHandOver.test.reason : '',
    faults: cardHandOver.test?.outcome === 'failed' ? cardHandOver.test.reason.split(', ') : [],
  };
}

/** What is wrong with the fields, and with the identity document as such. */
function listFieldProblems(data: ApplicationData, todayOn: string): ApplicationView['problems'] {
  const problems: ApplicationView['problems'] = listProblems(data, todayOn).map(({ field, code, params, suggestion }) => ({
    field,
    code,
    params: { ...params },
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
  const identity = decideIdentityDocument(data, todayOn);
  for (const { code, params } of [...identity.stops, ...(isPassportAllowed(data) ? [] : identity.warnings)]) {
    const field = code === 'M-02' ? 'document.validUntilOn' : 'document.kind';
    if (!problems.some((problem) => problem.field === field)) problems.push({ field, code, params: { ...params } });
  }
  for (const { code, params } of decideRepresentativeDocument(data, todayOn).stops) {
    const field = code === 'M-02' ? 'representative.document.validUntilOn' : 'representative.document.kind';
    if (!problems.some((problem) => problem.field === field)) problems.push({ field, code, params: { ...params } });
  }
  return problems;
}

function comparisonOf(data: ApplicationData, kind: string, answer: string): ComparedField[] {
  if (kind === 'person' || kind === 'representative' || kind === 'holder') {
    const { person } = JSON.parse(answer) as PersonAnswer;
    if (person === null) return [];
    return kind === 'representative' ? compareRepresentative(data, person) : compareWithRegister(data, person);
  }
  if (kind === 'organisation') {
    const { organisation } = JSON.parse(answer) as OrganisationAnswer;
    return organisation === null ? [] : compareOrganisation(data, organisation);
  }
  return [];
}

function kindsViewOf(context: ApplicationContext, loaded: LoadedCase): ApplicationView['kindsDecision'] {
  const decision = kindsDecisionOf(context.desk, loaded);
  if (decision === null) return null;
  const noticeOf = ({ code, params }: { code: string; params: Readonly<Record<string, string | number>> }): Notice => ({
    code,
    params: { ...params },
  });
  return decision.ok
    ? { issue: decision.issue, notices: decision.notes.map(noticeOf), refusals: [] }
    : { issue: [], notices: [], refusals: decision.refusals.map(noticeOf) };
}

export function rowOf(context: ApplicationContext, db: Reader, application: StoredApplication, asker: Asker): ApplicationRow {
  const { data } = application;
  const loaded = loadForRow(context, db, application);
  return {
    applicationId: application.applicationId,
    state: application.state,
    personName: maskName(data.person),
    finMasked: maskFin(data.person.fin),
    phoneMasked: maskPhone(data.carrier.phone),
    category: data.category,
    kinds: data.kinds,
    contractNumber: loaded.contract.number,
    operatorName: application.operatorName,
    isMine: application.operatorId === asker.actor?.operatorId,
    filedAtMs: application.filedAtMs,
    dueAtMs: application.archiveDueAtMs ?? application.dueAtMs,
    nextAction: nextActionOf(context, loaded, asker),
    sync: application.sync,
    returnedReason: application.returned?.reason ?? '',
  };
}

/**
 * Only what a row looks at: a list holds hundreds. Nothing comes after the end, where most cases of an office are; and while a case is being
 * entered nothing is issued, printed or scanned that its next action could rest on.
 */
function loadForRow(context: ApplicationContext, db: Reader, application: StoredApplication): LoadedCase {
  const bare = { application, lookUps: [], certificates: [], papers: [], scans: [], contract: { number: '', isSigned: false } };
  const { applicationId } = application;
  if (finalCaseStates.includes(application.state))
    return { ...bare, contract: contractOf(db, application, context.papers.listOfApplication(db, applicationId)) };
  if (entryStates.includes(application.state)) return { ...bare, lookUps: listLookUps(db, applicationId) };
  return loadParts(context, db, application);
}

function nextActionOf(context: ApplicationContext, loaded: LoadedCase, asker: Asker): string {
  return finalCaseStates.includes(loaded.application.state) ? 'none' : decideNextAction(factsOfCase(context, loaded, asker.permissions));
}

/** The surname and initials. */
export function maskName(person: Pick<ApplicationData['person'], 'surname' | 'givenName' | 'fatherName'>): string {
  const initials = [person.givenName, person.fatherName].map((name) => [...name.trim()][0]).filter((letter) => letter !== undefined);
  return [person.surname.trim(), initials.map((letter) => `${letter}.`).join(' ')].filter((part) => part !== '').join(' ');
}
