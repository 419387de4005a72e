import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCodeWeakness } from './weak-codes.ts';

const code = (text: string): Uint8Array => new TextEncoder().encode(text);
const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
const step = (text: string, index: number): number => (Number(text[index]) - Number(text[index - 1]) + 10) % 10;

describe('weak codes', () => {
  it.each([
    ['1111', 'CODE_REPEATS'],
    ['1112', 'CODE_REPEATS'],
    ['21111', 'CODE_REPEATS'],
    ['1212', 'CODE_REPEATS'],
    ['12121', 'CODE_REPEATS'],
    ['1234', 'CODE_RUNS'],
    ['98765', 'CODE_RUNS'],
    ['7890', 'CODE_RUNS'],
    ['2468', 'CODE_RUNS'],
    ['0864', 'CODE_RUNS'],
    ['123', 'CODE_FORM'],
    ['123456789', 'CODE_FORM'],
    ['12a4', 'CODE_FORM'],
    ['', 'CODE_FORM'],
    ['2704', null],
    ['90318', null],
    ['12312', null],
  ])('CR-05: %s is %s', (text, weakness) => {
    expect(findCodeWeakness(code(text))).toBe(weakness);
  });

  it.each(['2305', '0523', '1984', '2384', '8405', '19840', '92305'])('CR-05: born on 23 May 1984, nobody takes %s', (text) => {
    expect(findCodeWeakness(code(text), { bornOn: '1984-05-23' })).toBe('CODE_BIRTH_DATE');
    expect(findCodeWeakness(code(text))).toBeNull();
  });

  it.each(['8140', '81403', '58140'])('CR-05: of the FİN 4T58140 nobody takes %s', (text) => {
    expect(findCodeWeakness(code(text), { fin: '4T58140' })).toBe('CODE_FIN');
    expect(findCodeWeakness(code(text))).toBeNull();
  });

  it('CR-05: nothing is compared with an owner of whom nothing is known', () => {
    expect(findCodeWeakness(code('2704'), { bornOn: '', fin: '' })).toBeNull();
    expect(findCodeWeakness(code('2704'), { bornOn: '27.04.1990', fin: 'QYD0001' })).toBeNull();
  });

  it('CR-05: a code is refused just when it repeats, runs, or holds a piece of its owner', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 8 }).chain(digits), digits(4), fc.date({ noInvalidDate: true }), (text, piece, born) => {
        const weakness = findCodeWeakness(code(text));
        const steps = new Set(Array.from({ length: text.length - 1 }, (_, index) => step(text, index + 1)));
        const isEven = steps.size === 1 && [0, 1, 2, 8, 9].includes([...steps][0] ?? -1);
        if (isEven) expect(weakness).not.toBeNull();
        if (weakness === 'CODE_RUNS') expect(isEven).toBe(true);
        if (weakness === 'CODE_REPEATS') expect(new Set(text).size).toBeLessThanOrEqual(Math.max(2, Math.floor(text.length / 2)));
        expect(findCodeWeakness(code(text), { fin: `A${piece}` }) === 'CODE_FIN').toBe(weakness === null && text.includes(piece));
        const bornOn = born.toISOString().slice(0, 10);
        if (weakness === null && text.includes(bornOn.slice(0, 4)) && /^\d{4}-/.test(bornOn)) {
          expect(findCodeWeakness(code(text), { bornOn })).toBe('CODE_BIRTH_DATE');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('CR-05: of all codes of four and five digits few are refused, so that chance makes a strong one soon', () => {
    for (const length of [4, 5]) {
      let weak = 0;
      for (let value = 0; value < 10 ** length; value += 1) {
        if (findCodeWeakness(code(String(value).padStart(length, '0'))) !== null) weak += 1;
      }
      expect(weak / 10 ** length).toBeLessThan(0.06);
      expect(weak).toBeGreaterThan(100);
    }
  });

  it('CR-05: the code is left as it was', () => {
    const given = code('2704');
    findCodeWeakness(given, { bornOn: '1984-05-23', fin: '4T58140' });
    expect(given).toEqual(code('2704'));
  });
});
