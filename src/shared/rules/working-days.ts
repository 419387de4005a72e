import { civilDateOfDay, dayNumberOf, yearOf } from '../language/civil-date.ts';
import { civilDateAt, startOfCivilDateAtMs } from '../language/dates.ts';
import {
  azerbaijanYears,
  coincidenceRuleFromYear,
  fixedHolidays,
  mourningMonthDay,
  usualNovruz,
  type CalendarYear,
} from './working-day-calendar.ts';

/** Which days are worked, on one timeline over many years. Made by `buildWorkingCalendar`. */
export interface WorkingCalendar {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Non-working days other than plain weekends, and weekends that became days off by themselves, as day numbers. */
  readonly nonWorkingDays: ReadonlySet<number>;
  readonly workedDays: ReadonlySet<number>;
  readonly years: readonly CalendarYear[];
}

/**
 * Makes the calendar of the years named, by the method of the yearly lists.
 *
 * One timeline over all years: holidays, the mourning day, days swapped off. Each run of adjoining non-working days is walked in
 * order; in a run first each holiday on a Saturday or Sunday, then each Ramazan or Qurban day that is also another holiday,
 * gives one more day off: the next free working day. Saturdays swapped on are worked.
 *
 * Source: Labour Code art. 105(5), (6); azerbaijan.md §6 (method).
 */
export function buildWorkingCalendar(years: readonly CalendarYear[], firstYear = 2015, lastYear = 2060): WorkingCalendar {
  const timeline = new Timeline(years, firstYear, lastYear);
  timeline.moveHolidays();
  return {
    firstDay: dayNumberOf(`${firstYear}-01-01`),
    lastDay: dayNumberOf(`${lastYear}-12-31`),
    nonWorkingDays: timeline.nonWorking,
    workedDays: timeline.worked,
    years,
  };
}

/** Whether a date is a working day. A date outside the calendar is a bug and throws a RangeError. */
export function isWorkingDay(on: string, calendar: WorkingCalendar = azerbaijanCalendar): boolean {
  const day = dayNumberOf(on);
  if (day < calendar.firstDay || day > calendar.lastDay) throw new RangeError(`The calendar does not reach ${on}`);
  if (calendar.workedDays.has(day)) return true;
  return !isWeekend(day) && !calendar.nonWorkingDays.has(day);
}

/**
 * The date that is so many working days after an event's date, which itself is not counted; with 0 the date itself when it is
 * worked, or else the next working day.
 *
 * Source: azerbaijan.md §6 (counting).
 */
export function addWorkingDays(fromOn: string, workingDays: number, calendar: WorkingCalendar = azerbaijanCalendar): string {
  if (!Number.isSafeInteger(workingDays) || workingDays < 0) throw new RangeError('Working days are counted forward in whole days');
  if (workingDays === 0) return nextWorkingDayFrom(fromOn, calendar);
  let day = dayNumberOf(fromOn);
  for (let left = workingDays; left > 0;) {
    day += 1;
    if (isWorkingDay(civilDateOfDay(day), calendar)) left -= 1;
  }
  return civilDateOfDay(day);
}

/** The date itself when it is worked, or else the next working day: where a period ends whose last day is non-working. */
export function nextWorkingDayFrom(on: string, calendar: WorkingCalendar = azerbaijanCalendar): string {
  let day = dayNumberOf(on);
  while (!isWorkingDay(civilDateOfDay(day), calendar)) day += 1;
  return civilDateOfDay(day);
}

/** How many working days lie after one date, up to and with another; 0 when the other is not later. */
export function countWorkingDays(afterOn: string, untilOn: string, calendar: WorkingCalendar = azerbaijanCalendar): number {
  let count = 0;
  for (let day = dayNumberOf(afterOn) + 1; day <= dayNumberOf(untilOn); day += 1) {
    if (isWorkingDay(civilDateOfDay(day), calendar)) count += 1;
  }
  return count;
}

/**
 * The last millisecond of a period of so many working days after an event: the end, in Baku, of its last day.
 *
 * Source: azerbaijan.md §6 (counting).
 */
export function workingDayDueAtMs(eventAtMs: number, workingDays: number, calendar: WorkingCalendar = azerbaijanCalendar): number {
  const dueOn = addWorkingDays(civilDateAt(eventAtMs), workingDays, calendar);
  return startOfCivilDateAtMs(civilDateOfDay(dayNumberOf(dueOn) + 1)) - 1;
}

