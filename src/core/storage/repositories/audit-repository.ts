import type { Reader } from '../database.ts';
import { textOf } from './columns.ts';

export interface AuditRow {
  readonly seq: number;
  readonly atMs: number;
  readonly act: string;
  readonly operatorLogin: string;
  readonly role: string;
  readonly applicationId: string;
  readonly detail: Record<string, string | number | boolean>;
  readonly hash: string;
}

/** Newest first. An empty filter means every act, every operator. */
export function listAuditRows(
  db: Reader,
  filter: { readonly beforeSeq: number; readonly limit: number; readonly act: string; readonly operatorLogin: string },
): AuditRow[] {
  const rows = db.all(
    `SELECT seq, at_ms, act, operator_login, rec, h FROM audit
     WHERE seq < @beforeSeq AND (@act = '' OR act = @act) AND (@operatorLogin = '' OR operator_login = @operatorLogin)
     ORDER BY seq DESC LIMIT @limit`,
    { ...filter },
  );
  return rows.map((row) => {
    const record = JSON.parse(Buffer.from(row['rec'] as Uint8Array).toString('utf8')) as Partial<
      Pick<AuditRow, 'role' | 'applicationId' | 'detail'>
    >;
    return {
      seq: Number(row['seq']),
      atMs: Number(row['at_ms']),
      act: textOf(row, 'act'),
      operatorLogin: textOf(row, 'operator_login'),
      role: record.role ?? '',
      applicationId: record.applicationId ?? '',
      detail: record.detail ?? {},
      hash: Buffer.from(row['h'] as Uint8Array).toString('hex'),
    };
  });
}
