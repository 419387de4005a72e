import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { EntitlementAnswer, OrganisationAnswer, PersonAnswer, SimAnswer } from '../../../shared/registry-api/endpoints.ts';
import { decideAttempt, isSearchAllowed } from '../../../shared/rules/attempts.ts';
import { decideIdentityDocument, decideRepresentativeDocument } from '../../../shared/rules/identity-check.ts';
import { lookUpKey, lookUpQueryFor } from '../../../shared/rules/look-up-queries.ts';
import { adoptFromRegister, adoptOrganisation, adoptRepresentative } from '../../../shared/rules/register-comparison.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import type { RefusalReason } from '../../../shared/rules/refusal.ts';
import type { ApplicationState, LookUpKind } from '../../../shared/rules/vocabulary.ts';
import type { Call } from '../../desk.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { Tx } from '../../storage/database.ts';
import { insertInvalidityNote, insertLookUp, isLookUpKnown, type StoredLookUp } from '../../storage/repositories/look-up-repository.ts';
import { countAttempts, findCase, findLastLookUp, isStale, todayOn, type ApplicationContext, type LoadedCase } from './case.ts';
import { decideSystemRefusal } from './ending.ts';
import { evidenceOf } from './evidence.ts';
import { noticeOf } from './notices.ts';
import { failStep, performOnCase, type ActAnswer, type ActRequest, type CaseAct } from './perform.ts';

type Answer = PersonAnswer | OrganisationAnswer | SimAnswer | EntitlementAnswer;
type LookUpInput = ActRequest & { readonly kind: LookUpKind };
const lookUpStates: readonly ApplicationState[] = ['DRAFT', 'CHECKING'];
/** The holder is searched for when his card lies ready, everything else while the application is entered. Source: HND-05 */
const statesOfLookUp = (kind: LookUpKind): readonly ApplicationState[] => (kind === 'holder' ? ['READY'] : lookUpStates);

/**
 * Asks the register first and then records what came back in one transaction: answer, hash, count, and on the third answered miss the end of
 * the case with its note of invalidity. An outage is recorded and not counted; the count is the case's and survives everything. One search of
 * a kind runs on a case at a time, and an answer that comes after the case was sent or ended only stands among its searches. Whoever files for
 * the applicant is searched for as the applicant is, with attempts of his own.
 * Source: COM-04, COM-05, COM-07, COM-16, C-06, X-05
 */
export async function lookUp(context: ApplicationContext, call: Call, input: LookUpInput): Promise<Result<ActAnswer, Failure>> {
  const { desk } = context;
  const loaded = findCase(context, desk.db, input.applicationId);
  if (loaded === undefined) return fail('NOT_FOUND');
  // The same command again: the act runner knows its answer, the register is not asked twice.
  if (isLookUpKnown(desk.db, input.commandId))
    return performOnCase(context, call, 'application.lookUp', input, () => fail('COMMAND_REUSED'));
  const ready = decideLookUp(context, loaded, input.kind);
  if (!ready.ok) return ready;
  // Two windows on one case would both ask before either counted.
  const searched = `${input.applicationId} ${input.kind}`;
  if (context.searching.has(searched)) return fail('TOO_MANY_REQUESTS', {}, true);
  context.searching.add(searched);
  try {
    const queryKey = lookUpKey(input.kind, loaded.application.data);
    const answer = await askRegister(context, input.commandId, input.kind, loaded.application.data);
    if (!answer.ok && answer.failure.retryable !== true && answer.failure.code !== 'M-43') return answer;
    return performOnCase(context, call, 'application.lookUp', input, (current, tx) =>
      succeed(recordLookUp(context, call, tx, current, input, queryKey, answer)),
    );
  } finally {
    context.searching.delete(searched);
  }
}

function decideLookUp(context: ApplicationContext, loaded: LoadedCase, kind: LookUpKind): Result<undefined, Failure> {
  const { application } = loaded;
  if (!statesOfLookUp(kind).includes(application.state)) return failStep(kind === 'holder' ? 'CARD_NOT_READY' : 'STATE', application);
  if (application.pendingKind !== 'none') return failStep('OUTCOME_UNKNOWN', application);
  if (!isSearchAllowed(kind, countAttempts(loaded.lookUps, kind))) return failStep('ATTEMPTS_SPENT', application);
  const expired = findExpiredDocument(kind, application.data, todayOn(context.desk));
  if (expired !== undefined) return fail('M-02', expired.params);
  const query = lookUpQueryFor(kind, application.data, todayOn(context.desk));
  if (query.ok) return succeed(undefined);
  const problem = query.error[0];
  return fail('FIELDS_INVALID', { field: problem?.field ?? '', code: problem?.code ?? '' });
}

