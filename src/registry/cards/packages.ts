import type { PackageEntity } from '../../shared/registry-api/card-entities.ts';
import {
  decidePackageTransition,
  emptyPackageFacts,
  type PackageFacts,
  type PackagePurpose,
  type PackageSide,
} from '../../shared/rules/package-states.ts';
import { permissionsOfRole } from '../../shared/rules/rights.ts';
import type { PackageState } from '../../shared/rules/vocabulary.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { isOffice, noOffices } from '../offices/offices.ts';
import { actOf } from './card-act.ts';

function findPackage(context: EffectContext): PackageEntity | undefined {
  return context.aggregate.rev === 0 ? undefined : (JSON.parse(context.aggregate.body) as PackageEntity);
}

/** Which end of the package the desk's office is at this step; at both where an office sends to itself. */
function sideOf(context: EffectContext, entity: PackageEntity, to: PackageState): PackageSide {
  const { officeId } = context.desk;
  const isSending = to === 'WITH_COURIER';
  if ((isSending ? entity.fromOfficeId : entity.toOfficeId) === officeId) return isSending ? 'from' : 'to';
  return entity.fromOfficeId === officeId ? 'from' : 'none';
}

/** The same table decides here and at the desk. Source: procedures.md §14.4 */
function move(
  context: EffectContext,
  entity: PackageEntity,
  to: PackageState,
  facts: Partial<PackageFacts>,
  more: { readonly change?: Partial<PackageEntity>; readonly note?: string } = {},
): EffectResult {
  const decision = decidePackageTransition(entity.state, to, {
    ...emptyPackageFacts,
    ...facts,
    permissions: permissionsOfRole[context.envelope.actor.role],
    side: sideOf(context, entity, to),
  });
  if (!decision.ok) return rejected(decision.error, { state: entity.state }, entity.state);
  return write(context, { ...entity, ...more.change, state: to }, more.note ?? '');
}

function write(context: EffectContext, entity: PackageEntity, note: string): EffectResult {
  const body: PackageEntity = { ...entity, acts: [...entity.acts, actOf(context, note)] };
  return { kind: 'applied', change: { state: body.state, body } };
}

const toCentre: readonly PackagePurpose[] = ['pin_documents', 'returns'];

/** Cards and envelopes leave the centre; papers and returned cards go to it. Source: PRS-10, PRS-11, COU-04 */
export const prepare: Effect<'package.prepare'> = async (context) => {
  const { packageNumber, toOfficeId, purpose, items } = context.payload;
  if (findPackage(context) !== undefined) return rejected('PACKAGE_KNOWN');
  if (items.length === 0) return rejected('PACKAGE_EMPTY');
  const seen = new Set<string>();
  for (const { id, cardSerial } of items) {
    if (seen.has(id) || seen.has(cardSerial)) return rejected('SERIAL_TWICE', { serial: cardSerial });
    seen.add(id).add(cardSerial);
  }
  const offices = context.registry.offices ?? noOffices;
  const centreEnd = toCentre.includes(purpose) ? toOfficeId : context.desk.officeId;
  if (centreEnd !== offices.centre) return rejected('NOT_THE_CENTRE', { officeId: centreEnd });
  if (!(await isOffice(await context.openSession(), toOfficeId))) return rejected('OFFICE_UNKNOWN', { officeId: toOfficeId });
  const entity: PackageEntity = {
    packageNumber,
    purpose,
    state: 'PREPARED',
    fromOfficeId: context.desk.officeId,
    fromOfficeName: offices.nameOf(context.desk.officeId),
    toOfficeId,
    toOfficeName: offices.nameOf(toOfficeId),
    items,
    courierName: '',
    courierFin: '',
    registerNumber: '',
    actNumber: '',
    isDamaged: false,
    counts: null,
    preparedAtMs: context.nowMs,
    dispatchedAtMs: null,
    arrivedAtMs: null,
    endedAtMs: null,
    acts: [],
  };
  return write(context, entity, toOfficeId);
};

