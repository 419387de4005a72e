import { normaliseText } from '../language/normalise.ts';
import { accepted, refused, type CheckResult } from './check-result.ts';

export type NameCode = 'NAME_EMPTY' | 'NAME_TOO_LONG' | 'NAME_CONTROL_CHARACTER' | 'NAME_DIGITS_ONLY' | 'NAME_CHARACTER' | 'NAME_NO_LETTER';
export type NameNote = 'NAME_SPACES_CHANGED' | 'NAME_LETTER_FORM_CHANGED' | 'NAME_APOSTROPHE_CHANGED' | 'NAME_MIXED_SCRIPTS';

/** The longest name that is taken, in characters. */
export const maxNameLength = 120;

/**
 * A surname, name or father's name as it is stored, or why it is none.
 *
 * Allowed are letters of any script, space, hyphen, apostrophe and dot; a single letter is a name. Anything else, `<` among it, is
 * refused because it is no letter, with the character in `params.character`. Latin and Cyrillic letters in one name are noted.
 *
 * Source: azerbaijan.md §7 (storing), §8.
 */
export function checkName(input: string): CheckResult<NameCode, NameNote> {
  const trimmed = input.trim();
  if (trimmed === '') return refused('NAME_EMPTY');
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029]/u.test(trimmed)) return refused('NAME_CONTROL_CHARACTER');
  const spelled = normaliseText(trimmed);
  const name = spelled.replace(/[’‘ʼʹ`´]/gu, "'");
  if ([...name].length > maxNameLength) return refused('NAME_TOO_LONG', { params: { limit: String(maxNameLength) } });
  if (/^[\p{N}\s]+$/u.test(name)) return refused('NAME_DIGITS_ONLY');
  const odd = /[^\p{L} '.-]/u.exec(name)?.[0];
  if (odd !== undefined) return refused('NAME_CHARACTER', { params: { character: odd } });
  if (!/\p{L}/u.test(name)) return refused('NAME_NO_LETTER');

  const notes: NameNote[] = [];
  if (input.replace(/\s+/gu, ' ').trim() !== input) notes.push('NAME_SPACES_CHANGED');
  if (spelled.replace(/\s+/gu, '') !== input.replace(/\s+/gu, '')) notes.push('NAME_LETTER_FORM_CHANGED');
  if (name !== spelled) notes.push('NAME_APOSTROPHE_CHANGED');
  if (/\p{Script=Latin}/u.test(name) && /\p{Script=Cyrillic}/u.test(name)) notes.push('NAME_MIXED_SCRIPTS');
  return accepted(name, notes);
}

/** A person's name in its parts; the father's name stands without oğlu or qızı and may be empty. */
export interface PersonName {
  readonly surname: string;
  readonly givenName: string;
  readonly fatherName: string;
  readonly sex: 'M' | 'F' | '';
}

/**
 * The full name as official papers print it: `Soyadı Adı Atasının adı oğlu` or `qızı`.
 *
 * The suffix is left out without a father's name (foreigners), without a known sex, and where the father's name already ends
 * in oğlu, qızı or in the old form -oviç, -ovna.
 *
 * Source: azerbaijan.md §8.
 */
export function printedFullName(name: PersonName): string {
  const fatherName = name.fatherName.trim();
  const parts = [name.surname.trim(), name.givenName.trim(), fatherName];
  const isComplete = /(?:^|\s)(?:oğlu|qızı)$|(?:oviç|yeviç|eviç|ovna|yevna|evna)$/iu.test(fatherName);
  if (fatherName !== '' && !isComplete) parts.push(fatherSuffix(name.sex));
  return parts.filter((part) => part !== '').join(' ');
}

/** `oğlu` for a man, `qızı` for a woman, nothing when the sex is not known. */
export function fatherSuffix(sex: 'M' | 'F' | ''): string {
  if (sex === '') return '';
  return sex === 'M' ? 'oğlu' : 'qızı';
}