/** Nobody is searched for by a document that has run out. Source: COM-02, COM-16 */
function findExpiredDocument(kind: LookUpKind, data: ApplicationData, on: string) {
  const decide = {
    person: decideIdentityDocument,
    representative: decideRepresentativeDocument,
    organisation: null,
    sim: null,
    entitlement: null,
    holder: decideIdentityDocument,
  }[kind];
  return decide?.(data, on).stops.find(({ code }) => code === 'M-02');
}

async function askRegister(
  context: ApplicationContext,
  queryId: string,
  kind: LookUpKind,
  data: ApplicationData,
): Promise<Result<Answer, Failure>> {
  const { registry } = context.desk;
  const on = todayOn(context.desk);
  if (kind === 'person' || kind === 'representative' || kind === 'holder') {
    const query = lookUpQueryFor(kind, data, on);
    return query.ok
      ? registry.lookUpPerson({ queryId, ...query.value, wantsPhoto: kind === 'person' && data.carrier.kind === 'asan_id' })
      : fail('FIELDS_INVALID');
  }
  if (kind === 'organisation') {
    const query = lookUpQueryFor('organisation', data, on);
    return query.ok ? registry.lookUpOrganisation({ queryId, ...query.value }) : fail('FIELDS_INVALID');
  }
  if (kind === 'entitlement') {
    const query = lookUpQueryFor('entitlement', data, on);
    return query.ok ? registry.lookUpEntitlement({ queryId, ...query.value }) : fail('FIELDS_INVALID');
  }
  const query = lookUpQueryFor('sim', data, on);
  return query.ok ? registry.lookUpSim({ queryId, ...query.value }) : fail('FIELDS_INVALID');
}

function recordLookUp(
  context: ApplicationContext,
  call: Call,
  tx: Tx,
  loaded: LoadedCase,
  input: LookUpInput,
  queryKey: string,
  answer: Result<Answer, Failure>,
): CaseAct {
  const { kind } = input;
  const outcome = outcomeOf(answer);
  const decision = decideAttempt(kind, countAttempts(loaded.lookUps, kind), outcome);
  const stored = storedLookUp(context, call, loaded, input, queryKey, answer, decision.counted ? decision.attemptNumber : 0);
  insertLookUp(tx, stored);
  const params = decision.message === 'M-43' ? { system: stored.system } : decision.params;
  const notice = decision.message === null ? null : noticeOf(decision.message, params);
  const detail = { kind, outcome, attempt: stored.attempt, answerSha256: stored.answerSha256, queryId: stored.queryId };
  const common = { detail, notices: notice === null ? [] : [notice], ...(notice === null ? {} : { note: notice }) };
  const act = 'application.look_up';
  // The case went on while the register was asked: what it answered is kept as evidence and decides nothing any more.
  if (!statesOfLookUp(kind).includes(loaded.application.state)) return { application: loaded.application, act, detail };
  if (loaded.application.pendingKind !== 'none')
    return { application: loaded.application, act, detail, notices: [{ code: 'OUTCOME_UNKNOWN', params: {} }] };
  // A holder who was not found ends nothing: his card stays at the office. Source: HND-05, M-09
  if (!decision.endsCase || !decision.counted || kind === 'holder') return { application: loaded.application, act, ...common };

  const withThis = { ...loaded, lookUps: [...loaded.lookUps, stored] };
  const refused = decideSystemRefusal(context, loaded, refusalOfKind[kind], evidenceOf(stored));
  if (decision.keepsInvalidityNote && kind !== 'sim' && kind !== 'entitlement') {
    insertInvalidityNote(tx, {
      commandId: input.commandId,
      applicationId: input.applicationId,
      kind,
      subject: queryKey,
      queryIds: withThis.lookUps.filter((each) => each.kind === kind && each.attempt > 0).map((each) => each.queryId),
      atMs: stored.atMs,
      operatorLogin: stored.operatorLogin,
    });
  }
  return { ...refused, ...common, detail: { ...refused.detail, ...detail } };
}

/** Why a case ends whose third search of this kind found nothing; the search of the SIM ends none. Source: COM-04, COM-05, COM-16 */
const refusalOfKind: Readonly<Record<LookUpKind, RefusalReason>> = {
  person: 'person_not_found',
  representative: 'representative_not_found',
  organisation: 'organisation_not_found',
  sim: 'other',
  entitlement: 'not_entitled',
  holder: 'holder_not_found',
};

