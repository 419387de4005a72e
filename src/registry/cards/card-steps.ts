import { listNextCardStates } from '../../shared/rules/card-states.ts';
import type { CardState } from '../../shared/rules/vocabulary.ts';
import { listCertificatesBySerial, moveCertificates, toIssued } from '../certification/certificate-records.ts';
import { rejected, type Effect, type EffectResult } from '../intake/effect.ts';
import { canGo } from '../intake/effects/case-entity.ts';
import { notify } from '../notifications/notify.ts';
import { applied, cardStop, findCard, putCardOut, withCardState, type CaseWithCard } from './card-case.ts';
import { claimEnvelope, closePinRequest } from './card-rows.ts';

/** Source: procedures.md §14.3 */
function mayGo({ card }: CaseWithCard, to: CardState): boolean {
  return listNextCardStates(card.state).includes(to);
}

/** Everything was read back, both keys signed, the envelope is printed. An envelope's number is used once. Source: PRS-03, PRS-05 */
export const personalised: Effect<'card.personalised'> = async (context) => {
  const { cardSerial, envelopeNumber, verifiedAtMs } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (!mayGo(found, 'PERSONALISED')) return cardStop(entity, card);
  if (card.certificateSerials.length !== 2) return rejected('NOT_ISSUED', {}, entity.state);
  if (!(await claimEnvelope(await context.openSession(), envelopeNumber, cardSerial, context.nowMs)))
    return rejected('ENVELOPE_USED', { envelopeNumber }, entity.state);
  return applied(context, withCardState(entity, card, 'PERSONALISED', { envelopeNumber, personalisedAtMs: verifiedAtMs }), cardSerial);
};

/** Source: PRS-06, PRS-07, M-18 */
export const match: Effect<'card.match'> = (context) => {
  const { cardSerial, envelopeNumber } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (!mayGo(found, 'MATCHED')) return cardStop(entity, card);
  if (card.envelopeNumber !== envelopeNumber) return rejected('M-18', { kart: envelopeNumber, sistem: card.envelopeNumber }, entity.state);
  return applied(context, withCardState(entity, card, 'MATCHED'), cardSerial);
};

/** The certificates of a spoilt card are revoked and its request waits for another one. Source: PRS-07, procedures.md §14.3 [D] */
export const spoil: Effect<'card.spoil'> = async (context) => {
  const { cardSerial, reason, note } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  if (!mayGo(found, 'SPOILED')) return cardStop(found.entity, found.card);
  return applied(context, await putCardOut(context, found, { state: 'SPOILED', reason, note }), `${cardSerial} ${reason}`);
};

/** Source: PRS-13, procedures.md §14.1 */
export const dispatch: Effect<'card.dispatch'> = (context) => {
  const { cardSerial, packageNumber } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (!mayGo(found, 'DISPATCHED')) return cardStop(entity, card);
  if (!canGo(entity, 'DISPATCHED')) return rejected('STATE', { state: entity.state }, entity.state);
  return applied(context, { ...withCardState(entity, card, 'DISPATCHED', { packageNumber }), state: 'DISPATCHED' }, packageNumber);
};

const stateOfOutcome = { registered: 'REGISTERED', mismatch: 'MISMATCH', no_envelope: 'NO_ENVELOPE' } as const;

/**
 * The office's word on a card of a package. RECEIVED is passed through: its condition, the signed act, is the package's. Registered, the case is ready and
 * its applicant is told. Source: PKG-09..PKG-11
 */
export const receive: Effect<'card.receive'> = async (context) => {
  const { cardSerial, packageNumber, outcome, note } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (card.packageNumber !== packageNumber) return rejected('OTHER_PACKAGE', { packageNumber: card.packageNumber }, entity.state);
  const to = stateOfOutcome[outcome];
  const received: CaseWithCard = card.state === 'DISPATCHED' ? { entity, card: { ...card, state: 'RECEIVED' } } : found;
  if (!mayGo(received, to)) return cardStop(entity, card);
  if (card.state === 'MISMATCH' && note === '') return rejected('REASON_NEEDED', {}, entity.state);
  const moved = withCardState(entity, card, to);
  if (to !== 'REGISTERED') return applied(context, moved, `${cardSerial} ${outcome}`);
  if (!canGo(entity, 'READY')) return rejected('STATE', { state: entity.state }, entity.state);
  await notify(context, entity, 'card_ready');
  return applied(context, { ...moved, state: 'READY' }, cardSerial);
};

/** The card goes back and the case waits for another one at the centre. Source: PKG-05, PKG-09, PKG-10, procedures.md §14.1 */
export const returnCard: Effect<'card.return'> = async (context) => {
  const { cardSerial, packageNumber, reason, registerNumber, note } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (card.packageNumber !== packageNumber) return rejected('OTHER_PACKAGE', { packageNumber: card.packageNumber }, entity.state);
  if (!mayGo(found, 'RETURNED') || !canGo(entity, 'PERSONALISING')) return cardStop(entity, card);
  const isStillPacked = card.state === 'DISPATCHED';
  if (isStillPacked && reason !== 'package_damaged') return cardStop(entity, card);
  if (!isStillPacked && registerNumber === '') return rejected('REGISTER_NEEDED', {}, entity.state);
  const out = await putCardOut(context, found, { state: 'RETURNED', reason, note });
  const back = { ...out, state: 'PERSONALISING' as const, personalisingSinceMs: context.nowMs };
  return applied(context, back, `${cardSerial} ${reason} ${registerNumber}`.trim());
};

/** What was seen of the card at the card service; the same word again changes nothing. Source: CR-05, procedures.md §14.3 */
export const block: Effect<'card.block'> = (context) => {
  const { cardSerial, isBlocked } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  const to = isBlocked ? 'BLOCKED' : 'HANDED';
  const isFromThere = card.state === (isBlocked ? 'HANDED' : 'BLOCKED');
  if (card.state !== to && !isFromThere) return cardStop(entity, card);
  return applied(context, withCardState(entity, card, to), cardSerial);
};

/**
 * The card's side of a request for new codes. Where the PUK was spent the chip has new keys, whose certificates come off the hold when the holder gets them.
 * Source: PIN-01, PIN-12, procedures.md §14.3
 */
export const pinReissue: Effect<'card.pin_reissue'> = async (context) => {
  const { cardSerial, requestId, isOver } = context.payload;
  const found = findCard(context, cardSerial);
  if ('kind' in found) return found;
  const { entity, card } = found;
  if (!isOver) {
    if (!mayGo(found, 'PIN_REISSUE')) return cardStop(entity, card);
    return applied(context, withCardState(entity, card, 'PIN_REISSUE', { pinRequestId: requestId }), cardSerial);
  }
  if (card.state !== 'PIN_REISSUE' || card.pinRequestId !== requestId) return cardStop(entity, card);
  return await endReissue(context, found);
};

async function endReissue(context: Parameters<typeof pinReissue>[0], { entity, card }: CaseWithCard): Promise<EffectResult> {
  const session = await context.openSession();
  await closePinRequest(session, card.serial, card.pinRequestId);
  const anew = entity.certificates.filter((each) => each.state === 'GENERATED' && card.certificateSerials.includes(each.serial));
  const serials = anew.map((each) => each.serial);
  await moveCertificates(session, serials, { state: 'ACTIVE' });
  const active = new Map((await listCertificatesBySerial(session, serials)).map((record) => [record.serial, toIssued(record)]));
  const certificates = entity.certificates.map((each) => active.get(each.serial) ?? each);
  return applied(context, { ...withCardState(entity, card, 'HANDED', { pinRequestId: '' }), certificates }, card.serial);
}