/**
 * The years of a period whose movable holidays are not known, or not confirmed, so that a due date in them may still change.
 */
export function listUnconfirmedYears(fromOn: string, toOn: string, calendar: WorkingCalendar = azerbaijanCalendar): number[] {
  const confirmed = new Set(calendar.years.filter(({ basis }) => basis === 'published').map(({ year }) => year));
  const unconfirmed: number[] = [];
  for (let year = yearOf(fromOn); year <= yearOf(toOn); year += 1) if (!confirmed.has(year)) unconfirmed.push(year);
  return unconfirmed;
}

/** The timeline while it is being made. */
class Timeline {
  readonly nonWorking = new Set<number>();
  readonly worked = new Set<number>();
  /** Holidays that give a day off when they fall on a weekend. */
  private readonly holidays = new Set<number>();
  /** Ramazan and Qurban days that are also another holiday. */
  private readonly coincidences = new Set<number>();
  private readonly firstDay: number;
  private readonly lastDay: number;

  constructor(years: readonly CalendarYear[], firstYear: number, lastYear: number) {
    this.firstDay = dayNumberOf(`${firstYear}-01-01`);
    this.lastDay = dayNumberOf(`${lastYear}-12-31`);
    const entries = new Map(years.map((entry) => [entry.year, entry]));
    for (let year = firstYear; year <= lastYear; year += 1) this.addYear(year, entries.get(year));
  }

  moveHolidays(): void {
    for (let day = this.firstDay; day <= this.lastDay; day += 1) {
      if (this.isNonWorking(day)) day = this.settleRun(day);
    }
  }

  private addYear(year: number, entry: CalendarYear | undefined): void {
    const plain = fixedHolidays.filter(({ fromYear }) => year >= fromYear).map(({ monthDay }) => `${year}-${monthDay}`);
    const others = new Set([...plain, ...(entry?.novruz ?? usualNovruz(year))].map(dayNumberOf));
    const feasts = [...(entry?.ramazan ?? []), ...(entry?.qurban ?? [])].map(dayNumberOf);
    for (const day of [...others, ...feasts]) {
      this.holidays.add(day);
      this.nonWorking.add(day);
    }
    for (const day of feasts) if (others.has(day) && year >= coincidenceRuleFromYear) this.coincidences.add(day);
    this.nonWorking.add(dayNumberOf(`${year}-${mourningMonthDay}`));
    for (const on of entry?.offDays ?? []) this.nonWorking.add(dayNumberOf(on));
    for (const on of entry?.workedDays ?? []) this.worked.add(dayNumberOf(on));
  }

  /** Gives the days off that a run owes, each of which may lengthen the run; answers its last day. */
  private settleRun(firstDay: number): number {
    const settledWeekends = new Set<number>();
    const settledCoincidences = new Set<number>();
    for (;;) {
      const lastDay = this.endOfRun(firstDay);
      const run = Array.from({ length: lastDay - firstDay + 1 }, (_, index) => firstDay + index);
      const weekend = run.find((day) => isWeekend(day) && this.holidays.has(day) && !settledWeekends.has(day));
      const coincidence = run.find((day) => this.coincidences.has(day) && !settledCoincidences.has(day));
      if (weekend === undefined && coincidence === undefined) return lastDay;
      if (weekend !== undefined) settledWeekends.add(weekend);
      else if (coincidence !== undefined) settledCoincidences.add(coincidence);
      this.nonWorking.add(this.nextFreeDay(lastDay));
    }
  }

  /** The run before has no gap, so this is the day after it, unless that is a weekend swapped on. */
  private nextFreeDay(lastDayOfRun: number): number {
    let day = lastDayOfRun + 1;
    while (this.worked.has(day) || this.isNonWorking(day)) day += 1;
    return day;
  }

  private endOfRun(firstDay: number): number {
    let day = firstDay;
    while (this.isNonWorking(day + 1)) day += 1;
    return day;
  }

  private isNonWorking(day: number): boolean {
    return !this.worked.has(day) && (isWeekend(day) || this.nonWorking.has(day));
  }
}

/** Day 0, 1 January 1970, was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday >= 5;
}

/** The calendar of the data that come with the program. */
export const azerbaijanCalendar: WorkingCalendar = buildWorkingCalendar(azerbaijanYears);
