/**
 * The offset of Baku from UTC at an instant, in milliseconds: +4 hours, and +5 in the summers of 1997–2015.
 *
 * Summer time was given up in March 2016. Its change in both directions was at 00:00 UTC on the last Sunday of March and of
 * October. Instants before 1997 are given +4; the program holds none.
 *
 * Source: azerbaijan.md §7 (time zone); tz database, rule Azer.
 */
export function bakuOffsetMs(atMs: number): number {
  const year = new Date(atMs).getUTCFullYear();
  if (year < 1997 || year > 2015) return 4 * hourMs;
  return atMs >= lastSundayAtMs(year, 3) && atMs < lastSundayAtMs(year, 10) ? 5 * hourMs : 4 * hourMs;
}

const hourMs = 3_600_000;

/** 00:00 UTC on the last Sunday of a month that has 31 days. */
function lastSundayAtMs(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month - 1, 31));
  return Date.UTC(year, month - 1, 31 - lastDay.getUTCDay());
}
