import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import type { AttachmentRef } from '../../../shared/registry-api/envelope.ts';
import { contractFormOf, signedStates } from '../../../shared/rules/application-states.ts';
import { decideSigner, papersOfHandOver } from '../../../shared/rules/signers.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import { bakuDayOf } from '../baku-day.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../effect.ts';
import { canGo, findCase, isActivated, leaseAnswer, withAct, withLease } from './case-entity.ts';
import { closeActs } from './open-acts.ts';

/** Writes the case in its next form under the desk's lease. */
function advance(context: EffectContext, entity: ApplicationEntity, note = ''): EffectResult {
  const body = withLease(context, withAct(context, entity, note));
  return { kind: 'applied', change: { state: body.state, body }, answer: leaseAnswer(body) };
}

/** By whose hand is judged once more: a power of attorney bounds what its grantee signs. Source: SIM-13, SIM-14, COM-08, COM-16 */
export const signContract: Effect<'application.sign_contract'> = (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  const { paperNumber, signedAtMs, signedBy = 'applicant' } = context.payload;
  const signer = decideSigner(contractFormOf(entity.data.carrier.kind), signedBy, entity.data, bakuDayOf(signedAtMs));
  if (!signer.ok) return rejected('SIGNER_NOT_ALLOWED', { code: signer.error.code }, entity.state);
  const signed = { ...entity, contractSignedBy: signedBy };
  if (signedStates.includes(entity.state)) {
    // The contract of the first number became void before the hand-over: the next one is signed where the case stands.
    const before = entity.acts.findLast((act) => act.kind === 'application.sign_contract')?.note;
    return before === paperNumber ? rejected('STATE', { state: entity.state }, entity.state) : advance(context, signed, paperNumber);
  }
  if (!canGo(entity, 'CERT_PRINTED')) return rejected('STATE', { state: entity.state }, entity.state);
  return advance(context, { ...signed, state: 'CERT_PRINTED' }, paperNumber);
};

/** The card lies registered at the office and its holder stands there. Source: HND-01..HND-06, M-21 */
export const beginHandOver: Effect<'application.begin_hand_over'> = (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (entity.state !== 'READY' || !canGo(entity, 'CONTRACT')) return rejected('STATE', { state: entity.state }, entity.state);
  if (entity.card?.state !== 'REGISTERED') return rejected('M-21', {}, entity.state);
  return advance(context, { ...entity, state: 'CONTRACT' });
};

/** After a successful activation only, to the one who may sign for it. The open acts of the case end here. Source: SIM-17, SIM-19, HND-12, HND-13, COM-16 */
export const handOver: Effect<'application.hand_over'> = async (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!canGo(entity, 'HANDED')) return rejected('STATE', { state: entity.state }, entity.state);
  if (!isActivated(entity)) return rejected('NOT_ACTIVATED', {}, entity.state);
  const { card } = entity;
  if (card !== null && card.state !== 'REGISTERED') return rejected('CARD_STATE', { state: card.state }, entity.state);
  const { handedAtMs, noticeNumber, receivedBy = 'applicant' } = context.payload;
  for (const paper of papersOfHandOver(entity.data.certificateForm)) {
    const signer = decideSigner(paper, receivedBy, entity.data, bakuDayOf(handedAtMs));
    if (!signer.ok) return rejected('SIGNER_NOT_ALLOWED', { code: signer.error.code }, entity.state);
  }
  const session = await context.openSession();
  await closeActs(session, entity.applicationId);
  const handed = { ...entity, state: 'HANDED' as const, handedTo: receivedBy };
  return advance(context, card === null ? handed : { ...handed, card: { ...card, state: 'HANDED' } }, noticeNumber);
};

/** An Asan ID is scanned once at its application and once at its hand-over: the first set changes no state. Source: AID-12, HND-13, procedures.md §14.1 */
const firstScanStates: readonly ApplicationState[] = ['PERSONALISING', 'DISPATCHED', 'READY', 'CONTRACT'];

function isFirstSet(entity: ApplicationEntity): boolean {
  return entity.data.carrier.kind === 'asan_id' && firstScanStates.includes(entity.state);
}

/** The set that was sent since the hand-over, or at all before it. */
function isSetSent({ acts }: ApplicationEntity, isFirst: boolean): boolean {
  const handedAt = acts.findLastIndex((act) => act.kind === 'application.hand_over');
  return acts.slice(isFirst ? 0 : handedAt + 1).some((act) => act.kind === 'application.send_scans');
}

/** The pages themselves come after the command, in pieces. Source: SIM-18, AID-12, COM-10 */
export const sendScans: Effect<'application.send_scans'> = (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (entity.state !== 'HANDED' && !isFirstSet(entity)) return rejected('STATE', { state: entity.state }, entity.state);
  return advance(context, { ...entity, attachments: mergeAttachments(entity.attachments, context.payload.attachments) });
};

/** Source: SIM-18, COM-10 */
export const enterScans: Effect<'application.enter_scans'> = (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  const isFirst = isFirstSet(entity);
  if (!isFirst && !canGo(entity, 'SCANNED')) return rejected('STATE', { state: entity.state }, entity.state);
  if (!isSetSent(entity, isFirst)) return rejected('SCANS_NOT_SENT', {}, entity.state);
  return advance(context, {
    ...entity,
    state: isFirst ? entity.state : 'SCANNED',
    attachments: mergeAttachments(entity.attachments, context.payload.attachments),
  });
};

/** Source: SIM-20, COM-11 */
export const archive: Effect<'application.archive'> = (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!canGo(entity, 'ARCHIVED')) return rejected('STATE', { state: entity.state }, entity.state);
  return advance(context, { ...entity, state: 'ARCHIVED' }, context.payload.listNumber);
};

function mergeAttachments(before: readonly AttachmentRef[], added: readonly AttachmentRef[]): AttachmentRef[] {
  const known = new Set(before.map((each) => each.sha256));
  return [...before, ...added.filter((each) => !known.has(each.sha256))];
}
