import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { SpoilReason } from '../../../shared/rules/personalisation-journal.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import { findBlank, insertBlank, setBlank } from '../../storage/repositories/card-stock-repository.ts';

export interface Delivery {
  readonly commandId: string;
  readonly deliveryId: string;
  readonly serials: readonly string[];
  readonly note: string;
}

/** A delivery of blank cards; what is known already is named and not counted twice. Source: PRS-01 */
export function takeIn(desk: Desk, actor: Actor, input: Delivery): Result<{ taken: number; known: string[] }, Failure> {
  const serials = [...new Set(input.serials)];
  return desk.acts.perform({ commandId: input.commandId, operation: 'stock.take_in', actor, input: { ...input } }, (tx) => {
    const { deliveryId, note } = input;
    const isKnown = tx.get('SELECT 1 AS found FROM card_stock WHERE delivery_id = @deliveryId', { deliveryId }) !== undefined;
    if (isKnown) return fail('FIELDS_INVALID', { field: 'deliveryId', code: 'DELIVERY_KNOWN' });
    const atMs = desk.clock.nowMs();
    const fresh = serials.filter((serial, place) => insertBlank(tx, { serial, deliveryId, place, note, atMs }));
    if (fresh.length === 0) return fail('CARD_ALREADY_USED', { serial: serials[0] ?? '' });
    return succeed({
      value: { taken: fresh.length, known: serials.filter((serial) => !fresh.includes(serial)) },
      audit: { act: 'stock.take_in', detail: { delivery: deliveryId, cards: fresh.length } },
      outbox: [
        {
          kind: 'stock.take_in' as const,
          payload: { deliveryId, serials: fresh, note },
          aggregate: { type: 'card_stock' as const, key: deliveryId },
          baseRev: null,
          leaseToken: 0,
        },
      ],
      events: [{ type: 'production.changed' as const }],
    });
  });
}

export interface WriteOff {
  readonly commandId: string;
  readonly serial: string;
  readonly reason: SpoilReason;
  readonly note: string;
}

/** A blank card that cannot be used any more. */
export function writeOff(desk: Desk, actor: Actor, input: WriteOff): Result<Record<string, never>, Failure> {
  return desk.acts.perform({ commandId: input.commandId, operation: 'stock.write_off', actor, input: { ...input } }, (tx) => {
    const { serial, reason, note } = input;
    const blank = findBlank(tx, serial);
    if (blank?.state !== 'free') return fail('CARD_NOT_IN_STOCK', { serial });
    setBlank(tx, serial, { state: 'written_off', reason, note });
    return succeed({
      value: {},
      audit: { act: 'stock.write_off', detail: { serial, reason } },
      outbox: [
        {
          kind: 'stock.write_off' as const,
          payload: { deliveryId: blank.deliveryId, serial, reason, note },
          aggregate: { type: 'card_stock' as const, key: blank.deliveryId },
          baseRev: null,
          leaseToken: 0,
        },
      ],
      events: [{ type: 'production.changed' as const }],
    });
  });
}
