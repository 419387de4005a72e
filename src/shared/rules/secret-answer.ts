import { foldForSearch } from '../language/normalise.ts';

/** Questions offered by default, as keys of the catalogues; the holder may write another. Source: Əlavə 1 block 6 */
export const secretQuestionKeys = [
  'mother_maiden_name',
  'first_school',
  'first_teacher',
  'childhood_friend',
  'birth_village',
  'favourite_book',
] as const;

/** Shortest answer after folding. One guess in the alphabet would be too easy over the telephone. */
export const minSecretAnswerLength = 3;
export const maxSecretAnswerLength = 200;

/**
 * The form of the answer that is hashed and later compared by telephone: small letters, Azerbaijani letters by their Latin neighbours,
 * one space between words, no punctuation at the ends. It is never stored or shown.
 * Source: SUS-42
 */
export function foldSecretAnswer(text: string): string {
  return foldForSearch(text).replace(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');
}

/** `null` when the answer can be kept. */
export function findSecretAnswerProblem(text: string): 'REQUIRED' | 'SECRET_TOO_SHORT' | 'TOO_LONG' | null {
  const folded = foldSecretAnswer(text);
  if (folded === '') return 'REQUIRED';
  if (text.length > maxSecretAnswerLength) return 'TOO_LONG';
  return [...folded.replaceAll(' ', '')].length < minSecretAnswerLength ? 'SECRET_TOO_SHORT' : null;
}
