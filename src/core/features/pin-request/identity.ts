import type { Notice } from '../../../shared/contract/base.ts';
import type { ShownIdentity } from '../../../shared/contract/pin-request.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { PersonAnswer } from '../../../shared/registry-api/endpoints.ts';
import { applicationDataSchema, personSchema, type ApplicationData } from '../../../shared/rules/application-data.ts';
import { decideAttempt, isSearchAllowed } from '../../../shared/rules/attempts.ts';
import { decideBearer, decideIdentityDocument } from '../../../shared/rules/identity-check.ts';
import { lookUpKey, lookUpQueryFor } from '../../../shared/rules/look-up-queries.ts';
import type { Call } from '../../desk.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import {
  countPinAttempts,
  findPinRequest,
  insertPinLookUp,
  isPinLookUpKnown,
  type StoredPinRequest,
} from '../../storage/repositories/pin-request-repository.ts';
import type { PinContext } from './context.ts';
import { answerOf, commandFor, failStop, performOnRequest, writeAct, type PinAct, type PinAnswer, type PinAsk } from './perform.ts';

function dataOf({ kind, number, validUntilOn, isUnlimited, fin, birthOn }: ShownIdentity): ApplicationData {
  return applicationDataSchema.parse({ document: { kind, number, validUntilOn, isUnlimited }, person: { fin, birthOn } });
}

/** M-01 or M-02, when the document is somebody else's or has run out. Source: COM-01, COM-02, PIN-03, PIN-04 */
function findIdentityStop({ desk }: PinContext, identity: ShownIdentity): { code: string; params: Record<string, string | number> } | null {
  const { message } = decideBearer(identity.isBearer ? 'is_bearer' : 'not_bearer');
  if (message !== null) return { code: message, params: {} };
  const decision = decideIdentityDocument({ category: 'K1', document: dataOf(identity).document }, civilDateAt(desk.clock.nowMs()));
  const stop = decision.stops.find(({ code }) => code === 'M-02');
  return stop === undefined ? null : { code: 'M-02', params: { ...stop.params } };
}

/** Somebody asks for new codes: the document is looked at before anything else. What is refused here stays on file. Source: PIN-01..PIN-04 */
export function begin(
  context: PinContext,
  call: Call,
  input: { readonly commandId: string; readonly identity: ShownIdentity },
): Result<PinAnswer, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const stop = findIdentityStop(context, input.identity);
  const ask = { commandId: input.commandId, operation: 'pinRequest.begin', actor, input };
  const performed = desk.acts.perform<{ requestId: string }>(ask, (tx) => {
    const request = newRequest(context, input.identity);
    const { requestId } = request;
    const refusal = stop === null ? [] : [commandFor(request, 'pin.refuse', { requestId, reasonCode: stop.code, note: '' })];
    const act: PinAct =
      stop === null
        ? { request, act: 'pin.begin' }
        : { request: { ...request, state: 'REFUSED', refusalReason: stop.code }, act: 'pin.refuse', note: stop, outbox: refusal };
    return succeed({ ...writeAct(desk, tx, actor, input.commandId, act), value: { requestId } });
  });
  if (!performed.ok) return performed;
  return answerOf(context, desk.db, call, performed.value.requestId, stop === null ? [] : [stop]);
}

function newRequest({ desk }: PinContext, identity: ShownIdentity): StoredPinRequest {
  const { kind, number, validUntilOn, isUnlimited } = identity;
  const nowMs = desk.clock.nowMs();
  return {
    requestId: desk.random.uuid(),
    state: 'REQUESTED',
    cardSerial: '',
    rev: null,
    sync: 'saved',
    updatedAtMs: nowMs,
    applicationId: '',
    chipSerial: '',
    officeId: desk.identity.officeId,
    officeName: desk.identity.officeName,
    deskId: desk.identity.deskId,
    filedAtMs: nowMs,
    person: personSchema.parse({ fin: identity.fin.toUpperCase(), birthOn: identity.birthOn }),
    document: { kind, number, validUntilOn, isUnlimited },
    isPersonFound: false,
    isBlocked: false,
    isCentreSigned: false,
    isHolderSigned: false,
    paperNumber: '',
    registerNumber: '',
    packageNumber: '',
    sentAtMs: 0,
    envelopeNumber: '',
    isPukSpent: false,
    backPackageNumber: '',
    holderCheckedAtMs: 0,
    refusalReason: '',
    archiveListNumber: '',
  };
}

type SearchKind = 'person' | 'holder';
type SearchInput = PinAsk & { readonly identity: ShownIdentity };
const operations: Readonly<Record<SearchKind, string>> = { person: 'pinRequest.findPerson', holder: 'pinRequest.checkHolder' };

/** The person by what is on the document, three attempts; a register that is away is none. Source: PIN-05, COM-06, COM-07, M-09, M-43 */
export function findPerson(context: PinContext, call: Call, input: SearchInput): Promise<Result<PinAnswer, Failure>> {
  return search(context, call, input, 'person');
}

/** The holder once more, before the envelope leaves the desk. The request stays when he is not found. Source: PIN-12, HND-01..HND-05 */
export async function checkHolder(context: PinContext, call: Call, input: SearchInput): Promise<Result<PinAnswer, Failure>> {
  const stop = findIdentityStop(context, input.identity);
  if (stop === null) return search(context, call, input, 'holder');
  return performOnRequest(context, call, operations.holder, input, (stored) =>
    stored.state === 'BACK_AT_OFFICE'
      ? succeed({ request: stored, act: 'pin.look_up', detail: { kind: 'holder', stop: stop.code }, notices: [stop], note: stop })
      : failStop('STATE', stored.state),
  );
}

