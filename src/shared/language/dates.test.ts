import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bakuOffsetMs } from './baku-time.ts';
import { civilDateOfDay } from './civil-date.ts';
import {
  civilDateAt,
  formatDate,
  formatDateLong,
  formatDateOfficial,
  formatDateTime,
  formatTime,
  monthName,
  parseTypedDate,
  startOfCivilDateAtMs,
  weekdayName,
  weekdayShortName,
} from './dates.ts';
import { languages } from './language.ts';
import { ordinal, ordinalSuffix } from './ordinals.ts';

const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const weekdays = [1, 2, 3, 4, 5, 6, 7];
const hourMs = 3_600_000;

describe('written dates', () => {
  it('writes a date with dots', () => {
    expect(formatDate('2026-03-09')).toBe('09.03.2026');
    expect(formatDate('1988-12-31')).toBe('31.12.1988');
    expect(() => formatDate('2026-02-30')).toThrow('Not a civil date of the form YYYY-MM-DD');
  });

  it.each([
    ['az', '9 mart 2026'],
    ['en', '9 March 2026'],
    ['ru', '9 марта 2026'],
  ] as const)('writes a long date in %s', (language, text) => {
    expect(formatDateLong('2026-03-09', language)).toBe(text);
  });

  it.each([
    ['az', '9 mart 2026-cı il'],
    ['en', '9 March 2026'],
    ['ru', '9 марта 2026 года'],
  ] as const)('writes an official date in %s', (language, text) => {
    expect(formatDateOfficial('2026-03-09', language)).toBe(text);
  });

  it('writes Azerbaijani unless told otherwise', () => {
    expect(formatDateLong('2006-11-30')).toBe('30 noyabr 2006');
    expect(formatDateOfficial('2010-10-01')).toBe('1 oktyabr 2010-cu il');
  });

  it('names the months', () => {
    expect(months.map((month) => monthName(month)).join(' ')).toBe(
      'yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr',
    );
    expect(months.map((month) => monthName(month, 'en')).join(' ')).toBe(
      'January February March April May June July August September October November December',
    );
    expect(months.map((month) => monthName(month, 'ru')).join(' ')).toBe(
      'январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь',
    );
    const inDates = months.map((month) => formatDateLong(`2026-${String(month).padStart(2, '0')}-01`, 'ru').split(' ')[1]);
    expect(inDates.join(' ')).toBe('января февраля марта апреля мая июня июля августа сентября октября ноября декабря');
  });

  it('names the days of the week from Monday', () => {
    expect(weekdays.map((day) => weekdayName(day)).join(', ')).toBe(
      'bazar ertəsi, çərşənbə axşamı, çərşənbə, cümə axşamı, cümə, şənbə, bazar',
    );
    expect(weekdays.map((day) => weekdayName(day, 'en')).join(' ')).toBe('Monday Tuesday Wednesday Thursday Friday Saturday Sunday');
    expect(weekdays.map((day) => weekdayName(day, 'ru')).join(' ')).toBe('понедельник вторник среда четверг пятница суббота воскресенье');
    expect(weekdays.map((day) => weekdayShortName(day)).join(' ')).toBe('b.e. ç.a. ç. c.a. c. ş. b.');
    expect(weekdays.map((day) => weekdayShortName(day, 'en')).join(' ')).toBe('Mon Tue Wed Thu Fri Sat Sun');
    expect(weekdays.map((day) => weekdayShortName(day, 'ru')).join(' ')).toBe('пн вт ср чт пт сб вс');
  });

  it('throws for a month or weekday that does not exist', () => {
    expect(() => monthName(13)).toThrow('No name at index 12');
    expect(() => weekdayName(0)).toThrow(RangeError);
    expect(() => weekdayShortName(8, 'en')).toThrow(RangeError);
    for (const language of languages) expect(() => monthName(0, language)).toThrow(RangeError);
  });
});

describe('ordinals', () => {
  it.each(
    '2006-cı 2007-ci 2010-cu 2016-cı 2017-ci 2018-ci 2019-cu 2021-ci 2020-ci 2022-ci 2023-cü 2024-cü 2025-ci 2026-cı 2029-cu 2030-cu'.split(
      ' ',
    ),
  )('writes the year %s', (year) => {
    expect(ordinal(Number.parseInt(year, 10))).toBe(year);
  });

  it.each([
    [0, 'cı'],
    [1, 'ci'],
    [3, 'cü'],
    [6, 'cı'],
    [9, 'cu'],
    [10, 'cu'],
    [20, 'ci'],
    [30, 'cu'],
    [40, 'cı'],
    [50, 'ci'],
    [60, 'cı'],
    [70, 'ci'],
    [80, 'ci'],
    [90, 'cı'],
    [100, 'cü'],
    [1900, 'cü'],
    [1000, 'ci'],
    [2000, 'ci'],
    [3000, 'ci'],
    [40_000, 'ci'],
    [6_000_000, 'cu'],
    [3_000_000_000, 'cı'],
    [10_000, 'ci'],
    [100_000, 'ci'],
    [1_000_000, 'cu'],
    [1_000_000_000, 'cı'],
    [101, 'ci'],
    [-4, 'cü'],
  ])('ends %d in %s', (n, suffix) => {
    expect(ordinalSuffix(n)).toBe(suffix);
  });

  it('throws for a number that is not whole', () => {
    expect(() => ordinalSuffix(1.5)).toThrow('An ordinal is made of a whole number');
  });
});

