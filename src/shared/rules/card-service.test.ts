import { describe, expect, it } from 'vitest';
import { isBlocked, isLastTry, listCardActions, type CardAction, type CardServiceFacts } from './card-service.ts';

const usual: CardServiceFacts = {
  profile: 'asan_id',
  life: 'closed',
  tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 },
  caseCardState: 'HANDED',
  isBusy: false,
};
const reasonsOf = (facts: Partial<CardServiceFacts>) =>
  Object.fromEntries(listCardActions({ ...usual, ...facts }).map(({ action, reason }) => [action, reason])) as Record<
    CardAction,
    string | null
  >;
const tries = (changed: Partial<NonNullable<CardServiceFacts['tries']>>) => ({ tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3, ...changed } });

describe('what the card service offers', () => {
  it('changes a PIN that has tries, and does not open one that is not blocked', () => {
    expect(reasonsOf({})).toEqual({
      change_pin1: null,
      change_pin2: null,
      unblock_pin1: 'pin_not_blocked',
      unblock_pin2: 'pin_not_blocked',
      record_block: 'pin_not_blocked',
      record_use: 'already_recorded',
    });
  });

  it('CR-05: a PIN without tries is opened by the PUK, and registered as blocked', () => {
    expect(reasonsOf(tries({ pin1: 0 }))).toMatchObject({
      change_pin1: 'pin_blocked',
      change_pin2: null,
      unblock_pin1: null,
      unblock_pin2: 'pin_not_blocked',
      record_block: null,
      record_use: 'pin_blocked',
    });
    expect(isBlocked({ pin1: 3, pin2: 0, puk1: 3, puk2: 3 })).toBe(true);
  });

  it('T-10: a PUK that is used up opens nothing', () => {
    expect(reasonsOf(tries({ pin2: 0, puk2: 0 }))).toMatchObject({ unblock_pin2: 'puk_spent', record_block: null });
  });

  it('CR-05: registers a block once, of a card that was handed over, and its end', () => {
    const blocked = tries({ pin1: 0 });
    expect(reasonsOf({ ...blocked, caseCardState: 'BLOCKED' }).record_block).toBe('already_recorded');
    expect(reasonsOf({ ...blocked, caseCardState: 'REGISTERED' }).record_block).toBe('card_state');
    expect(reasonsOf({ ...blocked, caseCardState: null }).record_block).toBe('case_unknown');
    expect(reasonsOf({ caseCardState: 'BLOCKED' }).record_use).toBeNull();
  });

  it('offers nothing for a card that is not ours, not finished, not readable or in use', () => {
    const all = (facts: Partial<CardServiceFacts>) => [...new Set(Object.values(reasonsOf(facts)))];
    expect(all({ profile: 'other', tries: null })).toEqual(['not_ours']);
    expect(all({ life: 'open' })).toEqual(['not_personalised']);
    expect(all({ life: 'blank' })).toEqual(['not_personalised']);
    expect(all({ tries: null })).toEqual(['tries_unknown']);
    expect(all({ isBusy: true })).toEqual(['busy']);
  });

  it('warns before the last try', () => {
    expect([3, 2, 1, 0].map(isLastTry)).toEqual([false, false, true, false]);
  });
});
