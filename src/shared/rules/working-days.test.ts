import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCivilDays, civilDateOfDay, dayNumberOf, weekdayOf } from '../language/civil-date.ts';
import { azerbaijanYears, type CalendarYear } from './working-day-calendar.ts';
import {
  addWorkingDays,
  azerbaijanCalendar,
  buildWorkingCalendar,
  countWorkingDays,
  isWorkingDay,
  listUnconfirmedYears,
  nextWorkingDayFrom,
  workingDayDueAtMs,
} from './working-days.ts';

/** The non-working days of a stretch, as MM-DD. */
function daysOff(fromOn: string, toOn: string, calendar = azerbaijanCalendar): string {
  const days: string[] = [];
  for (let on = fromOn; on <= toOn; on = addCivilDays(on, 1)) if (!isWorkingDay(on, calendar)) days.push(on.slice(5));
  return days.join(' ');
}

function emptyYear(year: number, change: Partial<CalendarYear> = {}): CalendarYear {
  return { year, ramazan: [], qurban: [], novruz: [], offDays: [], workedDays: [], act: '', basis: 'published', ...change };
}

describe('published lists', () => {
  it.each([
    ['around 1 January 2022', '2021-12-27', '2022-01-07', '12-31 01-01 01-02 01-03 01-04'],
    ['June 2024', '2024-06-10', '2024-06-21', '06-15 06-16 06-17 06-18 06-19'],
    ['March 2025', '2025-03-17', '2025-04-04', '03-20 03-21 03-22 03-23 03-24 03-25 03-26 03-29 03-30 03-31 04-01'],
    ['November 2025', '2025-11-03', '2025-11-14', '11-08 11-09 11-10 11-11'],
    ['May 2026', '2026-05-25', '2026-06-05', '05-27 05-28 05-29 05-30 05-31'],
    ['November 2023 with its swapped days', '2023-11-03', '2023-11-14', '11-05 11-08 11-09 11-10 11-11 11-12'],
    ['November 2024 with its swapped days', '2024-11-05', '2024-11-26', '11-08 11-09 11-10 11-11 11-12 11-13 11-17 11-24'],
    ['January 2019, where the mourning day does not move', '2019-01-17', '2019-01-23', '01-19 01-20'],
    ['December 2019 with its election day', '2019-12-20', '2019-12-25', '12-21 12-22 12-23'],
    ['June 2017, before the rule on meeting holidays', '2017-06-23', '2017-06-29', '06-24 06-25 06-26 06-27'],
    ['November 2020, before 8 November was a holiday', '2020-11-06', '2020-11-11', '11-07 11-08 11-09'],
  ])('are reproduced for %s', (_what, fromOn, toOn, off) => {
    expect(daysOff(fromOn, toOn)).toBe(off);
  });

  it('rest on the holidays of every year', () => {
    const fixed = [
      '01-01',
      '01-02',
      '01-20',
      '03-08',
      '03-20',
      '03-21',
      '03-22',
      '03-23',
      '03-24',
      '05-09',
      '05-28',
      '06-15',
      '06-26',
      '11-09',
      '12-31',
    ];
    for (let year = 2015; year <= 2060; year += 1) {
      for (const monthDay of fixed) expect(isWorkingDay(`${year}-${monthDay}`), `${year}-${monthDay}`).toBe(false);
      expect(isWorkingDay(`${year}-11-08`)).toBe(year < 2021 && weekdayOf(`${year}-11-08`) < 6);
      for (const monthDay of ['10-18', '11-17', '09-20']) {
        const on = `${year}-${monthDay}`;
        const isSwappedOn = azerbaijanYears.some(({ workedDays }) => workedDays.includes(on));
        if (weekdayOf(on) < 6 || isSwappedOn) expect(isWorkingDay(on), on).toBe(true);
      }
    }
  });

  it('rest on the movable days of their years and work the swapped days', () => {
    for (const { ramazan, qurban, novruz, offDays, workedDays } of azerbaijanYears) {
      for (const on of [...ramazan, ...qurban, ...novruz, ...offDays]) expect(isWorkingDay(on), on).toBe(false);
      for (const on of workedDays) expect(isWorkingDay(on), on).toBe(true);
    }
  });

  it('hold for each year two days of Ramazan and of Qurban, one after the other', () => {
    expect(azerbaijanYears.map(({ year }) => year)).toEqual([2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026]);
    for (const { year, ramazan, qurban, novruz } of azerbaijanYears) {
      for (const feast of [ramazan, qurban]) {
        expect(feast).toHaveLength(2);
        expect(feast[1]).toBe(addCivilDays(feast[0] ?? '', 1));
      }
      for (const on of [...ramazan, ...qurban, ...novruz]) expect(on.startsWith(`${year}-`)).toBe(true);
      expect(novruz.map((on) => on.slice(5)).join(' ')).toBe('03-20 03-21 03-22 03-23 03-24');
    }
  });

  it('keep the days that the sources state', () => {
    const feasts = Object.fromEntries(
      azerbaijanYears.map(({ year, ramazan, qurban }) => [year, [ramazan[0]?.slice(5), qurban[0]?.slice(5)]]),
    );
    expect(feasts).toMatchObject({
      2017: ['06-26', '09-01'],
      2019: ['06-05', '08-12'],
      2021: ['05-13', '07-20'],
      2023: ['04-21', '06-28'],
      2024: ['04-10', '06-16'],
      2025: ['03-30', '06-06'],
      2026: ['03-20', '05-27'],
    });
  });
});

