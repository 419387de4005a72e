import type { PinRequestEntity } from '../../shared/registry-api/card-entities.ts';
import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import { decidePinRequestTransition, emptyPinRequestFacts, type PinRequestFacts } from '../../shared/rules/pin-request-states.ts';
import type { CardState, Permission, PinRequestState } from '../../shared/rules/vocabulary.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { notify } from '../notifications/notify.ts';
import { noOffices } from '../offices/offices.ts';
import { findAggregate } from '../store/aggregates.ts';
import { actOf } from './card-act.ts';
import { claimEnvelope, closePinRequest, openPinRequest } from './card-rows.ts';

function findRequest(context: EffectContext): PinRequestEntity | undefined {
  return context.aggregate.rev === 0 ? undefined : (JSON.parse(context.aggregate.body) as PinRequestEntity);
}

/** Who may send which command is judged before: here the rule's actor is whoever sent it. */
const everyActor: readonly Permission[] = ['pin.reissue', 'card.personalise'];

/** The same table decides here and at the desk. Source: procedures.md §14.5 */
function move(
  context: EffectContext,
  entity: PinRequestEntity,
  to: PinRequestState,
  facts: Partial<PinRequestFacts>,
  more: { readonly change?: Partial<PinRequestEntity>; readonly note?: string } = {},
): EffectResult {
  const decision = decidePinRequestTransition(entity.state, to, { ...emptyPinRequestFacts, ...facts, permissions: everyActor });
  if (!decision.ok) return rejected(decision.error, { state: entity.state }, entity.state);
  return write(context, { ...entity, ...more.change, state: to }, more.note ?? '');
}

function write(context: EffectContext, entity: PinRequestEntity, note: string): EffectResult {
  const body: PinRequestEntity = { ...entity, acts: [...entity.acts, actOf(context, note)] };
  return { kind: 'applied', change: { state: body.state, body } };
}

function emptyRequest(context: EffectContext<'pin.request' | 'pin.refuse'>, filedAtMs: number): PinRequestEntity {
  const { desk, registry, payload } = context;
  return {
    requestId: payload.requestId,
    officeId: desk.officeId,
    officeName: (registry.offices ?? noOffices).nameOf(desk.officeId),
    applicationId: '',
    cardSerial: '',
    chipSerial: '',
    fin: '',
    surname: '',
    givenName: '',
    state: 'REQUESTED',
    filedAtMs,
    paperNumber: '',
    registerNumber: '',
    packageNumber: '',
    sentAtMs: null,
    envelopeNumber: '',
    isPukSpent: false,
    backPackageNumber: '',
    refusalReason: '',
    archiveListNumber: '',
    acts: [],
  };
}

/** The holder has the card, or blocked it; PIN_REISSUE where the card's own command came first. */
const cardStatesAskedFor: readonly CardState[] = ['HANDED', 'BLOCKED', 'PIN_REISSUE'];

/** The card is looked for in the register: it is the office's own, in its holder's hands, and no other request is open. Source: PIN-03..PIN-06, M-22 */
export const request: Effect<'pin.request'> = async (context) => {
  const { requestId, applicationId, cardSerial, filedAtMs } = context.payload;
  if (findRequest(context) !== undefined) return rejected('STATE');
  const session = await context.openSession();
  const row = await findAggregate(session, 'application', applicationId);
  const entity = row === undefined ? undefined : (JSON.parse(row.body) as ApplicationEntity);
  if (entity?.card?.serial !== cardSerial) return rejected('M-22');
  if (entity.officeId !== context.desk.officeId) return rejected('OTHER_OFFICE');
  const { card, data } = entity;
  if (!cardStatesAskedFor.includes(card.state)) return rejected('CARD_STATE', { state: card.state });
  if (!(await openPinRequest(session, cardSerial, requestId))) return rejected('PIN_REQUEST_OPEN');
  const asked: PinRequestEntity = {
    ...emptyRequest(context, filedAtMs),
    applicationId,
    cardSerial,
    chipSerial: card.chipSerial,
    fin: data.person.fin,
    surname: data.person.surname,
    givenName: data.person.givenName,
  };
  return move(context, asked, 'VERIFIED', { isHolderIdentified: true, isCardFound: true, isCardOfHolder: true }, { note: cardSerial });
};

