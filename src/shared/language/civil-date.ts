/**
 * Arithmetic on civil dates, texts of the form YYYY-MM-DD without a time zone. Text order is date order.
 * All functions but `isValidCivilDate` throw a RangeError for a text that is no date: passing one is a bug.
 */

/** Whether a text is a date that exists, of the years 1000–9999. */
export function isValidCivilDate(text: string): boolean {
  return findDayNumber(text) !== undefined;
}

/** Days since 1970-01-01. */
export function dayNumberOf(on: string): number {
  const day = findDayNumber(on);
  if (day === undefined) throw new RangeError('Not a civil date of the form YYYY-MM-DD');
  return day;
}

/** The civil date that is `day` days after 1970-01-01. */
export function civilDateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The date `days` later, or earlier when negative. */
export function addCivilDays(on: string, days: number): string {
  return civilDateOfDay(dayNumberOf(on) + days);
}

/** How many days lie from one date to the other; negative when `toOn` is earlier. */
export function civilDaysBetween(fromOn: string, toOn: string): number {
  return dayNumberOf(toOn) - dayNumberOf(fromOn);
}

/** The same day of the month so many years later; 29 February becomes 28 February where there is none. */
export function addCivilYears(on: string, years: number): string {
  const year = String(yearOf(on) + years).padStart(4, '0');
  const moved = year + on.slice(4);
  return isValidCivilDate(moved) ? moved : `${year}-02-28`;
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(on: string): number {
  return ((((dayNumberOf(on) + 3) % 7) + 7) % 7) + 1;
}

/** The year of a date. */
export function yearOf(on: string): number {
  dayNumberOf(on);
  return Number(on.slice(0, 4));
}

const dayMs = 86_400_000;

function findDayNumber(text: string): number | undefined {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/u.test(text)) return undefined;
  const atMs = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)));
  const day = atMs / dayMs;
  return civilDateOfDay(day) === text ? day : undefined;
}
