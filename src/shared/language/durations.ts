import type { Language } from './language.ts';

type DurationUnit = 'year' | 'day' | 'hour' | 'minute' | 'second';

const unitNames: Readonly<Record<Language, Readonly<Record<DurationUnit, string>>>> = {
  az: { year: 'il', day: 'gün', hour: 'saat', minute: 'dəq', second: 'san' },
  en: { year: 'y', day: 'd', hour: 'h', minute: 'min', second: 's' },
  ru: { year: 'г.', day: 'д', hour: 'ч', minute: 'мин', second: 'с' },
};

const unitMs: readonly (readonly [DurationUnit, number])[] = [
  // Of 365 days: a clock that is wrong by years is told in years.
  ['year', 31_536_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/**
 * A length of time in words, in at most two neighbouring units: `2 saat 5 dəq`, `3 gün`, `45 san`.
 *
 * What is smaller is cut off, never rounded up, so that a time left is never shown longer than it is. A length below zero
 * has a minus sign in front; the caller knows the word for being late.
 */
export function formatDuration(durationMs: number, language: Language = 'az'): string {
  if (!Number.isFinite(durationMs)) throw new RangeError('Only finite lengths of time have a written form');
  const names = unitNames[language];
  let restMs = Math.abs(durationMs);
  const parts: string[] = [];
  let unitsLeft = 2;
  for (const [unit, ms] of unitMs) {
    const count = Math.floor(restMs / ms);
    restMs -= count * ms;
    if (count > 0) parts.push(`${count} ${names[unit]}`);
    if (parts.length > 0) unitsLeft -= 1;
    if (unitsLeft === 0) break;
  }
  if (parts.length === 0) return `0 ${names.second}`;
  return (durationMs < 0 ? '-' : '') + parts.join(' ');
}

/**
 * A measured length, such as how far a clock has jumped: as `formatDuration`, but rounded to the nearest second, from an hour
 * on to the nearest minute, and at least one second. What is measured is some milliseconds off, and cutting those off would
 * turn ten days into `9 gün 23 saat`.
 */
export function formatMeasuredDuration(durationMs: number, language: Language = 'az'): string {
  const stepMs = Math.abs(durationMs) < 3_600_000 ? 1000 : 60_000;
  return formatDuration(Math.max(1000, Math.round(Math.abs(durationMs) / stepMs) * stepMs), language);
}