describe('the method', () => {
  it('moves a holiday on a weekend to the next working day', () => {
    const calendar = buildWorkingCalendar([emptyYear(2030)], 2030, 2030);
    // 15 June 2030 is a Saturday, 9 November too.
    expect(daysOff('2030-06-14', '2030-06-19', calendar)).toBe('06-15 06-16 06-17');
    expect(daysOff('2030-11-07', '2030-11-13', calendar)).toBe('11-08 11-09 11-10 11-11');
  });

  it('gives one more day for a feast on another holiday, but not for a feast in a plain run', () => {
    const meeting = buildWorkingCalendar([emptyYear(2030, { qurban: ['2030-05-28', '2030-05-29'] })], 2030, 2030);
    expect(daysOff('2030-05-27', '2030-06-03', meeting)).toBe('05-28 05-29 05-30 06-01 06-02');
    const apart = buildWorkingCalendar([emptyYear(2030, { qurban: ['2030-05-29', '2030-05-30'] })], 2030, 2030);
    expect(daysOff('2030-05-27', '2030-06-03', apart)).toBe('05-28 05-29 05-30 06-01 06-02');
  });

  it('gives two more days for a feast that falls on another holiday and on a weekend', () => {
    const calendar = buildWorkingCalendar([emptyYear(2030, { ramazan: ['2030-06-15', '2030-06-16'] })], 2030, 2030);
    expect(daysOff('2030-06-14', '2030-06-21', calendar)).toBe('06-15 06-16 06-17 06-18 06-19');
  });

  it('applies the rule on meeting holidays from 2019 on', () => {
    const days = (year: number) => ({ qurban: [`${year}-05-28`, `${year}-05-29`] });
    const before = buildWorkingCalendar([emptyYear(2018, days(2018))], 2018, 2018);
    const after = buildWorkingCalendar([emptyYear(2019, days(2019))], 2019, 2019);
    expect(daysOff('2018-05-28', '2018-06-01', before)).toBe('05-28 05-29');
    expect(daysOff('2019-05-27', '2019-05-31', after)).toBe('05-28 05-29 05-30');
  });

  it('knows in which year a holiday became one', () => {
    // 8 November 2020 is a Sunday, 8 November 2021 a Monday.
    const calendar = buildWorkingCalendar([], 2020, 2021);
    expect(daysOff('2020-11-06', '2020-11-11', calendar)).toBe('11-07 11-08 11-09');
    expect(daysOff('2021-11-05', '2021-11-11', calendar)).toBe('11-06 11-07 11-08 11-09');
  });

  it('takes the usual Novruz for a year without an entry', () => {
    expect(daysOff('2028-03-16', '2028-03-25', buildWorkingCalendar([], 2028, 2028))).toBe(
      '03-18 03-19 03-20 03-21 03-22 03-23 03-24 03-25',
    );
  });

  it('lengthens a run by the days it gives, and takes in what adjoins', () => {
    // Saturday 15 June moves to Monday 17, Tuesday 18 is off by an act, Sunday 16 moves to Wednesday 19.
    const calendar = buildWorkingCalendar(
      [emptyYear(2030, { ramazan: ['2030-06-16', '2030-06-17'], offDays: ['2030-06-18'] })],
      2030,
      2030,
    );
    expect(daysOff('2030-06-14', '2030-06-24', calendar)).toBe('06-15 06-16 06-17 06-18 06-19 06-20 06-22 06-23');
  });

  it('does not move a day off onto a weekend that was swapped on', () => {
    const calendar = buildWorkingCalendar(
      [emptyYear(2030, { offDays: ['2030-06-17', '2030-06-18', '2030-06-19', '2030-06-20', '2030-06-21'], workedDays: ['2030-06-22'] })],
      2030,
      2030,
    );
    expect(daysOff('2030-06-14', '2030-06-25', calendar)).toBe('06-15 06-16 06-17 06-18 06-19 06-20 06-21 06-23 06-24');
  });

  it('keeps one timeline over the end of a year', () => {
    const calendar = buildWorkingCalendar([], 2027, 2028);
    // 1 and 2 January 2028 are Saturday and Sunday.
    expect(daysOff('2027-12-30', '2028-01-06', calendar)).toBe('12-31 01-01 01-02 01-03 01-04');
  });

  it('costs two working days wherever a feast falls, but for the mourning day and the first day of the count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2027, max: 2050 }), fc.integer({ min: 0, max: 363 }), (year, offset) => {
        const first = civilDateOfDay(dayNumberOf(`${year}-01-01`) + offset);
        const calendar = buildWorkingCalendar([emptyYear(year, { qurban: [first, addCivilDays(first, 1)] })], year, year + 1);
        const plain = buildWorkingCalendar([emptyYear(year)], year, year + 1);
        const worked = (from: typeof calendar) => countWorkingDays(`${year}-01-01`, `${year + 1}-06-30`, from);
        const lost = worked(plain) - worked(calendar);
        expect(lost === 2 || first === `${year}-01-01` || first.endsWith('-01-20') || first.endsWith('-01-19')).toBe(true);
      }),
    );
  });
});