/** Source: PIN-07, PIN-08 */
export const signContract: Effect<'pin.sign_contract'> = (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const { paperNumber } = context.payload;
  return move(context, entity, 'CONTRACT_SIGNED', { isContractSigned: true }, { change: { paperNumber }, note: paperNumber });
};

/** Source: PIN-09 */
export const scan: Effect<'pin.scan'> = (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  return move(context, entity, 'SCANNED', { isContractScanned: true });
};

/** Source: PIN-10, T-04 */
export const send: Effect<'pin.send'> = (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const { registerNumber, packageNumber } = context.payload;
  return move(
    context,
    entity,
    'SENT_TO_CENTRE',
    { hasRegister: registerNumber !== '' },
    { change: { registerNumber, packageNumber, sentAtMs: context.nowMs }, note: registerNumber },
  );
};

/** New codes are on the card and in an envelope that was never used before. Source: PIN-11, T-05 */
export const renewed: Effect<'pin.renewed'> = async (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const { envelopeNumber, isPukSpent } = context.payload;
  const isNew =
    envelopeNumber !== '' && (await claimEnvelope(await context.openSession(), envelopeNumber, entity.cardSerial, context.nowMs));
  if (!isNew) return rejected('ENVELOPE_USED', { envelopeNumber }, entity.state);
  return move(
    context,
    entity,
    'READY_AT_CENTRE',
    { areCodesReady: true },
    { change: { envelopeNumber, isPukSpent }, note: envelopeNumber },
  );
};

/** The envelope came back to the office, and the holder is told. Source: PIN-12 */
export const back: Effect<'pin.back'> = async (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const { packageNumber } = context.payload;
  const moved = move(
    context,
    entity,
    'BACK_AT_OFFICE',
    { isEnvelopeHere: true },
    { change: { backPackageNumber: packageNumber }, note: packageNumber },
  );
  if (moved.kind !== 'applied') return moved;
  const row = await findAggregate(await context.openSession(), 'application', entity.applicationId);
  if (row !== undefined) await notify(context, JSON.parse(row.body) as ApplicationEntity, 'codes_ready');
  return moved;
};

/** Source: PIN-12 */
export const handOver: Effect<'pin.hand_over'> = async (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const moved = move(context, entity, 'HANDED', { isHolderIdentified: true });
  if (moved.kind === 'applied') await closePinRequest(await context.openSession(), entity.cardSerial, entity.requestId);
  return moved;
};

/** A request for which no card was found is heard of here for the first time. Source: PIN-03..PIN-06, M-22 */
export const refuse: Effect<'pin.refuse'> = async (context) => {
  const { reasonCode, note } = context.payload;
  const entity = findRequest(context) ?? emptyRequest(context, context.envelope.occurred_at_ms);
  const moved = move(
    context,
    entity,
    'REFUSED',
    { hasReason: reasonCode !== '' },
    { change: { refusalReason: reasonCode }, note: `${reasonCode} ${note}`.trim() },
  );
  if (moved.kind === 'applied' && entity.cardSerial !== '')
    await closePinRequest(await context.openSession(), entity.cardSerial, entity.requestId);
  return moved;
};

/** Source: COM-11, T-08 */
export const archive: Effect<'pin.archive'> = (context) => {
  const entity = findRequest(context);
  if (entity === undefined) return rejected('UNKNOWN_REQUEST');
  const { listNumber } = context.payload;
  return move(
    context,
    entity,
    'ARCHIVED',
    { hasArchiveList: listNumber !== '' },
    { change: { archiveListNumber: listNumber }, note: listNumber },
  );
};
