import type { Notice } from '../../../shared/contract/base.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { decideTransition, findSendStop } from '../../../shared/rules/application-states.ts';
import { decideIdentityDocument, decideRepresentativeDocument } from '../../../shared/rules/identity-check.ts';
import { findMissingDocuments } from '../../../shared/rules/document-matrix.ts';
import { listProblems } from '../../../shared/rules/application-form.ts';
import { withNormalisedFields } from '../../../shared/rules/look-up-queries.ts';
import type { RuleParams, StepReasonCode } from '../../../shared/rules/rule-codes.ts';
import type { Call } from '../../desk.ts';
import { settleAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { findApplication, updateApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { factsOfCase, kindsDecisionOf, todayOn, type ApplicationContext, type LoadedCase } from './case.ts';
import { listAttachments, queueFiles } from './attachments.ts';
import { listEvidence } from './evidence.ts';
import { registryNotice } from './notices.ts';
import { answerOf, commandFor, failStep, performOnCase, type ActAnswer, type ActRequest } from './perform.ts';

/**
 * DRAFT → CHECKING, then the intent is written and sent; SENT is the moment between the two. The answer is applied by the projection in the
 * transaction that stores its receipt: CONTRACT with the certificates, PERSONALISING for a card, or INVALID. A lost answer changes nothing here: the same id is asked
 * again until the outcome is known. Source: SIM-10, SIM-11, COM-12; procedures.md §14.1
 */
export async function send(context: ApplicationContext, call: Call, input: ActRequest): Promise<Result<ActAnswer, Failure>> {
  const performed = performOnCase(context, call, 'application.send', input, (loaded, tx) => {
    const { application } = loaded;
    const facts = factsOfCase(context, loaded, call.permissions);
    if (application.state === 'DRAFT') {
      const checking = decideTransition('DRAFT', 'CHECKING', facts);
      if (!checking.ok) return failSend(context, loaded, findSendStop(facts) ?? checking.error);
    }
    const sending = decideTransition('CHECKING', 'SENT', { ...facts, state: 'CHECKING' });
    if (!sending.ok)
      return failSend(context, loaded, application.state === 'DRAFT' || application.state === 'CHECKING' ? sending.error : 'STATE');
    if (application.state !== 'DRAFT' && application.state !== 'CHECKING') return failStep('STATE', application);
    const data = withNormalisedFields(application.data);
    const { applicationId, filedAtMs, secretAnswerHash } = application;
    const photos = data.carrier.kind === 'asan_id' ? listAttachments(loaded, (document) => document === 'photo') : [];
    queueFiles(context, tx, loaded, photos);
    return succeed({
      application: { ...application, data, state: 'CHECKING', pendingCommandId: input.commandId, pendingKind: 'send' },
      act: 'application.send',
      intent: commandFor(
        application,
        'application.send',
        { applicationId, data, filedAtMs, lookUps: listEvidence(loaded), secretAnswerHash },
        photos,
      ),
    });
  });
  return performed.ok ? settle(context, call, input.applicationId, performed.value.notices) : performed;
}

/** One try and one renewal; what comes after is support's. Source: SIM-16, COM-13 */
export async function activate(
  context: ApplicationContext,
  call: Call,
  input: ActRequest,
  bySupport: boolean,
): Promise<Result<ActAnswer, Failure>> {
  const operation = bySupport ? 'application.activateBySupport' : 'application.activate';
  const performed = performOnCase(context, call, operation, input, (loaded) => {
    const { application } = loaded;
    const facts = factsOfCase(context, loaded, call.permissions);
    if (application.activationOutcome === 'activated') return failStep('ACTIVATION_TRIED', application);
    if (bySupport !== (application.state === 'ACT_FAILED'))
      return failStep(bySupport ? 'STATE' : application.state === 'ACT_FAILED' ? 'SUPPORT_ONLY' : 'STATE', application);
    const decided = decideTransition(application.state, 'ACTIVATING', facts);
    if (!decided.ok) return failStep(decided.error, application);
    const { applicationId, activationAttempts } = application;
    const attempt = Math.min(activationAttempts + 1, 3);
    return succeed({
      application: { ...application, pendingCommandId: input.commandId, pendingKind: 'activate' },
      act: 'application.activate',
      detail: { attempt, bySupport },
      intent: commandFor(application, 'application.activate', { applicationId, attempt, bySupport }),
    });
  });
  return performed.ok ? settle(context, call, input.applicationId, performed.value.notices) : performed;
}

/** Asks the outcome that is still unknown, under the id it was written with. */
export function askOutcome(context: ApplicationContext, call: Call, applicationId: string): Promise<Result<ActAnswer, Failure>> {
  return settle(context, call, applicationId, []);
}

/** Sends or asks the pending intent of the case, if there is one; its outcome is already in the tables when this returns. */
async function settle(
  context: ApplicationContext,
  call: Call,
  applicationId: string,
  before: readonly Notice[],
): Promise<Result<ActAnswer, Failure>> {
  const { desk } = context;
  const application = findApplication(desk.db, applicationId);
  if (application === undefined) return fail('NOT_FOUND');
  if (application.pendingKind === 'none') return answerOf(context, call, applicationId, before);
  const settled = await desk.sync.settleIntent(application.pendingCommandId);
  if (settled.ok) {
    const { result } = settled.value;
    const notices: Notice[] = result.outcome === 'rejected' ? [registryNotice(result.code, result.params)] : [];
    return answerOf(context, call, applicationId, [...before, ...notices]);
  }
  if (settled.failure.code === 'REGISTRY_UNREACHABLE') return fail('REGISTRY_UNREACHABLE', {}, true);
  if (settled.failure.code === 'REGISTRY_REJECTED') markPending(context, application, 'attention');
  if (settled.failure.code !== 'OUTCOME_UNKNOWN') return settled;
  // The feed may have told the outcome while we waited.
  const isUnknown = markPending(context, application, 'unknown');
  return answerOf(context, call, applicationId, isUnknown ? [...before, { code: 'OUTCOME_UNKNOWN', params: {} }] : before);
}

/** `unknown`: the answer was lost and is asked again. `attention`: the registry could not read the command; a person has to look at it. */
function markPending(context: ApplicationContext, application: StoredApplication, sync: 'unknown' | 'attention'): boolean {
  const { applicationId, pendingCommandId, state } = application;
  const isMarked = context.desk.db.transact((tx) => {
    const current = findApplication(tx, applicationId);
    if (current === undefined || current.pendingCommandId !== pendingCommandId) return false;
    settleAct(tx, { applicationId, commandId: pendingCommandId }, { sync, registryAtMs: null });
    const pending = sync === 'unknown' ? {} : { pendingCommandId: '', pendingKind: 'none' as const };
    updateApplication(tx, { ...current, ...pending, sync: summariseSync(tx, applicationId) });
    return true;
  });
  if (isMarked) context.desk.publish({ type: 'application.changed', applicationId, state });
  return isMarked;
}

/** The reason that stops the sending, as the message of procedures.md §15 where there is one. */
function failSend(context: ApplicationContext, loaded: LoadedCase, reason: StepReasonCode): Result<never, Failure> {
  const { application } = loaded;
  const on = todayOn(context.desk);
  if (reason === 'NEEDS_IDENTITY') {
    const { data } = application;
    const stops = [...decideIdentityDocument(data, on).stops, ...decideRepresentativeDocument(data, on).stops];
    const expired = stops.find(({ code }) => code === 'M-02');
    if (expired !== undefined) return fail('M-02', expired.params);
  }
  if (reason === 'NEEDS_DOCUMENTS') {
    const missing = findMissingDocuments(application.data, on)[0];
    if (missing !== undefined) return failRule(missing, reason);
  }
  if (reason === 'NEEDS_FIELDS') {
    const problem = listProblems(application.data, on)[0] ?? { field: 'secretAnswer', code: 'REQUIRED' };
    return fail('FIELDS_INVALID', { field: problem.field, code: problem.code });
  }
  if (reason === 'KINDS_REFUSED') {
    const decision = kindsDecisionOf(context.desk, loaded);
    const refusal = decision !== null && !decision.ok ? decision.refusals[0] : undefined;
    if (refusal !== undefined) return failRule(refusal, reason);
  }
  return failStep(reason, application);
}

/** A message of procedures.md §15 is the answer itself; any other code of a rule stands beside the step's reason. */
function failRule(found: { readonly code: string; readonly params: RuleParams }, reason: StepReasonCode): Result<never, Failure> {
  return /^M-\d\d$/u.test(found.code)
    ? fail(found.code, found.params)
    : fail('STEP_NOT_POSSIBLE', { ...found.params, reason, code: found.code });
}
