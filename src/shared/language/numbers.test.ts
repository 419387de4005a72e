import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatMeasuredDuration } from './durations.ts';
import { languages } from './language.ts';
import { formatBytes, formatMoney, formatMoneyOfficial, formatNumber, parseNumber } from './numbers.ts';

describe('formatNumber', () => {
  it.each([
    [1_234_567.89, undefined, '1.234.567,89'],
    [0, undefined, '0'],
    [999, undefined, '999'],
    [1000, undefined, '1.000'],
    [-1234.5, undefined, '-1.234,5'],
    [1.23456, undefined, '1,235'],
    [2.5, 0, '3'],
    [1.005, 2, '1,01'],
    [0.5, 2, '0,50'],
    [12, 2, '12,00'],
    [-0.001, 2, '0,00'],
    [-0.0001, undefined, '0'],
    [1e-9, undefined, '0'],
    [999_999.9996, undefined, '1.000.000'],
    [1e21, 0, '1.000.000.000.000.000.000.000'],
    [9_007_199_254_740_991, 2, '9.007.199.254.740.991,00'],
  ])('writes %d with %s decimals as %s', (value, decimals, text) => {
    expect(formatNumber(value, decimals)).toBe(text);
  });

  it('follows the language', () => {
    expect(formatNumber(1_234_567.89, 2, 'en')).toBe('1,234,567.89');
    expect(formatNumber(1_234_567.89, 2, 'ru')).toBe('1\u00a0234\u00a0567,89');
  });

  it('throws for what is no number', () => {
    expect(() => formatNumber(Number.NaN)).toThrow('Only finite numbers have a written form');
    expect(() => formatNumber(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

describe('money', () => {
  it('writes qəpik as manats', () => {
    expect(formatMoney(123_456_750)).toBe('1.234.567,50 ₼');
    expect(formatMoney(5)).toBe('0,05 ₼');
    expect(formatMoney(-1805)).toBe('-18,05 ₼');
    expect(formatMoney(123_456_750, 'en')).toBe('1,234,567.50 ₼');
  });

  it('leaves the qəpik out of a whole official amount', () => {
    expect(formatMoneyOfficial(1800)).toBe('18 AZN');
    expect(formatMoneyOfficial(1850)).toBe('18,50 AZN');
    expect(formatMoneyOfficial(-120_000)).toBe('-1.200 AZN');
    expect(formatMoneyOfficial(1850, 'en')).toBe('18.50 AZN');
  });

  it('throws for a part of a qəpik', () => {
    expect(() => formatMoney(0.5)).toThrow('An amount is a whole number of qəpik');
  });
});

describe('parseNumber', () => {
  it.each([
    ['1.234.567,89', 1_234_567.89],
    ['1234567,89', 1_234_567.89],
    ['0', 0],
    [' 12 ', 12],
    ['-3,5', -3.5],
    ['\u22123,5', -3.5],
    ['1.000', 1000],
    ['12.000', 12_000],
  ])('reads %s', (typed, value) => {
    expect(parseNumber(typed)).toBe(value);
  });

  it.each(['', 'a', '1.5', '1.23', '1.2345', '1,2,3', ',5', '5,', '1..000', '1 000', '--1', '1,5x', 'x1', '1234.567', '1,000.5'])(
    'does not read %j',
    (typed) => {
      expect(parseNumber(typed)).toBeUndefined();
    },
  );

  it('follows the language', () => {
    expect(parseNumber('1,234.5', 'en')).toBe(1234.5);
    expect(parseNumber('1.234,5', 'en')).toBeUndefined();
    expect(parseNumber('1 234,5', 'ru')).toBe(1234.5);
    expect(parseNumber('1\u202f234,5', 'ru')).toBe(1234.5);
    expect(parseNumber('1.234', 'ru')).toBeUndefined();
  });

  it('reads what formatNumber wrote', () => {
    const value = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((thousandths) => thousandths / 1000);
    for (const language of languages) {
      fc.assert(
        fc.property(value, (number) => {
          expect(parseNumber(formatNumber(number, undefined, language), language)).toBe(number === 0 ? 0 : number);
        }),
      );
    }
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bayt'],
    [512, '512 bayt'],
    [1023, '1.023 bayt'],
    [1024, '1 KB'],
    [1536, '1,5 KB'],
    [10_188, '9,9 KB'],
    [10_240, '10 KB'],
    [10_752, '11 KB'],
    [1_048_575, '1 MB'],
    [1_048_524, '1.024 KB'],
    [1_572_864, '1,5 MB'],
    [3_221_225_472, '3 GB'],
    [1_099_511_627_776, '1 TB'],
    [1_125_899_906_842_624, '1.024 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('follows the language', () => {
    expect(formatBytes(1_572_864, 'en')).toBe('1.5 MB');
    expect(formatBytes(1_572_864, 'ru')).toBe('1,5 МБ');
    expect(formatBytes(1, 'en')).toBe('1 bytes');
    expect([1, 1024, 1024 ** 2, 1024 ** 3, 1024 ** 4].map((bytes) => formatBytes(bytes, 'ru').split(' ')[1]).join(' ')).toBe(
      'байт КБ МБ ГБ ТБ',
    );
    expect([1024, 1024 ** 2, 1024 ** 3, 1024 ** 4].map((bytes) => formatBytes(bytes, 'en').split(' ')[1]).join(' ')).toBe('KB MB GB TB');
  });
});

describe('formatDuration', () => {
  it.each([
    [7_500_000, '2 saat 5 dəq'],
    [45_999, '45 san'],
    [60_000, '1 dəq'],
    [61_000, '1 dəq 1 san'],
    [3_600_000, '1 saat'],
    [3_659_000, '1 saat'],
    [86_400_000, '1 gün'],
    [90_000_000, '1 gün 1 saat'],
    [86_460_000, '1 gün'],
    [172_799_999, '1 gün 23 saat'],
    [999, '0 san'],
    [0, '0 san'],
    [-999, '0 san'],
    [-7_500_000, '-2 saat 5 dəq'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('follows the language', () => {
    expect(formatDuration(90_000_000, 'en')).toBe('1 d 1 h');
    expect(formatDuration(61_000, 'en')).toBe('1 min 1 s');
    expect(formatDuration(90_000_000, 'ru')).toBe('1 д 1 ч');
    expect(formatDuration(61_000, 'ru')).toBe('1 мин 1 с');
  });

  it('throws for what is no length of time', () => {
    expect(() => formatDuration(Number.NaN)).toThrow('Only finite lengths of time have a written form');
  });
});

describe('formatMeasuredDuration', () => {
  it.each([
    [3653 * 86_400_000, '10 il 3 gün'],
    [3653 * 86_400_000 - 7, '10 il 3 gün'],
    [3653 * 86_400_000 + 7, '10 il 3 gün'],
    [-(3653 * 86_400_000 - 2900), '10 il 3 gün'],
    [599_996, '10 dəq'],
    [600_004, '10 dəq'],
    [3, '1 san'],
    [-1501, '2 san'],
  ])('says %s ms as %s, whatever the milliseconds of the measuring', (durationMs, text) => {
    expect(formatMeasuredDuration(durationMs)).toBe(text);
  });
});
