import { findClassOfAnswer } from '../../../shared/rules/sync-answers.ts';
import type { QueueRowData } from './page-data.ts';

/** The code under which a row's last answer is said: of one that was set aside for its size it is not true that smaller pieces go. */
export function answerOfRow({ state, lastAnswer }: Pick<QueueRowData, 'state' | 'lastAnswer'>): string {
  return state === 'parked' && findClassOfAnswer(lastAnswer) === 'size' ? 'TOO_LARGE_ALONE' : lastAnswer;
}
