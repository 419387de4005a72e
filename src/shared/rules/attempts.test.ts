import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptText, decideAttempt, isSearchAllowed, maxAttempts, type AttemptKind } from './attempts.ts';

describe('counted searches', () => {
  it.each([
    [0, 1, 'M-05', false],
    [1, 2, 'M-05', false],
    [2, 3, 'M-06', true],
  ] as const)('COM-04 M-05 M-06: after %i misses of the person the next is number %i with %s', (previous, attemptNumber, message, ends) => {
    expect(decideAttempt('person', previous, 'not_found')).toEqual({
      attemptNumber,
      counted: true,
      message,
      params: { n: attemptNumber },
      endsCase: ends,
      keepsInvalidityNote: ends,
    });
  });

  it.each([
    [0, 1, 'M-07', false],
    [1, 2, 'M-07', false],
    [2, 3, 'M-08', true],
  ] as const)('COM-05 M-07 M-08: after %i misses of the VÖEN the next is number %i with %s', (previous, attemptNumber, message, ends) => {
    expect(decideAttempt('organisation', previous, 'not_found')).toEqual({
      attemptNumber,
      counted: true,
      message,
      params: { n: attemptNumber },
      endsCase: ends,
      keepsInvalidityNote: ends,
    });
  });

  it('COM-16 COM-04 M-06: the representative has three attempts of his own, and the third miss ends the case with a note', () => {
    expect(decideAttempt('representative', 0, 'not_found')).toMatchObject({ message: 'M-05', params: { n: 1 }, endsCase: false });
    expect(decideAttempt('representative', 2, 'not_found')).toMatchObject({ message: 'M-06', endsCase: true, keepsInvalidityNote: true });
  });

  it('COM-06 C-18 M-09: the third miss of a known user ends the operation without a note of invalidity', () => {
    expect(decideAttempt('known_user', 0, 'not_found')).toMatchObject({ message: 'M-05', endsCase: false, keepsInvalidityNote: false });
    expect(decideAttempt('known_user', 2, 'not_found')).toMatchObject({ message: 'M-09', endsCase: true, keepsInvalidityNote: false });
  });

  it('C-06 M-43: a register that does not answer costs no attempt, whatever was asked', () => {
    for (const kind of ['person', 'representative', 'organisation', 'sim', 'known_user'] as const) {
      expect(decideAttempt(kind, 2, 'unavailable')).toEqual({
        attemptNumber: 2,
        counted: false,
        message: 'M-43',
        params: { n: 2 },
        endsCase: false,
        keepsInvalidityNote: false,
      });
    }
  });

  it('COM-04: an answer that finds the person costs no attempt and says nothing', () => {
    expect(decideAttempt('person', 2, 'found')).toEqual({
      attemptNumber: 2,
      counted: false,
      message: null,
      params: { n: 2 },
      endsCase: false,
      keepsInvalidityNote: false,
    });
  });

  it('a number that the operator does not know is never counted', () => {
    expect(decideAttempt('sim', 9, 'not_found')).toMatchObject({
      attemptNumber: 9,
      counted: false,
      message: 'SIM_NOT_FOUND',
      endsCase: false,
      keepsInvalidityNote: false,
    });
  });

  it('COM-07: the count is shown as 1/3, 2/3, 3/3', () => {
    expect([1, 2, 3].map(attemptText)).toEqual(['1/3', '2/3', '3/3']);
  });

  it('T-09: three attempts are allowed and a fourth search is not', () => {
    expect(maxAttempts).toBe(3);
    expect([0, 1, 2, 3, 4].map((previous) => isSearchAllowed('person', previous))).toEqual([true, true, true, false, false]);
    expect(isSearchAllowed('sim', 30)).toBe(true);
  });

  it('T-09 COM-07: in any run of answers the count never falls, never passes three, and the case ends at exactly three', () => {
    const kinds = fc.constantFrom<AttemptKind>('person', 'organisation', 'known_user');
    const outcomes = fc.array(fc.constantFrom('found', 'not_found', 'unavailable'), { maxLength: 20 });
    fc.assert(
      fc.property(kinds, outcomes, (kind, run) => {
        let attempts = 0;
        for (const outcome of run) {
          const decision = decideAttempt(kind, attempts, outcome);
          expect(decision.attemptNumber).toBeGreaterThanOrEqual(attempts);
          expect(decision.attemptNumber).toBeLessThanOrEqual(3);
          expect(decision.counted).toBe(decision.attemptNumber === attempts + 1);
          expect(decision.endsCase).toBe(outcome === 'not_found' && decision.attemptNumber === 3);
          attempts = decision.attemptNumber;
        }
        expect(attempts).toBe(Math.min(3, run.filter((outcome) => outcome === 'not_found').length));
      }),
    );
  });
});