function storedLookUp(
  context: ApplicationContext,
  call: Call,
  loaded: LoadedCase,
  input: LookUpInput,
  queryKey: string,
  answer: Result<Answer, Failure>,
  attempt: number,
): StoredLookUp {
  const canonical = answer.ok ? canonicalJson(answer.value) : '';
  return {
    queryId: input.commandId,
    applicationId: input.applicationId,
    ordinal: loaded.lookUps.length + 1,
    kind: input.kind,
    attempt,
    outcome: outcomeOf(answer),
    system: answer.ok ? answer.value.system : systemOf(input.kind, loaded.application.data),
    atMs: answer.ok ? answer.value.atMs : context.desk.clock.nowMs(),
    registerVersion: answer.ok ? answer.value.registerVersion : '',
    queryKey,
    answer: canonical,
    answerSha256: canonical === '' ? '' : sha256Hex(canonical),
    operatorLogin: call.actor?.login ?? '',
  };
}

function outcomeOf(answer: Result<Answer, Failure>): StoredLookUp['outcome'] {
  if (!answer.ok) return 'unavailable';
  if ('isEntitled' in answer.value) return answer.value.isEntitled ? 'found' : 'not_found';
  const body: unknown =
    'person' in answer.value ? answer.value.person : 'organisation' in answer.value ? answer.value.organisation : answer.value.sim;
  return body === null ? 'not_found' : 'found';
}

/** Which register would have been asked. Source */
function systemOf(kind: LookUpKind, data: ApplicationData): string {
  if (kind === 'organisation') return 'VÖEN';
  if (kind === 'sim') return 'MO';
  if (kind === 'entitlement') return 'X-06';
  const { citizenship } = kind === 'representative' ? data.representative.person : data.person;
  return citizenship === '' || citizenship === 'AZE' ? 'İAMAS' : 'VMMS';
}

/** Takes the official fields over from the last answer, if it is the answer to what is typed now. Source: COM-04, COM-05, COM-16 */
export function adopt(context: ApplicationContext, call: Call, input: LookUpInput): Result<ActAnswer, Failure> {
  return performOnCase(context, call, 'application.adopt', input, (loaded) => {
    const { application } = loaded;
    if (application.pendingKind !== 'none') return failStep('OUTCOME_UNKNOWN', application);
    if (!lookUpStates.includes(application.state)) return failStep('STATE', application);
    const last = findLastLookUp(loaded, input.kind);
    if (last === undefined || last.outcome !== 'found') return failStep('NEEDS_PERSON_FOUND', application);
    if (isStale(loaded, last)) return fail('LOOKUP_STALE');
    const adopted = adoptAnswer(application.data, last);
    if (!adopted.ok) return adopted;
    return succeed({
      application: { ...application, data: adopted.value, version: application.version + 1 },
      act: 'application.adopt',
      detail: { kind: input.kind, fields: adopted.value.adopted.length },
    });
  });
}

function adoptAnswer(data: ApplicationData, last: StoredLookUp): Result<ApplicationData, Failure> {
  // The first says nothing that the form has a field for, the second is about data that nobody changes any more.
  if (last.kind === 'entitlement' || last.kind === 'holder') return succeed(data);
  if (last.kind === 'sim') return succeed(adoptSim(data, JSON.parse(last.answer) as SimAnswer));
  const adopted =
    last.kind === 'organisation'
      ? adoptBody(data, JSON.parse(last.answer) as OrganisationAnswer)
      : adoptPerson(last.kind, data, JSON.parse(last.answer) as PersonAnswer);
  if (adopted.ok) return succeed(adopted.value);
  return fail('CONFLICT', { fields: adopted.error.fields.join(', ') });
}

function adoptPerson(kind: 'person' | 'representative', data: ApplicationData, { person }: PersonAnswer) {
  if (person === null) return { ok: true as const, value: data };
  return kind === 'person' ? adoptFromRegister(data, person) : adoptRepresentative(data, person);
}

function adoptBody(data: ApplicationData, answer: OrganisationAnswer) {
  return answer.organisation === null ? { ok: true as const, value: data } : adoptOrganisation(data, answer.organisation);
}

/** Source: X-05 */
function adoptSim(data: ApplicationData, { sim }: SimAnswer): ApplicationData {
  const operator = (['azercell', 'bakcell', 'nar'] as const).find((each) => each === sim?.operator) ?? data.carrier.operator;
  const carrier = { ...data.carrier, operator, isCorporate: sim?.isCorporate ?? data.carrier.isCorporate };
  const adopted = [...new Set([...data.adopted, 'carrier.operator', 'carrier.isCorporate'])].sort();
  return { ...data, carrier, adopted };
}
