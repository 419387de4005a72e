import { accepted, refused, type CheckResult } from './check-result.ts';

export type IccidCode = 'ICCID_EMPTY' | 'ICCID_CHARACTER' | 'ICCID_LENGTH' | 'ICCID_PREFIX' | 'ICCID_CHECK_DIGIT';
export type IccidNote = 'SPACES_REMOVED' | 'ICCID_NOT_AZERBAIJANI' | 'ICCID_CHECK_DIGIT_DOUBTFUL';

/**
 * The number of a SIM card as 19 or 20 digits, or why it is none.
 *
 * The last digit is a Luhn digit; on a number of 20 digits, where cards differ, and on a foreign card a failed one is only noted.
 *
 * Source: azerbaijan.md §5 (ICCID).
 */
export function checkIccid(input: string): CheckResult<IccidCode, IccidNote> {
  const iccid = input.replace(/[\s-]+/gu, '');
  if (iccid === '') return refused('ICCID_EMPTY');
  if (!/^\d+$/u.test(iccid)) return refused('ICCID_CHARACTER');
  if (iccid.length !== 19 && iccid.length !== 20) return refused('ICCID_LENGTH');
  if (!iccid.startsWith('89')) return refused('ICCID_PREFIX');

  const isAzerbaijani = iccid.startsWith('89994');
  const hasLuhnDigit = isLuhnValid(iccid);
  if (!hasLuhnDigit && isAzerbaijani && iccid.length === 19) return refused('ICCID_CHECK_DIGIT');

  const notes: IccidNote[] = iccid === input ? [] : ['SPACES_REMOVED'];
  if (!isAzerbaijani) notes.push('ICCID_NOT_AZERBAIJANI');
  if (!hasLuhnDigit) notes.push('ICCID_CHECK_DIGIT_DOUBTFUL');
  return accepted(iccid, notes);
}

/** Whether the last digit of a row of digits is its Luhn digit. */
export function isLuhnValid(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((character, index) => {
    const digit = Number(character);
    if (index % 2 === 0) sum += digit;
    else sum += digit > 4 ? 2 * digit - 9 : 2 * digit;
  });
  return sum % 10 === 0;
}
