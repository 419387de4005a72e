import type { ApplicationView } from '../../../shared/contract/application.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { applicationDataSchema, type ApplicationData } from '../../../shared/rules/application-data.ts';
import { decideTransition } from '../../../shared/rules/application-states.ts';
import { checkingDueAtMs } from '../../../shared/rules/deadlines.ts';
import { keepAdopted } from '../../../shared/rules/register-comparison.ts';
import { findSecretAnswerProblem, foldSecretAnswer } from '../../../shared/rules/secret-answer.ts';
import type { Attendee, CarrierKind, Category } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import { insertAct } from '../../storage/repositories/act-repository.ts';
import { emptyCardHandOver, insertApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { keyedHash } from '../../storage/repositories/desk-secret-repository.ts';
import { factsOfCase, findCase, type ApplicationContext, type LoadedCase } from './case.ts';
import { decideSystemRefusal } from './ending.ts';
import { answerOf, failStep, performOnCase, writeCase, type ActAnswer, type ActRequest } from './perform.ts';
import { viewOf } from './view.ts';

/** Source: SIM-06, COM-15 */
export function createApplication(
  context: ApplicationContext,
  call: Call,
  input: { readonly commandId: string; readonly category: Category; readonly carrier: CarrierKind },
): Result<ApplicationView, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const performed = desk.acts.perform({ commandId: input.commandId, operation: 'application.create', actor, input }, (tx) => {
    const nowMs = desk.clock.nowMs();
    const application: StoredApplication = {
      ...emptyApplication(desk.identity.deskId, nowMs),
      applicationId: desk.random.uuid(),
      data: applicationDataSchema.parse({ category: input.category, carrier: { kind: input.carrier } }),
      operatorId: actor.operatorId,
      operatorLogin: actor.login,
      operatorName: actor.fullName,
    };
    const { applicationId } = application;
    insertApplication(tx, application);
    insertAct(tx, {
      commandId: input.commandId,
      applicationId,
      act: 'application.create',
      atMs: nowMs,
      registryAtMs: null,
      operatorLogin: actor.login,
      operatorName: actor.fullName,
      deskId: desk.identity.deskId,
      sync: 'saved',
      note: null,
    });
    return succeed({
      value: { applicationId },
      audit: { act: 'application.create', applicationId, detail: { category: input.category, carrier: input.carrier } },
      events: [{ type: 'application.changed', applicationId, state: 'DRAFT' }],
    });
  });
  if (!performed.ok) return performed;
  const answer = answerOf(context, call, performed.value.applicationId, []);
  return answer.ok ? succeed(answer.value.application) : answer;
}

export function emptyApplication(
  deskId: string,
  filedAtMs: number,
): Omit<StoredApplication, 'applicationId' | 'data' | 'operatorId' | 'operatorLogin' | 'operatorName'> {
  return {
    state: 'DRAFT',
    version: 1,
    rev: null,
    deskId,
    bearerConfirmed: 'not_asked',
    attendee: '',
    secretAnswerHash: '',
    filedAtMs,
    dueAtMs: checkingDueAtMs(filedAtMs),
    archiveDueAtMs: null,
    userId: '',
    activationAttempts: 0,
    activationOutcome: 'none',
    isCentreSigned: false,
    isApplicantSigned: false,
    contractSignedBy: '',
    handedTo: '',
    areScansSent: false,
    areScansEntered: false,
    leaseDeskId: '',
    leaseToken: 0,
    leaseUntilMs: 0,
    leaseRev: 0,
    pendingCommandId: '',
    pendingKind: 'none',
    card: null,
    cardHandOver: emptyCardHandOver,
    refusal: null,
    returned: null,
    sync: 'saved',
    updatedAtMs: filedAtMs,
  };
}

/**
 * One synchronous transaction a save: what the screen was told is saved is on the disk. A save that names an older version is refused, so two
 * windows cannot overwrite each other. Consent, question, passport allowance and taken-over marks have acts of their own and are not changed here.
 * Source: SIM-07
 */
export function saveDraft(
  context: ApplicationContext,
  call: Call,
  input: { readonly applicationId: string; readonly version: number; readonly data: ApplicationData },
): Result<{ version: number; application: ApplicationView }, Failure> {
  const { desk } = context;
  if (desk.db.isSpaceShort) return fail('DISK_FULL', {}, true);
  const saved = desk.db.transact((tx): Result<StoredApplication, Failure> => {
    const loaded = findCase(context, tx, input.applicationId);
    if (loaded === undefined) return fail('NOT_FOUND');
    const { application } = loaded;
    const editable = decideEditing(context, call, loaded);
    if (!editable.ok) return editable;
    if (application.version !== input.version) return fail('DRAFT_STALE', { version: application.version });
    const { consent, secretQuestion, adopted, passportAllowance } = application.data;
    const { passportAllowance: _typed, ...typed } = input.data;
    const data: ApplicationData = {
      ...typed,
      ...(passportAllowance === undefined ? {} : { passportAllowance }),
      consent,
      secretQuestion: secretQuestion === '' ? input.data.secretQuestion : secretQuestion,
    };
    const kept = keepAdopted(application.data, { ...data, adopted });
    return succeed(
      writeCase(context, tx, loaded, { ...editable.value, data: { ...data, adopted: kept }, version: application.version + 1 }),
    );
  });
  if (!saved.ok) return saved;
  const { applicationId, state, version } = saved.value;
  desk.publish({ type: 'application.changed', applicationId, state });
  const loaded = findCase(context, desk.db, applicationId);
  return loaded === undefined ? fail('NOT_FOUND') : succeed({ version, application: viewOf(context, desk.db, loaded, call) });
}

