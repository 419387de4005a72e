import { accepted, refused, type CheckResult } from './check-result.ts';

export type UserIdCode = 'USER_ID_EMPTY' | 'USER_ID_LENGTH' | 'USER_ID_CHARACTER';
export type UserIdNote = 'SPACES_REMOVED';

/**
 * The User ID of an Asan İmza SIM: six digits, a text, so that leading zeros are kept.
 *
 * Source: CR-06; azerbaijan.md §5.
 */
export function checkUserId(input: string): CheckResult<UserIdCode, UserIdNote> {
  const userId = input.replace(/\s+/gu, '');
  if (userId === '') return refused('USER_ID_EMPTY');
  if (!/^\d+$/u.test(userId)) return refused('USER_ID_CHARACTER');
  if (userId.length !== 6) return refused('USER_ID_LENGTH');
  return accepted(userId, userId === input ? [] : ['SPACES_REMOVED']);
}
