import { civilDateOfDay, dayNumberOf, isValidCivilDate } from './civil-date.ts';
import type { Language } from './language.ts';
import { ordinal } from './ordinals.ts';
import { bakuOffsetMs } from './baku-time.ts';

const monthNames: Readonly<Record<Language, readonly string[]>> = {
  az: ['yanvar', 'fevral', 'mart', 'aprel', 'may', 'iyun', 'iyul', 'avqust', 'sentyabr', 'oktyabr', 'noyabr', 'dekabr'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  ru: ['январь', 'февраль', 'март', 'апрель', 'май', 'июнь', 'июль', 'август', 'сентябрь', 'октябрь', 'ноябрь', 'декабрь'],
};

/** Russian puts the month of a date into the genitive. */
const russianMonthsInDates: readonly string[] = [
  ...['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
];

const weekdayNames: Readonly<Record<Language, readonly string[]>> = {
  az: ['bazar ertəsi', 'çərşənbə axşamı', 'çərşənbə', 'cümə axşamı', 'cümə', 'şənbə', 'bazar'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  ru: ['понедельник', 'вторник', 'среда', 'четверг', 'пятница', 'суббота', 'воскресенье'],
};

const weekdayShortNames: Readonly<Record<Language, readonly string[]>> = {
  az: ['b.e.', 'ç.a.', 'ç.', 'c.a.', 'c.', 'ş.', 'b.'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  ru: ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'],
};

/** The name of month 1–12, standing alone. */
export function monthName(month: number, language: Language = 'az'): string {
  return nameAt(monthNames[language], month - 1);
}

/** The name of weekday 1 (Monday) – 7 (Sunday). */
export function weekdayName(weekday: number, language: Language = 'az'): string {
  return nameAt(weekdayNames[language], weekday - 1);
}

/** The short name of weekday 1 (Monday) – 7 (Sunday), for calendar heads. */
export function weekdayShortName(weekday: number, language: Language = 'az'): string {
  return nameAt(weekdayShortNames[language], weekday - 1);
}

/** `2026-03-09` as `09.03.2026`, in every language. A text that is no civil date is a bug of the caller and throws. */
export function formatDate(on: string): string {
  const { year, month, day } = partsOf(on);
  return `${day}.${month}.${year}`;
}

/** `2026-03-09` as `9 mart 2026`, `9 March 2026`, `9 марта 2026`. */
export function formatDateLong(on: string, language: Language = 'az'): string {
  const { year, month, day } = partsOf(on);
  const name = language === 'ru' ? nameAt(russianMonthsInDates, Number(month) - 1) : monthName(Number(month), language);
  return `${Number(day)} ${name} ${Number(year)}`;
}

/**
 * `2026-03-09` as official papers write it: `9 mart 2026-cı il`, `9 March 2026`, `9 марта 2026 года`.
 *
 * Source: azerbaijan.md §7 (dates, ordinal suffix of years).
 */
export function formatDateOfficial(on: string, language: Language = 'az'): string {
  if (language === 'en') return formatDateLong(on, 'en');
  if (language === 'ru') return `${formatDateLong(on, 'ru')} года`;
  const { year, month, day } = partsOf(on);
  return `${Number(day)} ${monthName(Number(month))} ${ordinal(Number(year))} il`;
}

/** The civil date in Baku at an instant. */
export function civilDateAt(atMs: number): string {
  return civilDateOfDay(Math.floor((atMs + bakuOffsetMs(atMs)) / dayMs));
}

/** The first instant of a civil date in Baku. */
export function startOfCivilDateAtMs(on: string): number {
  const utcMidnightAtMs = dayNumberOf(on) * dayMs;
  const standardAtMs = utcMidnightAtMs - standardOffsetMs;
  return utcMidnightAtMs - bakuOffsetMs(standardAtMs - 1);
}

/** The 24-hour time of day in Baku, `14:05`, or `14:05:09` when seconds are asked for. */
export function formatTime(atMs: number, precision: 'minutes' | 'seconds' = 'minutes'): string {
  const secondOfDay = Math.floor((((atMs + bakuOffsetMs(atMs)) % dayMs) + dayMs) / 1000) % 86_400;
  const hours = padded(Math.floor(secondOfDay / 3600));
  const minutes = padded(Math.floor(secondOfDay / 60) % 60);
  return precision === 'seconds' ? `${hours}:${minutes}:${padded(secondOfDay % 60)}` : `${hours}:${minutes}`;
}

/** An instant as `09.03.2026 14:05` in Baku, with seconds when asked for. */
export function formatDateTime(atMs: number, precision: 'minutes' | 'seconds' = 'minutes'): string {
  return `${formatDate(civilDateAt(atMs))} ${formatTime(atMs, precision)}`;
}

/**
 * The civil date a person typed, or undefined when it is none.
 *
 * Day first, as everywhere in the country: `7.3.1988`, `07/03/1988`, `7 3 1988`, `07-03-88`, `07031988`, `070388`; the stored form
 * `1988-03-07` is read too. A year of two digits means the latest such year not after `latestOn`; without it 00–49 means 20xx.
 *
 * Source: procedures.md C-61 (day.month.year everywhere).
 */
export function parseTypedDate(typed: string, latestOn?: string): string | undefined {
  const text = typed.trim();
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return isValidCivilDate(text) ? text : undefined;
  const parts = /^(\d{1,2})([./\- ])(\d{1,2})\2(\d{4}|\d{2})$/u.exec(text) ?? /^(\d{2})()(\d{2})(\d{4}|\d{2})$/u.exec(text);
  if (!parts) return undefined;
  const [, day = '', , month = '', year = ''] = parts;
  const dayAndMonth = `-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const candidates = year.length === 4 ? [year] : centuriesOf(year, latestOn);
  return candidates
    .map((candidate) => candidate + dayAndMonth)
    .find((on) => isValidCivilDate(on) && (latestOn === undefined || year.length === 4 || on <= latestOn));
}

function centuriesOf(twoDigits: string, latestOn: string | undefined): readonly string[] {
  if (latestOn !== undefined) return [`20${twoDigits}`, `19${twoDigits}`];
  return [Number(twoDigits) < 50 ? `20${twoDigits}` : `19${twoDigits}`];
}

const dayMs = 86_400_000;
const standardOffsetMs = 4 * 3_600_000;

function partsOf(on: string): { year: string; month: string; day: string } {
  if (!isValidCivilDate(on)) throw new RangeError('Not a civil date of the form YYYY-MM-DD');
  return { year: on.slice(0, 4), month: on.slice(5, 7), day: on.slice(8, 10) };
}

function nameAt(names: readonly string[], index: number): string {
  const name = names[index];
  if (name === undefined) throw new RangeError(`No name at index ${index}`);
  return name;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
