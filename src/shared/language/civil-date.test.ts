import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCivilDays,
  addCivilYears,
  civilDateOfDay,
  civilDaysBetween,
  dayNumberOf,
  isValidCivilDate,
  weekdayOf,
  yearOf,
} from './civil-date.ts';

const anyDay = fc.integer({ min: -30_000, max: 60_000 });

describe('civil dates', () => {
  it.each([
    ['2026-03-09', true],
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-01', false],
    ['2026-01-00', false],
    ['2026-1-1', false],
    ['0999-01-01', false],
    ['2026-01-01 ', false],
    [' 2026-01-01', false],
    ['02026-01-01', false],
    ['2026-01-011', false],
    ['', false],
  ])('%j exists: %s', (text, exists) => {
    expect(isValidCivilDate(text)).toBe(exists);
  });

  it('numbers the days from 1970', () => {
    expect(dayNumberOf('1970-01-01')).toBe(0);
    expect(dayNumberOf('1970-02-01')).toBe(31);
    expect(dayNumberOf('1969-12-31')).toBe(-1);
    expect(civilDateOfDay(20_521)).toBe('2026-03-09');
  });

  it('throws for a text that is no date', () => {
    expect(() => dayNumberOf('9 mart')).toThrow('Not a civil date of the form YYYY-MM-DD');
    expect(() => yearOf('2026-02-30')).toThrow(RangeError);
    expect(() => weekdayOf('')).toThrow(RangeError);
  });

  it('counts days forward and back', () => {
    expect(addCivilDays('2026-02-27', 2)).toBe('2026-03-01');
    expect(addCivilDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(civilDaysBetween('2026-01-01', '2027-01-01')).toBe(365);
    expect(civilDaysBetween('2026-01-02', '2026-01-01')).toBe(-1);
    expect(yearOf('2026-03-09')).toBe(2026);
  });

  it('keeps the day of the month over years', () => {
    expect(addCivilYears('2026-03-09', 3)).toBe('2029-03-09');
    expect(addCivilYears('2024-02-29', 3)).toBe('2027-02-28');
    expect(addCivilYears('2024-02-29', 4)).toBe('2028-02-29');
    expect(addCivilYears('2026-03-09', -26)).toBe('2000-03-09');
  });

  it.each([
    ['1970-01-01', 4],
    ['2026-03-09', 1],
    ['2026-11-22', 7],
    ['2026-11-21', 6],
    ['1969-12-29', 1],
    ['1969-12-28', 7],
  ])('%s is weekday %d', (on, weekday) => {
    expect(weekdayOf(on)).toBe(weekday);
  });

  it('keeps text order, distance and weekday together', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        expect(dayNumberOf(civilDateOfDay(a))).toBe(a);
        expect(civilDateOfDay(a) < civilDateOfDay(b)).toBe(a < b);
        expect(weekdayOf(civilDateOfDay(a + 7))).toBe(weekdayOf(civilDateOfDay(a)));
        expect(weekdayOf(civilDateOfDay(a + 1))).toBe((weekdayOf(civilDateOfDay(a)) % 7) + 1);
      }),
    );
  });
});