async function search(context: PinContext, call: Call, input: SearchInput, kind: SearchKind): Promise<Result<PinAnswer, Failure>> {
  const { desk, running } = context;
  const stored = findPinRequest(desk.db, input.requestId);
  if (stored === undefined) return fail('NOT_FOUND');
  // The same command again: the act runner knows its answer, the register is not asked twice.
  if (isPinLookUpKnown(desk.db, input.commandId))
    return performOnRequest(context, call, operations[kind], input, () => fail('COMMAND_REUSED'));
  const query = lookUpQueryFor('person', dataOf(input.identity), civilDateAt(desk.clock.nowMs()));
  if (!query.ok) return fail('FIELDS_INVALID', { field: query.error[0]?.field ?? '', code: query.error[0]?.code ?? '' });
  const stop = findSearchStop(stored, kind, countPinAttempts(desk.db, input.requestId, kind));
  if (stop !== null) return stop;
  const searched = `${input.requestId} ${kind}`;
  if (running.has(searched)) return fail('TOO_MANY_REQUESTS', {}, true);
  running.add(searched);
  try {
    const answer = await desk.registry.lookUpPerson({ queryId: input.commandId, ...query.value });
    if (!answer.ok && answer.failure.retryable !== true && answer.failure.code !== 'M-43') return answer;
    return recordSearch(context, call, input, kind, answer);
  } finally {
    running.delete(searched);
  }
}

function recordSearch(context: PinContext, call: Call, input: SearchInput, kind: SearchKind, answer: Result<PersonAnswer, Failure>) {
  return performOnRequest(context, call, operations[kind], input, (stored, tx) => {
    const before = countPinAttempts(tx, input.requestId, kind);
    const late = findSearchStop(stored, kind, before);
    if (late !== null) return late;
    const outcome = outcomeOf(answer, stored, kind);
    const decision = decideAttempt('known_user', before, outcome);
    insertPinLookUp(tx, {
      queryId: input.commandId,
      requestId: input.requestId,
      kind,
      attempt: decision.counted ? decision.attemptNumber : 0,
      outcome,
      system: answer.ok ? answer.value.system : 'İAMAS',
      atMs: context.desk.clock.nowMs(),
      queryKey: lookUpKey('person', dataOf(input.identity)),
      answerSha256: answer.ok ? sha256Hex(canonicalJson(answer.value)) : '',
      operatorLogin: call.actor?.login ?? '',
    });
    return succeed(afterSearch(context, stored, input.identity, kind, outcome, answer.ok ? answer.value : null, decision));
  });
}

function findSearchStop(stored: StoredPinRequest, kind: SearchKind, attempts: number): Result<never, Failure> | null {
  const isOffered = kind === 'person' ? stored.state === 'REQUESTED' && !stored.isPersonFound : stored.state === 'BACK_AT_OFFICE';
  if (!isOffered) return failStop('STATE', stored.state);
  return isSearchAllowed('known_user', attempts) ? null : failStop('ATTEMPTS_SPENT', stored.state);
}

/** At the hand-over somebody whom the register knows, but who is another, is not found. */
function outcomeOf(answer: Result<PersonAnswer, Failure>, stored: StoredPinRequest, kind: SearchKind) {
  if (!answer.ok) return 'unavailable';
  const { person } = answer.value;
  return person === null || (kind === 'holder' && person.fin !== stored.person.fin) ? 'not_found' : 'found';
}

function afterSearch(
  { desk }: PinContext,
  stored: StoredPinRequest,
  identity: ShownIdentity,
  kind: SearchKind,
  outcome: ReturnType<typeof outcomeOf>,
  answer: PersonAnswer | null,
  decision: ReturnType<typeof decideAttempt>,
): PinAct {
  const notice: Notice | null =
    decision.message === null
      ? null
      : { code: decision.message, params: decision.message === 'M-43' ? { sistem: 'İAMAS' } : { ...decision.params } };
  const common = {
    act: 'pin.look_up',
    detail: { kind, outcome, attempt: decision.attemptNumber },
    notices: notice === null ? [] : [notice],
    ...(notice === null ? {} : { note: notice }),
  };
  if (outcome === 'found') {
    if (kind === 'holder') return { ...common, request: { ...stored, holderCheckedAtMs: desk.clock.nowMs() } };
    const { number, validUntilOn, isUnlimited } = identity;
    const person = personSchema.parse({ ...stored.person, ...(answer?.person ?? {}) });
    return {
      ...common,
      request: { ...stored, isPersonFound: true, person, document: { kind: identity.kind, number, validUntilOn, isUnlimited } },
    };
  }
  // At the hand-over the envelope waits; only a request that was never verified ends here. Source: PIN-05
  if (!decision.endsCase || kind === 'holder') return { ...common, request: stored };
  return {
    ...common,
    request: { ...stored, state: 'REFUSED', refusalReason: 'M-09' },
    outbox: [commandFor(stored, 'pin.refuse', { requestId: stored.requestId, reasonCode: 'M-09', note: '' })],
  };
}
