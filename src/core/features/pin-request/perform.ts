import type { Notice } from '../../../shared/contract/base.ts';
import type { PinRequestView } from '../../../shared/contract/pin-request.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CardCommandKind } from '../../../shared/registry-api/card-commands.ts';
import type { AttachmentRef, CommandPayload } from '../../../shared/registry-api/envelope.ts';
import { decidePinRequestTransition, type PinRequestFacts } from '../../../shared/rules/pin-request-states.ts';
import type { PinRequestState } from '../../../shared/rules/vocabulary.ts';
import type { Actor, CommandDraft } from '../../act/act.ts';
import type { Call, Desk } from '../../desk.ts';
import type { Reader, Tx } from '../../storage/database.ts';
import { insertAct } from '../../storage/repositories/act-repository.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import { insertCarriageAct, summariseCarriage } from '../../storage/repositories/package-repository.ts';
import { findPinRequest, savePinRequest, type StoredPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import type { PinContext } from './context.ts';
import { factsOf, viewOf } from './view.ts';

export type PinAnswer = { request: PinRequestView; notices: Notice[] };

export interface PinAsk {
  readonly commandId: string;
  readonly requestId: string;
}

export interface PinAct {
  readonly request: StoredPinRequest;
  readonly act: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  readonly notices?: readonly Notice[];
  readonly note?: Notice;
  /** The request's own command first: it carries the act's id. */
  readonly outbox?: readonly CommandDraft[];
}

/** Runs one act on one request in the act's transaction; the same id again answers what it answered before. */
export function performOnRequest<Input extends PinAsk>(
  context: PinContext,
  call: Call,
  operation: string,
  input: Input,
  decide: (stored: StoredPinRequest, tx: Tx, facts: PinRequestFacts) => Result<PinAct, Failure>,
): Result<PinAnswer, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const performed = desk.acts.perform<{ notices: readonly Notice[] }>({ commandId: input.commandId, operation, actor, input }, (tx) => {
    const stored = findPinRequest(tx, input.requestId);
    if (stored === undefined) return fail('NOT_FOUND');
    const decided = decide(stored, tx, factsOf(context, tx, stored, call.permissions));
    if (!decided.ok) return decided;
    return succeed({ ...writeAct(desk, tx, actor, input.commandId, decided.value), value: { notices: decided.value.notices ?? [] } });
  });
  return performed.ok ? answerOf(context, desk.db, call, input.requestId, performed.value.notices) : performed;
}

/** Row, act of the timeline, audit and commands of one act on a request. */
export function writeAct(desk: Desk, tx: Tx, actor: Actor, commandId: string, decided: PinAct) {
  const { act, detail = {}, note, outbox = [] } = decided;
  const { requestId, state, applicationId } = decided.request;
  const aggregate = `pin_request:${requestId}`;
  insertCarriageAct(tx, {
    aggregate,
    commandId,
    act,
    atMs: desk.clock.nowMs(),
    registryAtMs: null,
    operatorLogin: actor.login,
    operatorName: actor.fullName,
    deskId: desk.identity.deskId,
    sync: outbox.length === 0 ? 'saved' : 'queued',
    note: note ?? null,
  });
  savePinRequest(tx, { ...decided.request, sync: summariseCarriage(tx, aggregate), updatedAtMs: desk.clock.nowMs() });
  return {
    audit: { act, applicationId, detail: { request: requestId, state, ...detail } },
    ...(outbox.length === 0 ? {} : { outbox }),
    events: [{ type: 'pin_request.changed' as const, requestId }],
  };
}

export function answerOf(
  context: PinContext,
  db: Reader,
  call: Call,
  requestId: string,
  notices: readonly Notice[],
): Result<PinAnswer, Failure> {
  const stored = findPinRequest(db, requestId);
  if (stored === undefined) return fail('NOT_FOUND');
  return succeed({ request: viewOf(context, db, stored, call.permissions), notices: [...notices] });
}

export function commandFor<K extends Extract<CardCommandKind, `pin.${string}`>>(
  stored: Pick<StoredPinRequest, 'requestId' | 'rev'>,
  kind: K,
  payload: CommandPayload<K>,
  attachments: readonly AttachmentRef[] = [],
): CommandDraft {
  const aggregate = { type: 'pin_request', key: stored.requestId } as const;
  const draft = { kind, payload, aggregate, baseRev: stored.rev, leaseToken: 0, attachments };
  // Kind and payload belong together by the signature; the union cannot see it through a type parameter.
  return draft as unknown as CommandDraft;
}

/** A command about the card of the request, on its case and shown in the case's timeline. Source: ADR-0027 */
export function cardCommand(
  desk: Desk,
  tx: Tx,
  actor: Actor | null,
  applicationId: string,
  command:
    | { readonly kind: 'card.block'; readonly payload: CommandPayload<'card.block'> }
    | { readonly kind: 'card.pin_reissue'; readonly payload: CommandPayload<'card.pin_reissue'> },
): CommandDraft {
  const application = findApplication(tx, applicationId);
  const commandId = desk.random.uuid();
  if (application !== undefined)
    insertAct(tx, {
      commandId,
      applicationId,
      act: command.kind,
      atMs: desk.clock.nowMs(),
      registryAtMs: null,
      operatorLogin: actor?.login ?? '',
      operatorName: actor?.fullName ?? '',
      deskId: desk.identity.deskId,
      sync: 'queued',
      note: null,
    });
  return {
    ...command,
    commandId,
    aggregate: { type: 'application', key: applicationId },
    baseRev: application?.rev ?? null,
    leaseToken: application?.leaseToken ?? 0,
  };
}

export function moveTo(from: PinRequestState, to: PinRequestState, facts: PinRequestFacts): Result<PinRequestState, Failure> {
  const decided = decidePinRequestTransition(from, to, facts);
  return decided.ok ? succeed(decided.value.to) : failStop(decided.error, from);
}

export function failStop(stop: string, state: string): Result<never, Failure> {
  if (stop === 'NOT_YOUR_RIGHT') return fail('FORBIDDEN');
  if (/^M-\d\d$/u.test(stop)) return fail(stop);
  return fail('STEP_NOT_POSSIBLE', { reason: stop === 'STATE' ? 'PIN_STATE' : stop, state });
}
