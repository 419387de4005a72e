import { accepted, refused, type CheckResult } from './check-result.ts';
import { normaliseTypedCode, type TypedCodeNote } from './typed-code.ts';
import type { IdentityDocumentKind } from './vocabulary.ts';

/** Whose FİN it is: of a citizen, of a foreigner or stateless person, or a virtual one of a non-resident. */
export type FinPersonKind = 'citizen' | 'foreigner' | 'virtual';

export type FinCode =
  'FIN_EMPTY' | 'FIN_CHARACTER' | 'FIN_LETTER_O' | 'FIN_LETTER_I' | 'FIN_LENGTH' | 'FIN_CHECK_CHARACTER_TYPED' | 'FIN_LENGTH_NEEDS_PERMIT';

export type FinNote = TypedCodeNote | 'FIN_UNUSUAL';

/**
 * The FİN as it is stored, or why it is none.
 *
 * A citizen's has 7 characters, a foreigner's 5 to 7, where 5 and 6 stand only on permits and refugee cards; a virtual one has no
 * published format, so that an odd one is only noted. The letters O and I never occur: 0 and 1 are suggested.
 *
 * Source: CR-07, CR-08; azerbaijan.md §1.
 */
export function checkFin(input: string, personKind: FinPersonKind, documentKind?: IdentityDocumentKind): CheckResult<FinCode, FinNote> {
  const { code, notes } = normaliseTypedCode(input);
  if (code === '') return refused('FIN_EMPTY');
  if (/[^0-9A-Zİı]/u.test(code)) return refused('FIN_CHARACTER');

  const isFormed = /^[0-9A-HJ-NP-Z]{5,7}$/u.test(code);
  if (personKind === 'virtual' && /^[0-9A-Z]+$/u.test(code)) return accepted<FinNote>(code, isFormed ? notes : [...notes, 'FIN_UNUSUAL']);

  const letterProblem = findForbiddenLetter(code);
  if (letterProblem) {
    const suggestion = withDigitsForLetters(code);
    return refused(letterProblem, { suggestion: checkFin(suggestion, personKind, documentKind).ok ? suggestion : undefined });
  }
  const lengthProblem = findLengthProblem(code.length, personKind, documentKind);
  if (lengthProblem === 'FIN_CHECK_CHARACTER_TYPED') return refused(lengthProblem, { suggestion: code.slice(0, 7) });
  return lengthProblem ? refused(lengthProblem) : accepted(code, notes);
}

/** Whether the document kind may carry a FİN of 5 or 6 characters. Source: CR-08 */
export function carriesShortFin(documentKind: IdentityDocumentKind | undefined): boolean {
  return documentKind === 'permanent_permit' || documentKind === 'temporary_permit' || documentKind === 'refugee_card';
}

function findForbiddenLetter(code: string): 'FIN_LETTER_O' | 'FIN_LETTER_I' | undefined {
  if (code.includes('O')) return 'FIN_LETTER_O';
  return /[Iİı]/u.test(code) ? 'FIN_LETTER_I' : undefined;
}

function withDigitsForLetters(code: string): string {
  return code.replaceAll('O', '0').replace(/[Iİı]/gu, '1');
}

function findLengthProblem(
  length: number,
  personKind: FinPersonKind,
  documentKind: IdentityDocumentKind | undefined,
): 'FIN_LENGTH' | 'FIN_CHECK_CHARACTER_TYPED' | 'FIN_LENGTH_NEEDS_PERMIT' | undefined {
  if (length === 7) return undefined;
  // The eighth character on the bottom line of the old card is its check character.
  if (length === 8) return 'FIN_CHECK_CHARACTER_TYPED';
  if (personKind === 'citizen' || length < 5 || length > 7) return 'FIN_LENGTH';
  return carriesShortFin(documentKind) ? undefined : 'FIN_LENGTH_NEEDS_PERMIT';
}
