import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { isBlocked, listCardActions } from '../../../shared/rules/card-service.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Call, Desk } from '../../desk.ts';
import { findCardCase } from './card-case.ts';
import { serialsOf } from './reader-views.ts';
import type { Standings } from './standings.ts';

/**
 * Registers that a card is blocked, or in use again after its PUK: what the card in the reader says of itself decides, never what somebody clicks. The command
 * waits for the link like other work. Source: CR-05; procedures.md §14.3
 */
export async function recordBlock(
  desk: Desk,
  cards: CardHost,
  standings: Standings,
  call: Call,
  input: { readonly commandId: string; readonly readerName: string; readonly chipSerialHex: string },
): Promise<Result<{ isBlocked: boolean }, Failure>> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const read = await cards.ask({ kind: 'read_card', readerName: input.readerName });
  if (!read.ok) return read;
  const { sight } = read.value;
  if (sight.chipSerialHex !== input.chipSerialHex) return fail('CARD_EXCHANGED');
  if (sight.tries === null) return fail('CARD_NOT_CLOSED');
  const isBlockedNow = isBlocked(sight.tries);
  // By the certificate the registry tells which case the card belongs to.
  await standings.ask(serialsOf(sight));
  return desk.acts.perform({ commandId: input.commandId, operation: 'card.recordBlock', actor, input }, (tx) => {
    const found = findCardCase(tx, serialsOf(sight));
    const caseCardState = found?.card?.serial === sight.cardSerial ? found.card.state : null;
    const { profile, life, tries } = sight;
    const action = isBlockedNow ? 'record_block' : 'record_use';
    const offered = listCardActions({ profile, life, tries, caseCardState, isBusy: false }).find((each) => each.action === action);
    if (found === undefined || offered === undefined || offered.reason !== null)
      return fail('STEP_NOT_POSSIBLE', { reason: offered?.reason ?? 'case_unknown' });
    const { applicationId } = found;
    return succeed({
      value: { isBlocked: isBlockedNow },
      audit: { act: 'card.block', applicationId, detail: { isBlocked: isBlockedNow } },
      outbox: [
        {
          kind: 'card.block' as const,
          payload: { applicationId, cardSerial: sight.cardSerial, isBlocked: isBlockedNow },
          aggregate: { type: 'application' as const, key: applicationId },
          baseRev: found.rev,
          leaseToken: found.leaseToken,
        },
      ],
      events: [{ type: 'card.changed' as const }],
    });
  });
}