/** What is typed may change in DRAFT; from CHECKING and INVALID the case goes back to DRAFT first. Source: COM-12 */
function decideEditing(
  context: ApplicationContext,
  call: Pick<Call, 'permissions'>,
  loaded: LoadedCase,
): Result<StoredApplication, Failure> {
  const { application } = loaded;
  if (application.pendingKind !== 'none') return failStep('OUTCOME_UNKNOWN', application);
  if (application.state === 'DRAFT') return succeed(application);
  const decided = decideTransition(application.state, 'DRAFT', factsOfCase(context, loaded, call.permissions));
  return decided.ok ? succeed({ ...application, state: 'DRAFT' }) : failStep(decided.error, application);
}

/** Back to DRAFT without a change of data. */
export function correct(context: ApplicationContext, call: Call, input: ActRequest): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.correct', input, (loaded) => {
    const { application } = loaded;
    const decided = decideTransition(application.state, 'DRAFT', factsOfCase(context, loaded, call.permissions));
    if (!decided.ok) return failStep(decided.error, application);
    return succeed({ application: { ...application, state: 'DRAFT' }, act: 'application.correct' });
  });
}

/**
 * Whoever stands at the desk, the applicant or his representative, is compared with his own document; somebody else's ends the case at once. An
 * answer about the one who does not file establishes nothing: the question stays open. Source: COM-01, COM-16, SIM-03, M-01
 */
export function confirmBearer(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly isBearer: boolean; readonly attendee: Attendee },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.confirmBearer', input, (loaded) => {
    const editable = decideEditing(context, call, loaded);
    if (!editable.ok) return editable;
    const act = 'application.confirm_bearer';
    const { attendee } = input;
    if (input.isBearer)
      return succeed({
        application: { ...loaded.application, bearerConfirmed: 'is_bearer', attendee },
        act,
        detail: { isBearer: true, attendee },
      });
    const refused = decideSystemRefusal(context, loaded, 'document_of_another');
    return succeed({
      ...refused,
      application: { ...refused.application, bearerConfirmed: 'not_bearer', attendee },
      act: 'application.refuse',
      detail: { ...refused.detail, attendee },
      notices: [{ code: 'M-01', params: {} }],
      note: { code: 'M-01', params: {} },
    });
  });
}

export function giveConsent(
  context: ApplicationContext,
  call: Call,
  input: ActRequest & { readonly textVersion: string },
): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.giveConsent', input, (loaded) => {
    const editable = decideEditing(context, call, loaded);
    if (!editable.ok) return editable;
    const { application } = loaded;
    const data = { ...application.data, consent: { textVersion: input.textVersion, givenAtMs: context.desk.clock.nowMs() } };
    return succeed({
      application: { ...editable.value, data, version: application.version + 1 },
      act: 'application.consent',
      detail: { textVersion: input.textVersion },
    });
  });
}

/**
 * Keeps an argon2id hash of the folded answer and the question; the answer itself is in no row, no log and no remembered input.
 * Source: Əlavə 1 block 6, SUS-42
 */
export async function setSecretAnswer(
  context: ApplicationContext,
  call: Call,
  { answer, ...input }: ActRequest & { readonly question: string; readonly answer: string },
): Promise<Result<ActAnswer, Failure>> {
  const problem = findSecretAnswerProblem(answer);
  if (problem !== null) return fail('FIELDS_INVALID', { field: 'secretAnswer', code: problem });
  const folded = foldSecretAnswer(answer);
  const secretAnswerHash = await context.passwords.make(folded);
  // Another answer under the same command is another act: told apart without being kept.
  const remembered = { ...input, answerMac: keyedHash(context.desk, 'secret-answer', folded) };
  return performOnCase(context, call, 'application.setSecretAnswer', remembered, (loaded) => {
    const editable = decideEditing(context, call, loaded);
    if (!editable.ok) return editable;
    const { application } = loaded;
    const data = { ...application.data, secretQuestion: input.question };
    return succeed({
      application: { ...editable.value, data, secretAnswerHash, version: application.version + 1 },
      act: 'application.secret_answer',
    });
  });
}
