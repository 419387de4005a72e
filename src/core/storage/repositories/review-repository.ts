import type { Reader, Tx } from '../database.ts';
import { columnsOf, textOf } from './columns.ts';

/** What the supervisor said last of one act. Source: R-31 */
export interface ActReview {
  readonly actCommandId: string;
  readonly applicationId: string;
  readonly review: 'reviewed' | 'returned' | 'corrected';
  readonly reason: string;
  readonly byLogin: string;
  readonly byName: string;
  readonly atMs: number;
}

export function findReview(db: Reader, actCommandId: string): ActReview | undefined {
  const row = db.get('SELECT * FROM act_review WHERE act_command_id = @actCommandId', { actCommandId });
  if (row === undefined) return undefined;
  return {
    actCommandId,
    applicationId: textOf(row, 'application_id'),
    review: textOf(row, 'review') as ActReview['review'],
    reason: textOf(row, 'reason'),
    byLogin: textOf(row, 'by_login'),
    byName: textOf(row, 'by_name'),
    atMs: Number(row['at_ms']),
  };
}

export function saveReview(tx: Tx, review: ActReview): void {
  tx.run(
    `INSERT INTO act_review (act_command_id, application_id, review, reason, by_login, by_name, at_ms)
     VALUES (@actCommandId, @applicationId, @review, @reason, @byLogin, @byName, @atMs)
     ON CONFLICT (act_command_id) DO UPDATE SET review = @review, reason = @reason, by_login = @byLogin, by_name = @byName, at_ms = @atMs`,
    columnsOf(review),
  );
}
