import type { DeskEvent } from '../../../shared/contract/system.ts';
import { cardRequestEntitySchema } from '../../../shared/registry-api/card-entities.ts';
import { noteAnswer } from '../../cards/index.ts';
import type { Desk, Projection } from '../../desk.ts';
import { hasUnknownKeys } from '../../platform/unknown-keys.ts';
import { findCardRequest, forgetCardRequest, saveCardRequest } from '../../storage/repositories/card-request-repository.ts';

const changed: DeskEvent[] = [{ type: 'production.changed' }, { type: 'dispatch.changed' }];

/** Requests as the registry tells of them, and its answers to what this desk asked for a card. Source: ADR-0027 */
export function createProductionProjection(desk: Pick<Desk, 'clock'>): Projection {
  return {
    entities: ['card_request'],
    onCommandResult(tx, command, result) {
      if (!command.kind.startsWith('card.')) return [];
      noteAnswer(tx, command, result, desk.clock.nowMs());
      return changed;
    },
    onChange(tx, change) {
      if (change.entity !== 'card_request') return [];
      if (change.op === 'tombstone') {
        forgetCardRequest(tx, change.id);
        return changed;
      }
      const parsed = cardRequestEntitySchema.safeParse(change.body);
      if (!parsed.success) throw new Error('a card request breaks its schema');
      if (hasUnknownKeys(change.body, parsed.data)) change.keepForUpgrade();
      const known = findCardRequest(tx, change.id);
      if (!change.isAnew && known !== undefined && known.rev > change.rev) return [];
      saveCardRequest(tx, change.rev, parsed.data);
      return changed;
    },
  };
}
