import { accepted, refused, type CheckResult } from './check-result.ts';

export { maskPhone } from './mask.ts';

export type PhoneCode = 'PHONE_EMPTY' | 'PHONE_CHARACTER' | 'PHONE_LENGTH' | 'PHONE_COUNTRY_MISSING' | 'PHONE_FOREIGN';
export type PhoneNote = 'PHONE_FORM_CHANGED' | 'PHONE_PREFIX_UNKNOWN';

/** Prefixes of the mobile networks. A number keeps its prefix when it changes the operator, so the prefix proves none. */
export const mobilePrefixes = ['10', '50', '51', '55', '60', '70', '77', '99'] as const;

/**
 * A mobile number as `+994` and nine digits, or why it is none.
 *
 * Read are the home form (0 and nine digits) and the forms with 994, +994 and 00994, with spaces, hyphens, dots and brackets.
 * Nine digits with a known prefix are refused with the full form as the suggestion; an unknown prefix is only noted.
 *
 * Source: azerbaijan.md §5.
 */
export function checkPhone(input: string): CheckResult<PhoneCode, PhoneNote> {
  const typed = input.replace(/[\s().\-\u2010-\u2015\u2212/]+/gu, '');
  if (typed === '') return refused('PHONE_EMPTY');
  if (!/^\+?\d+$/u.test(typed)) return refused('PHONE_CHARACTER');
  if (typed.length === 9 && hasKnownPrefix(typed)) return refused('PHONE_COUNTRY_MISSING', { suggestion: `+994${typed}` });

  const national = findNationalDigits(typed);
  if (national === undefined) return refused(/^(?:\+|00)(?!994)/u.test(typed) ? 'PHONE_FOREIGN' : 'PHONE_LENGTH');
  if (national.length !== 9) return refused('PHONE_LENGTH');

  const value = `+994${national}`;
  const notes: PhoneNote[] = value === input ? [] : ['PHONE_FORM_CHANGED'];
  if (!hasKnownPrefix(national)) notes.push('PHONE_PREFIX_UNKNOWN');
  return accepted(value, notes);
}

/** A stored number for reading: `+994 50 000 00 01`. Another text is given back as it is. */
export function formatPhone(phone: string): string {
  return phone.replace(/^\+994(\d{2})(\d{3})(\d{2})(\d{2})$/u, '+994 $1 $2 $3 $4');
}

function hasKnownPrefix(national: string): boolean {
  return mobilePrefixes.some((prefix) => national.startsWith(prefix));
}

/** What follows the country code or the home zero. */
function findNationalDigits(typed: string): string | undefined {
  return /^(?:\+994|00994|994(?=\d{9}$)|0(?!0))(\d*)$/u.exec(typed)?.[1];
}
