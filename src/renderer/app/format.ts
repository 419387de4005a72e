import { civilDateAt, formatDate, formatDateTime, formatTime } from '../../shared/language/dates.ts';
import { formatDuration, formatMeasuredDuration } from '../../shared/language/durations.ts';
import { formatPhone } from '../../shared/rules/phone.ts';

export { formatBytes, formatNumber } from '../../shared/language/numbers.ts';
export { civilDateAt, formatDate, formatDateTime, formatDuration, formatMeasuredDuration, formatPhone, formatTime };

/** Today: the time alone; another day: the date in front. */
export function formatMoment(atMs: number, nowMs: number): string {
  return civilDateAt(atMs) === civilDateAt(nowMs) ? formatTime(atMs) : formatDateTime(atMs);
}

/** A long code in groups of four, for reading aloud. */
export function groupCode(code: string): string {
  return code.replace(/(.{4})(?=.)/gu, '$1 ');
}
