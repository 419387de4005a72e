import { accepted, refused, type CheckResult } from './check-result.ts';
import type { Category } from './vocabulary.ts';

export type VoenCode = 'VOEN_EMPTY' | 'VOEN_LENGTH' | 'VOEN_LEADING_ZERO' | 'VOEN_CHARACTER' | 'VOEN_STATUS_DIGIT' | 'VOEN_CHECK_DIGIT';
export type VoenNote = 'SPACES_REMOVED';

/**
 * The VÖEN as ten digits, or why it is none.
 *
 * Nine digits that become valid with a zero in front are refused with that suggestion, because the zero is often dropped.
 * A wrong check digit names the digit that was expected (`params.expected`); such a number is not sent as a query.
 *
 * Source: azerbaijan.md §2.
 */
export function checkVoen(input: string): CheckResult<VoenCode, VoenNote> {
  const voen = input.replace(/\s+/gu, '');
  if (voen === '') return refused('VOEN_EMPTY');
  if (voen.length === 9) {
    const suggestion = `0${voen}`;
    return findVoenProblem(suggestion) ? refused('VOEN_LENGTH') : refused('VOEN_LEADING_ZERO', { suggestion });
  }
  const problem = findVoenProblem(voen);
  if (problem === 'VOEN_CHECK_DIGIT') {
    const expected = voenCheckDigit(voen);
    return refused(problem, expected === undefined ? {} : { params: { expected } });
  }
  if (problem) return refused(problem);
  return accepted(voen, voen === input ? [] : ['SPACES_REMOVED']);
}

/** Whether a VÖEN belongs to a legal person or to a natural person, by its last digit. */
export function voenHolderKind(voen: string): 'legal' | 'natural' | undefined {
  if (voen.endsWith('1')) return 'legal';
  return voen.endsWith('2') ? 'natural' : undefined;
}

/**
 * Whether a valid VÖEN can be the one of the category's business: an individual taxpayer's for K1b and K2, a legal person's for
 * K3 to K6. A category without a business of its own fits no VÖEN.
 *
 * Source: azerbaijan.md §2 (validator); procedures.md §4.1.
 */
export function voenKindFits(category: Category, voen: string): boolean {
  const holder = voenHolderKind(voen);
  switch (category) {
    case 'K1':
      return false;
    case 'K1b':
    case 'K2':
      return holder === 'natural';
    case 'K3':
    case 'K4':
    case 'K5':
    case 'K6':
      return holder === 'legal';
  }
}

function findVoenProblem(voen: string): 'VOEN_LENGTH' | 'VOEN_CHARACTER' | 'VOEN_STATUS_DIGIT' | 'VOEN_CHECK_DIGIT' | undefined {
  if (voen.length !== 10) return 'VOEN_LENGTH';
  if (!/^\d{10}$/u.test(voen)) return 'VOEN_CHARACTER';
  if (voenHolderKind(voen) === undefined) return 'VOEN_STATUS_DIGIT';
  return voen.charAt(8) === voenCheckDigit(voen) ? undefined : 'VOEN_CHECK_DIGIT';
}

const weights = [4, 1, 8, 6, 2, 7, 5, 3];

/** The ninth digit that belongs to the first eight; none when the remainder is 10, which is never issued. */
function voenCheckDigit(voen: string): string | undefined {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(voen.charAt(index)), 0);
  const remainder = sum % 11;
  return remainder === 10 ? undefined : String(remainder);
}