describe('time in Baku', () => {
  it('is four hours ahead of UTC', () => {
    const atMs = Date.UTC(2026, 2, 8, 20, 5, 9);
    expect(formatDateTime(atMs)).toBe('09.03.2026 00:05');
    expect(formatDateTime(atMs, 'seconds')).toBe('09.03.2026 00:05:09');
    expect(formatTime(atMs - 1000 * 60 * 6)).toBe('23:59');
    expect(formatTime(Date.UTC(1969, 11, 31, 19, 59, 59, 999), 'seconds')).toBe('23:59:59');
    expect(civilDateAt(Date.UTC(2026, 2, 8, 19, 59, 59, 999))).toBe('2026-03-08');
    expect(civilDateAt(Date.UTC(2026, 2, 8, 20))).toBe('2026-03-09');
  });

  it('had summer time from 1997 to 2015', () => {
    expect(bakuOffsetMs(Date.UTC(2010, 6, 1))).toBe(5 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2010, 0, 1))).toBe(4 * hourMs);
    expect(bakuOffsetMs(Date.UTC(1996, 6, 1))).toBe(4 * hourMs);
    expect(bakuOffsetMs(Date.UTC(1997, 6, 1))).toBe(5 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2015, 6, 1))).toBe(5 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2016, 6, 1))).toBe(4 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2015, 2, 29) - 1)).toBe(4 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2015, 2, 29))).toBe(5 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2015, 9, 25) - 1)).toBe(5 * hourMs);
    expect(bakuOffsetMs(Date.UTC(2015, 9, 25))).toBe(4 * hourMs);
  });

  it('begins each day at its midnight', () => {
    expect(startOfCivilDateAtMs('2026-03-09')).toBe(Date.UTC(2026, 2, 8, 20));
    expect(startOfCivilDateAtMs('2010-07-01')).toBe(Date.UTC(2010, 5, 30, 19));
    expect(startOfCivilDateAtMs('2015-03-29')).toBe(Date.UTC(2015, 2, 28, 20));
    expect(startOfCivilDateAtMs('2015-03-30')).toBe(Date.UTC(2015, 2, 29, 19));
    expect(startOfCivilDateAtMs('2015-10-25')).toBe(Date.UTC(2015, 9, 24, 19));
    expect(startOfCivilDateAtMs('2015-10-26')).toBe(Date.UTC(2015, 9, 25, 20));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }).map(civilDateOfDay), (on) => {
        const startAtMs = startOfCivilDateAtMs(on);
        expect(civilDateAt(startAtMs)).toBe(on);
        expect(civilDateAt(startAtMs - 1) < on).toBe(true);
        expect(formatTime(startAtMs)).toBe('00:00');
      }),
    );
  });
});

describe('parseTypedDate', () => {
  it.each([
    ['7.3.1988', '1988-03-07'],
    ['07031988', '1988-03-07'],
    ['07.03.88', '1988-03-07'],
    ['070388', '1988-03-07'],
    ['07/03/1988', '1988-03-07'],
    ['7-3-1988', '1988-03-07'],
    ['7 3 1988', '1988-03-07'],
    [' 7.3.1988 ', '1988-03-07'],
    ['1988-03-07', '1988-03-07'],
    ['29.02.2024', '2024-02-29'],
    ['01.01.49', '2049-01-01'],
    ['01.01.50', '1950-01-01'],
  ])('reads %s', (typed, on) => {
    expect(parseTypedDate(typed)).toBe(on);
  });

  it.each([
    '',
    '7',
    '7.3',
    '31.02.2020',
    '29.02.2023',
    '7.13.1988',
    '7.3/1988',
    '7.3.188',
    '7.3.19888',
    '7031988',
    '0703198',
    '1988-02-30',
    '1988-3-7',
    '7.3.1988x',
    'x7.3.1988',
    '007.3.1988',
    '7.003.1988',
    '00.01.2020',
  ])('does not read %j', (typed) => {
    expect(parseTypedDate(typed)).toBeUndefined();
  });

  it('takes the latest century that is not after the day given', () => {
    expect(parseTypedDate('22.11.26', '2026-11-22')).toBe('2026-11-22');
    expect(parseTypedDate('23.11.26', '2026-11-22')).toBe('1926-11-23');
    expect(parseTypedDate('070388', '2026-11-22')).toBe('1988-03-07');
    expect(parseTypedDate('29.02.00', '2026-11-22')).toBe('2000-02-29');
    expect(parseTypedDate('01.01.2030', '2026-11-22')).toBe('2030-01-01');
    expect(parseTypedDate('01.01.30', '1926-11-22')).toBeUndefined();
  });

  it('reads what formatDate wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 60_000 }).map(civilDateOfDay), (on) => {
        expect(parseTypedDate(formatDate(on))).toBe(on);
        expect(parseTypedDate(formatDate(on).replaceAll('.', ''))).toBe(on);
      }),
    );
  });
});