/** That the address was read is the operator's word, given by the act itself. Source: PKG-02, PRS-12..PRS-16 */
export const dispatchPackage: Effect<'package.dispatch'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { courierName, courierFin, registerNumber } = context.payload;
  return move(
    context,
    entity,
    'WITH_COURIER',
    { isAddressChecked: true, hasRegister: registerNumber !== '', hasCourier: true },
    { change: { courierName, courierFin, registerNumber, dispatchedAtMs: context.nowMs }, note: registerNumber },
  );
};

/**
 * The courier stands at the desk. Whatever the desk says, another FİN than that of the dispatch record is not the courier's; after the centre's answer, which
 * the note holds, the package is taken all the same. Source: PKG-03..PKG-05, M-16, M-17
 */
export const arrive: Effect<'package.arrive'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { courierFin, isCourierRight, isDamaged, note } = context.payload;
  if (entity.state === 'AT_OFFICE') return move(context, entity, 'DAMAGED', { isDamaged }, { change: { isDamaged }, note });
  const isRight = isCourierRight && courierFin === entity.courierFin;
  const isAnswered = entity.state === 'ID_FAILED';
  if (!isAnswered && !isRight) return move(context, entity, 'ID_FAILED', { isCourierRight: false }, { note });
  const arrived = move(
    context,
    entity,
    'AT_OFFICE',
    { isCourierRight: isRight, hasAnswerOfCentre: note !== '' },
    { change: { arrivedAtMs: context.nowMs }, note },
  );
  if (arrived.kind !== 'applied' || !isDamaged) return arrived;
  const body: PackageEntity = { ...(arrived.change.body as PackageEntity), state: 'DAMAGED', isDamaged: true };
  return { ...arrived, change: { state: body.state, body } };
};

/** Source: PKG-06, COU-03 */
export const signAct: Effect<'package.sign_act'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { actNumber } = context.payload;
  return move(context, entity, 'ACT_SIGNED', { isActSigned: actNumber !== '' }, { change: { actNumber }, note: actNumber });
};

/** Package number and courier are entered and saved; another courier than the dispatched one is said. Source: PKG-08 */
export const record: Effect<'package.record'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { courierName } = context.payload;
  return move(context, entity, 'RECORDED', { isCourierNamed: courierName.trim() !== '' }, { note: courierName });
};

/** What is said to be missing must belong to the package, and what was counted must come to it. Source: PKG-09, PKG-10, M-20 */
export const check: Effect<'package.check'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { cards, envelopes, missingSerials, surplusCodes, note } = context.payload;
  const stranger = missingSerials.find((serial) => !entity.items.some((item) => item.cardSerial === serial));
  if (stranger !== undefined) return rejected('SERIAL_UNKNOWN', { serial: stranger }, entity.state);
  if (cards !== envelopes && entity.purpose === 'cards' && note === '') return rejected('M-20', { a: cards, b: envelopes }, entity.state);
  return move(
    context,
    entity,
    'CHECKED',
    { isEveryLineDecided: true },
    { change: { counts: { cards, envelopes, missingSerials, surplusCodes, note } }, note },
  );
};

/** Source: PKG-11 */
export const confirm: Effect<'package.confirm'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  return move(context, entity, 'CONFIRMED', { isEveryLineDecided: entity.counts !== null }, { change: { endedAtMs: context.nowMs } });
};

/** Source: PKG-04, PKG-05 */
export const returnPackage: Effect<'package.return'> = (context) => {
  const entity = findPackage(context);
  if (entity === undefined) return rejected('UNKNOWN_PACKAGE');
  const { reason, registerNumber, note } = context.payload;
  return move(
    context,
    entity,
    'RETURNED',
    { hasRegister: registerNumber !== '', hasAnswerOfCentre: note !== '' },
    { change: { endedAtMs: context.nowMs }, note: `${reason} ${registerNumber} ${note}`.trim() },
  );
};
