import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPaperNumber, formatPaperNumber, nextSequence } from './paper-numbers.ts';

describe('paper numbers', () => {
  it('is office, desk, year and six digits', () => {
    expect(formatPaperNumber({ office: 'BAK1', desk: '01', year: 2026, sequence: 123 })).toBe('BAK1-01-2026-000123');
    expect(formatPaperNumber({ office: 'BAK1', desk: '012', year: 2026, sequence: 1_000_000 })).toBe('BAK1-012-2026-1000000');
  });

  it('has one reading, which gives the same text again', () => {
    const numbers = fc.record({
      office: fc.stringMatching(/^[A-Z][A-Z0-9]{1,7}$/u),
      desk: fc.stringMatching(/^[0-9]{2,3}$/u),
      year: fc.integer({ min: 2000, max: 9999 }),
      sequence: fc.integer({ min: 1, max: 99_999_999 }),
    });
    fc.assert(
      fc.property(numbers, (number) => {
        const text = formatPaperNumber(number);
        expect(findPaperNumber(text)).toEqual(number);
      }),
    );
  });

  it.each([
    '',
    'BAK1-01-2026-123',
    'BAK1-01-2026-000000',
    'BAK1-01-2026-0000123',
    'BAK1-01-26-000123',
    'BAK1-1-2026-000123',
    'BAK1-0001-2026-000123',
    'B-01-2026-000123',
    'BAKUBAKU1-01-2026-000123',
    '1BAK-01-2026-000123',
    'bak1-01-2026-000123',
    'BAK1-01-2026-000123 ',
    ' BAK1-01-2026-000123',
    'BAK1-01-2026-99999999999999999999',
  ])('"%s" is none', (text) => {
    expect(findPaperNumber(text)).toBeUndefined();
  });

  it('refuses to write parts that cannot be read again', () => {
    const number = { office: 'BAK1', desk: '01', year: 2026, sequence: 1 };
    for (const change of [{ office: 'bak' }, { desk: '1' }, { year: 26 }, { sequence: 0 }, { sequence: 1.5 }, { sequence: -1 }]) {
      expect(() => formatPaperNumber({ ...number, ...change })).toThrow(RangeError);
    }
  });

  it('counts on without a gap, from 1 each year', () => {
    expect(nextSequence(undefined)).toBe(1);
    expect(nextSequence(41)).toBe(42);
  });
});
