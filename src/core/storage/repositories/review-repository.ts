import type { Reader, Row, Tx } from '../database.ts';
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

/** Of many acts at once, by the act. */
export function listReviewsOf(db: Reader, actCommandIds: readonly string[]): Map<string, ActReview> {
  const rows = db.all('SELECT * FROM act_review WHERE act_command_id IN (SELECT value FROM json_each(@ids))', {
    ids: JSON.stringify(actCommandIds),
  });
  return new Map(rows.map((row) => [textOf(row, 'act_command_id'), reviewOf(row)]));
}

export function saveReview(tx: Tx, review: ActReview): void {
  tx.run(
    `INSERT INTO act_review (act_command_id, application_id, review, reason, by_login, by_name, at_ms)
     VALUES (@actCommandId, @applicationId, @review, @reason, @byLogin, @byName, @atMs)
     ON CONFLICT (act_command_id) DO UPDATE SET review = @review, reason = @reason, by_login = @byLogin, by_name = @byName, at_ms = @atMs`,
    columnsOf(review),
  );
}

function reviewOf(row: Row): ActReview {
  return {
    actCommandId: textOf(row, 'act_command_id'),
    applicationId: textOf(row, 'application_id'),
    review: textOf(row, 'review') as ActReview['review'],
    reason: textOf(row, 'reason'),
    byLogin: textOf(row, 'by_login'),
    byName: textOf(row, 'by_name'),
    atMs: Number(row['at_ms']),
  };
}
