/**
 * The days on which Azerbaijan rests, as data: what the Labour Code fixes for every year and what acts fix year by year.
 *
 * A new year needs one entry of `azerbaijanYears`; an administrator's edition of it replaces the one here. An entry whose
 * `basis` is not `published` holds days that are commonly known but were not checked against a published list.
 *
 * Source: azerbaijan.md §6.
 */

/** A holiday of every year, as MM-DD, from the year in which it became non-working. */
export interface FixedHoliday {
  readonly monthDay: string;
  readonly fromYear: number;
}

/** What holds for one year only. All days are civil dates. */
export interface CalendarYear {
  readonly year: number;
  /** The days of the Ramazan and Qurban holidays; empty when not fixed yet. */
  readonly ramazan: readonly string[];
  readonly qurban: readonly string[];
  readonly novruz: readonly string[];
  /** Working days that are off by an act (swaps, elections). */
  readonly offDays: readonly string[];
  /** Rest days that are worked by an act. */
  readonly workedDays: readonly string[];
  /** Number and date of the act that fixed the days; empty while unknown. */
  readonly act: string;
  readonly basis: 'published' | 'unconfirmed';
}

/** Source: Labour Code art. 105 */
export const fixedHolidays: readonly FixedHoliday[] = [
  { monthDay: '01-01', fromYear: 0 },
  { monthDay: '01-02', fromYear: 0 },
  { monthDay: '03-08', fromYear: 0 },
  { monthDay: '05-09', fromYear: 0 },
  { monthDay: '05-28', fromYear: 0 },
  { monthDay: '06-15', fromYear: 0 },
  { monthDay: '06-26', fromYear: 0 },
  { monthDay: '11-08', fromYear: 2021 },
  { monthDay: '11-09', fromYear: 0 },
  { monthDay: '12-31', fromYear: 0 },
];

/** 20 January: non-working, but no holiday, so it does not move when it falls on a weekend. */
export const mourningMonthDay = '01-20';

/**
 * The first year in which a Ramazan or Qurban day that meets another holiday gives one more day off. Lists of 2026 apply the rule,
 * that of 2017 did not, and no such meeting lies between but 2018, for which no list was found.
 *
 * Source: Labour Code art. 105(6); azerbaijan.md §6
 */
export const coincidenceRuleFromYear = 2019;

/** Novruz of a year without an entry of its own: 20–24 March, as in all years known. */
export function usualNovruz(year: number): readonly string[] {
  return [20, 21, 22, 23, 24].map((day) => `${year}-03-${day}`);
}

export const azerbaijanYears: readonly CalendarYear[] = [
  calendarYear(2017, 'published', { ramazan: ['06-26', '06-27'], qurban: ['09-01', '09-02'] }),
  calendarYear(2018, 'unconfirmed', { ramazan: ['06-15', '06-16'], qurban: ['08-22', '08-23'], offDays: ['04-11'] }),
  calendarYear(2019, 'published', { ramazan: ['06-05', '06-06'], qurban: ['08-12', '08-13'], offDays: ['12-23'] }),
  calendarYear(2020, 'unconfirmed', { ramazan: ['05-24', '05-25'], qurban: ['07-31', '08-01'] }),
  calendarYear(2021, 'published', { ramazan: ['05-13', '05-14'], qurban: ['07-20', '07-21'] }),
  calendarYear(2022, 'unconfirmed', { ramazan: ['05-02', '05-03'], qurban: ['07-09', '07-10'] }),
  calendarYear(2023, 'published', { ramazan: ['04-21', '04-22'], qurban: ['06-28', '06-29'], offDays: ['11-10'], workedDays: ['11-04'] }),
  // Ramazan of 2024 and the election day of 7 February are not in the lists that were found; the other days are.
  calendarYear(2024, 'unconfirmed', {
    ramazan: ['04-10', '04-11'],
    qurban: ['06-16', '06-17'],
    offDays: ['02-07', '11-12', '11-13'],
    workedDays: ['11-16', '11-23'],
  }),
  // Qurban of 2025 and the election day of 29 January are not in the lists that were found; the other days are.
  calendarYear(2025, 'unconfirmed', { ramazan: ['03-30', '03-31'], qurban: ['06-06', '06-07'], offDays: ['01-29'] }),
  calendarYear(2026, 'published', { ramazan: ['03-20', '03-21'], qurban: ['05-27', '05-28'] }),
];

interface YearDays {
  readonly ramazan: readonly string[];
  readonly qurban: readonly string[];
  readonly offDays?: readonly string[];
  readonly workedDays?: readonly string[];
}

function calendarYear(year: number, basis: CalendarYear['basis'], days: YearDays): CalendarYear {
  const inYear = (monthDays: readonly string[] = []): string[] => monthDays.map((monthDay) => `${year}-${monthDay}`);
  return {
    year,
    ramazan: inYear(days.ramazan),
    qurban: inYear(days.qurban),
    novruz: usualNovruz(year),
    offDays: inYear(days.offDays),
    workedDays: inYear(days.workedDays),
    act: '',
    basis,
  };
}