describe('counting', () => {
  it.each([
    ['2026-03-18', 7, '2026-04-07'],
    ['2026-03-19', 1, '2026-03-31'],
    ['2025-11-07', 1, '2025-11-12'],
    ['2026-01-05', 7, '2026-01-14'],
    ['2019-01-18', 1, '2019-01-21'],
    ['2026-11-22', 0, '2026-11-23'],
    ['2026-11-23', 0, '2026-11-23'],
  ])('from %s it is %d working days to %s', (fromOn, workingDays, dueOn) => {
    expect(addWorkingDays(fromOn, workingDays)).toBe(dueOn);
  });

  it('goes on from a non-working day to the next working one', () => {
    expect(nextWorkingDayFrom('2026-03-20')).toBe('2026-03-31');
    expect(nextWorkingDayFrom('2026-03-19')).toBe('2026-03-19');
  });

  it('counts the working days after a date up to another', () => {
    expect(countWorkingDays('2026-03-18', '2026-04-07')).toBe(7);
    expect(countWorkingDays('2026-03-18', '2026-03-18')).toBe(0);
    expect(countWorkingDays('2026-03-18', '2026-03-17')).toBe(0);
    expect(countWorkingDays('2026-03-18', '2026-03-19')).toBe(1);
  });

  it('ends a period at the last millisecond of its day in Baku', () => {
    const eventAtMs = Date.UTC(2026, 2, 18, 19, 59);
    expect(workingDayDueAtMs(eventAtMs, 7)).toBe(Date.UTC(2026, 3, 7, 20) - 1);
    expect(workingDayDueAtMs(eventAtMs + 60_000, 1)).toBe(Date.UTC(2026, 2, 31, 20) - 1);
  });

  it('comes back to the number it was given', () => {
    const day = fc.integer({ min: dayNumberOf('2017-01-01'), max: dayNumberOf('2040-01-01') }).map(civilDateOfDay);
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), (fromOn, workingDays) => {
        const dueOn = addWorkingDays(fromOn, workingDays);
        expect(isWorkingDay(dueOn)).toBe(true);
        expect(countWorkingDays(fromOn, dueOn)).toBe(workingDays);
      }),
    );
  });

  it('throws for days that cannot be counted', () => {
    expect(() => addWorkingDays('2026-03-18', -1)).toThrow('Working days are counted forward in whole days');
    expect(() => addWorkingDays('2026-03-18', 1.5)).toThrow(RangeError);
    expect(() => isWorkingDay('2014-12-31')).toThrow('The calendar does not reach 2014-12-31');
    expect(() => isWorkingDay('2061-01-01')).toThrow(RangeError);
    expect(isWorkingDay('2060-12-30')).toBe(true);
    expect(isWorkingDay('2015-01-01')).toBe(false);
  });

  it('says which years are not confirmed', () => {
    expect(listUnconfirmedYears('2026-01-01', '2026-12-31')).toEqual([]);
    expect(listUnconfirmedYears('2023-05-01', '2028-01-01')).toEqual([2024, 2025, 2027, 2028]);
  });
});
