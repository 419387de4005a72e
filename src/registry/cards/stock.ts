import type { CardStockEntity } from '../../shared/registry-api/card-entities.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../intake/effect.ts';
import { actOf } from './card-act.ts';
import { takeIntoStock, writeOff } from './card-rows.ts';

function findStock(context: EffectContext): CardStockEntity | undefined {
  return context.aggregate.rev === 0 ? undefined : (JSON.parse(context.aggregate.body) as CardStockEntity);
}

function applied(context: EffectContext, entity: CardStockEntity, note: string): EffectResult {
  const body: CardStockEntity = { ...entity, acts: [...entity.acts, actOf(context, note)] };
  return { kind: 'applied', change: { state: '', body } };
}

/** A delivery of blank cards, once. Source: PRS-01, ADR-0027 */
export const takeIn: Effect<'stock.take_in'> = async (context) => {
  const { deliveryId, serials, note } = context.payload;
  if (findStock(context) !== undefined) return rejected('DELIVERY_KNOWN');
  const twice = serials.find((serial, index) => serials.indexOf(serial) !== index);
  if (twice !== undefined) return rejected('SERIAL_TWICE', { serial: twice });
  const known = await takeIntoStock(await context.openSession(), { deliveryId, serials, atMs: context.nowMs });
  if (known !== null) return rejected('SERIAL_KNOWN', { serial: known });
  const entity: CardStockEntity = {
    deliveryId,
    officeId: context.desk.officeId,
    takenInAtMs: context.nowMs,
    serials,
    writtenOff: [],
    note,
    acts: [],
  };
  return applied(context, entity, note);
};

/** A blank card that will never be a card: accounted for with its reason. */
export const writeOffCard: Effect<'stock.write_off'> = async (context) => {
  const { deliveryId, serial, reason, note } = context.payload;
  const entity = findStock(context);
  if (entity === undefined) return rejected('UNKNOWN_DELIVERY');
  const stop = await writeOff(await context.openSession(), deliveryId, serial);
  if (stop !== null) return rejected(stop, { serial });
  const writtenOff = [...entity.writtenOff, { serial, reason, note, atMs: context.nowMs }];
  return applied(context, { ...entity, writtenOff }, `${serial} ${reason}`);
};
