import type { PinTries } from '../card-host/host-protocol.ts';
import type { CardState } from './vocabulary.ts';

/** What the card service offers for one card. */
export const cardActions = ['change_pin1', 'change_pin2', 'unblock_pin1', 'unblock_pin2', 'record_block', 'record_use'] as const;
export type CardAction = (typeof cardActions)[number];

/** Why an action is not offered now. */
export const cardActionReasons = [
  'not_ours',
  'not_personalised',
  'tries_unknown',
  'pin_blocked',
  'pin_not_blocked',
  'puk_spent',
  'case_unknown',
  'card_state',
  'already_recorded',
  'busy',
] as const;
export type CardActionReason = (typeof cardActionReasons)[number];

export interface CardServiceFacts {
  readonly profile: 'asan_id' | 'other';
  readonly life: 'blank' | 'open' | 'closed' | 'unknown';
  readonly tries: PinTries | null;
  /** As the card's case says; null where this office has no such case. */
  readonly caseCardState: CardState | null;
  readonly isBusy: boolean;
}

export interface OfferedAction {
  readonly action: CardAction;
  /** Null: it can be done. */
  readonly reason: CardActionReason | null;
}

/**
 * What may be done with this card now. A PIN is changed while it has tries, opened by the PUK when it has none and the PUK still has; a PIN with tries left is
 * not opened by the PUK, because the PUK is for unblocking only. Source: CR-05, C-27, T-10
 */
export function listCardActions(facts: CardServiceFacts): OfferedAction[] {
  return cardActions.map((action) => ({ action, reason: findReason(action, facts) }));
}

function findReason(action: CardAction, facts: CardServiceFacts): CardActionReason | null {
  if (facts.profile !== 'asan_id') return 'not_ours';
  if (facts.life !== 'closed') return 'not_personalised';
  if (facts.tries === null) return 'tries_unknown';
  if (facts.isBusy) return 'busy';
  const { pin1, pin2, puk1, puk2 } = facts.tries;
  switch (action) {
    case 'change_pin1':
      return pin1 === 0 ? 'pin_blocked' : null;
    case 'change_pin2':
      return pin2 === 0 ? 'pin_blocked' : null;
    case 'unblock_pin1':
      return decideUnblock(pin1, puk1);
    case 'unblock_pin2':
      return decideUnblock(pin2, puk2);
    case 'record_block':
    case 'record_use':
      return decideRecord(action, isBlocked(facts.tries), facts.caseCardState);
  }
}

function decideUnblock(pinTries: number, pukTries: number): CardActionReason | null {
  if (pinTries > 0) return 'pin_not_blocked';
  return pukTries === 0 ? 'puk_spent' : null;
}

/** Source: CR-05, procedures.md §14.3: HANDED ↔ BLOCKED */
function decideRecord(action: 'record_block' | 'record_use', isBlockedNow: boolean, state: CardState | null): CardActionReason | null {
  if (state === null) return 'case_unknown';
  if (action === 'record_block') {
    if (!isBlockedNow) return 'pin_not_blocked';
    if (state === 'BLOCKED') return 'already_recorded';
    return state === 'HANDED' ? null : 'card_state';
  }
  if (isBlockedNow) return 'pin_blocked';
  return state === 'BLOCKED' ? null : 'already_recorded';
}

/** One of its PINs takes no more tries: more than three wrong ones were typed. Source: CR-05 */
export function isBlocked(tries: PinTries): boolean {
  return tries.pin1 === 0 || tries.pin2 === 0;
}

/** One more wrong code and it is over: said before the holder types. */
export function isLastTry(tries: number): boolean {
  return tries === 1;
}
