import type { Language } from './language.ts';

interface NumberSigns {
  readonly group: string;
  readonly decimal: string;
}

const signs: Readonly<Record<Language, NumberSigns>> = {
  az: { group: '.', decimal: ',' },
  en: { group: ',', decimal: '.' },
  ru: { group: '\u00a0', decimal: ',' },
};

/**
 * A number with grouped thousands: `1.234.567,89`.
 *
 * `decimals` fixes the number of digits after the comma; without it as many are shown as the number has, at most 3.
 * A half is rounded away from zero. Not finite numbers are a bug and throw.
 *
 * Source: azerbaijan.md §7 (numbers).
 */
export function formatNumber(value: number, decimals?: number, language: Language = 'az'): string {
  if (!Number.isFinite(value)) throw new RangeError('Only finite numbers have a written form');
  const [whole, fraction] = decimalDigits(Math.abs(value), decimals ?? 3);
  const shown = decimals === undefined ? fraction.replace(/0+$/u, '') : fraction;
  const isZero = /^0*$/u.test(whole + shown);
  const { group, decimal } = signs[language];
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/gu, group);
  return `${value < 0 && !isZero ? '-' : ''}${grouped}${shown === '' ? '' : decimal + shown}`;
}

/**
 * An amount, given in qəpik, with the sign of the manat: `1.234.567,50 ₼`.
 *
 * Source: azerbaijan.md §7 (money; 1 manat = 100 qəpik).
 */
export function formatMoney(amountQepik: number, language: Language = 'az'): string {
  return `${manats(amountQepik, language)} ₼`;
}

/** An amount, given in qəpik, as official papers write it: `18 AZN`, `18,50 AZN`. */
export function formatMoneyOfficial(amountQepik: number, language: Language = 'az'): string {
  const text = manats(amountQepik, language);
  return `${amountQepik % 100 === 0 ? text.slice(0, -3) : text} AZN`;
}

/**
 * The number a person typed in the form of the language, or undefined when it is none.
 *
 * Thousands may be grouped or not, but a wrongly grouped number is refused: `1.5` is not guessed to be one and a half.
 */
export function parseNumber(typed: string, language: Language = 'az'): number | undefined {
  const { group, decimal } = signs[language];
  const text = typed
    .trim()
    .replaceAll('\u2212', '-')
    .replaceAll(/[\u00a0\u202f]/gu, ' ');
  const groupSign = group === '\u00a0' ? ' ' : group;
  const shape = new RegExp(`^-?(?:\\d+|\\d{1,3}(?:[${groupSign}]\\d{3})+)(?:[${decimal}]\\d+)?$`, 'u');
  if (!shape.test(text)) return undefined;
  return Number(text.replaceAll(groupSign, '').replace(decimal, '.'));
}

const byteUnits: Readonly<Record<Language, readonly string[]>> = {
  az: ['bayt', 'KB', 'MB', 'GB', 'TB'],
  en: ['bytes', 'KB', 'MB', 'GB', 'TB'],
  ru: ['байт', 'КБ', 'МБ', 'ГБ', 'ТБ'],
};

/** A size for people, in steps of 1024: `512 bayt`, `1,5 MB`. */
export function formatBytes(bytes: number, language: Language = 'az'): string {
  const units = byteUnits[language];
  let value = bytes;
  let unit = 0;
  // 1023.95 and more would be rounded to 1024,0 of the smaller unit.
  while (Math.abs(value) >= (unit === 0 ? 1024 : 1023.95) && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const isShort = unit > 0 && Math.abs(value) < 9.95;
  const rounded = isShort ? Math.round(value * 10) / 10 : Math.round(value);
  return `${formatNumber(rounded, undefined, language)} ${units[unit] ?? ''}`;
}

function manats(amountQepik: number, language: Language): string {
  if (!Number.isSafeInteger(amountQepik)) throw new RangeError('An amount is a whole number of qəpik');
  const whole = formatNumber(Math.trunc(Math.abs(amountQepik) / 100), 0, language);
  const rest = String(Math.abs(amountQepik) % 100).padStart(2, '0');
  return `${amountQepik < 0 ? '-' : ''}${whole}${signs[language].decimal}${rest}`;
}

/** The whole and the fraction digits of a number that is not negative, rounded half up on its shortest decimal form. */
function decimalDigits(value: number, decimals: number): readonly [string, string] {
  const scaled = value < 1e15 ? Math.round(Number(`${value}e${decimals}`)) : Number.NaN;
  const text = Number.isSafeInteger(scaled) ? String(scaled).padStart(decimals + 1, '0') : undefined;
  if (text === undefined) return [BigInt(Math.round(value)).toString(), '0'.repeat(decimals)];
  const split = text.length - decimals;
  return [text.slice(0, split), text.slice(split)];
}
