import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categories } from './vocabulary.ts';
import { checkVoen, voenHolderKind, voenKindFits } from './voen.ts';

describe('checkVoen', () => {
  it.each(['0000012341', '0000012342', '0000000131', '9900071001', '9900003871', '1400057421', '1701579951', '1405988801'])(
    'takes %s',
    (voen) => {
      expect(checkVoen(voen)).toEqual({ ok: true, value: voen, notes: [] });
    },
  );

  it('removes spaces and says so', () => {
    expect(checkVoen('000 001 2341')).toEqual({ ok: true, value: '0000012341', notes: ['SPACES_REMOVED'] });
    expect(checkVoen(' 0000012341\n')).toEqual({ ok: true, value: '0000012341', notes: ['SPACES_REMOVED'] });
  });

  it.each([
    ['', { code: 'VOEN_EMPTY' }],
    [' ', { code: 'VOEN_EMPTY' }],
    ['99900141', { code: 'VOEN_LENGTH' }],
    ['00000123411', { code: 'VOEN_LENGTH' }],
    ['099900141', { code: 'VOEN_LEADING_ZERO', suggestion: '0099900141' }],
    ['099900151', { code: 'VOEN_LENGTH' }],
    ['09990014A', { code: 'VOEN_LENGTH' }],
    ['0000012351', { code: 'VOEN_CHECK_DIGIT', params: { expected: '4' } }],
    ['0000012343', { code: 'VOEN_STATUS_DIGIT' }],
    ['0000012340', { code: 'VOEN_STATUS_DIGIT' }],
    ['00000A2341', { code: 'VOEN_CHARACTER' }],
    ['000-012341', { code: 'VOEN_CHARACTER' }],
    ['1525855852', { code: 'VOEN_CHECK_DIGIT', params: { expected: '1' } }],
  ])('refuses %j', (input, failure) => {
    expect(checkVoen(input)).toEqual({ ok: false, ...failure });
  });

  it('refuses every number whose remainder is 10, which is never issued', () => {
    // 4·1 + 6·1 = 10
    for (let digit = 0; digit <= 9; digit += 1) expect(checkVoen(`10010000${digit}1`)).toEqual({ ok: false, code: 'VOEN_CHECK_DIGIT' });
  });

  it('finds every single wrong digit among the first nine', () => {
    const valid = fc
      .stringMatching(/^\d{8}$/u)
      .map(validNumber)
      .filter((voen) => voen !== undefined);
    fc.assert(
      fc.property(valid, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }), (voen, position, shift) => {
        expect(checkVoen(voen).ok).toBe(true);
        const digit = (Number(voen.charAt(position)) + shift) % 10;
        expect(checkVoen(voen.slice(0, position) + String(digit) + voen.slice(position + 1)).ok).toBe(false);
      }),
    );
  });
});

/** The number with its ninth digit found by trying. */
function validNumber(firstEight: string): string | undefined {
  return Array.from({ length: 10 }, (_, digit) => `${firstEight}${digit}1`).find((voen) => checkVoen(voen).ok);
}

describe('voenKindFits', () => {
  it('tells legal from natural persons', () => {
    expect(voenHolderKind('0000012341')).toBe('legal');
    expect(voenHolderKind('0000012342')).toBe('natural');
    expect(voenHolderKind('0000012343')).toBeUndefined();
  });

  it('wants a natural person for taxpayers and their employees and a legal one for organisations', () => {
    expect(categories.filter((category) => voenKindFits(category, '0000012342'))).toEqual(['K1b', 'K2']);
    expect(categories.filter((category) => voenKindFits(category, '0000012341'))).toEqual(['K3', 'K4', 'K5', 'K6']);
  });
});
