import { z } from 'zod';
import type { Reader, Row } from '../storage/database.ts';
import { chainStart, linkHash } from './chain.ts';

export interface AuditVerdict {
  readonly rows: number;
  /** Null when the whole chain holds. */
  readonly firstBadSeq: number | null;
}

const recordSchema = z.object({ atMs: z.number(), act: z.string(), operatorLogin: z.string().default(''), deskEpoch: z.number().int() });
const pageRows = 2000;

/**
 * Recomputes the chain from the first row. A row is bad when its number leaves a gap, its link or hash does not hold, or a column says
 * something else than the signed record. Reads in pages; `pause` is awaited between them so a caller's loop stays free.
 */
export async function verifyAudit(db: Reader, deskId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<AuditVerdict> {
  let prev: Buffer = chainStart;
  let lastSeq = 0;
  for (;;) {
    const rows = db.all(
      'SELECT seq, at_ms, act, operator_login, rec, prev, h FROM audit WHERE seq > @lastSeq ORDER BY seq LIMIT @pageRows',
      {
        lastSeq,
        pageRows,
      },
    );
    for (const row of rows) {
      const seq = Number(row['seq']);
      if (seq !== lastSeq + 1 || !isGoodRow(row, deskId, prev)) return { rows: lastSeq, firstBadSeq: lastSeq + 1 };
      prev = row['h'] as Buffer;
      lastSeq = seq;
    }
    if (rows.length < pageRows) return { rows: lastSeq, firstBadSeq: null };
    await pause();
  }
}

const tailRows = 500;

/** The newest part of the chain only, for a copy or a start that must be quick; what stands before it is taken as it is. */
export function verifyAuditTail(db: Reader, deskId: string): AuditVerdict {
  const rows = db
    .all('SELECT seq, at_ms, act, operator_login, rec, prev, h FROM audit ORDER BY seq DESC LIMIT @tailRows', { tailRows })
    .reverse();
  const firstSeq = Number(rows[0]?.['seq'] ?? 1);
  let prev = firstSeq === 1 ? chainStart : (rows[0]?.['prev'] as Buffer);
  for (const [index, row] of rows.entries()) {
    const seq = firstSeq + index;
    if (Number(row['seq']) !== seq || !isGoodRow(row, deskId, prev)) return { rows: index, firstBadSeq: seq };
    prev = row['h'] as Buffer;
  }
  return { rows: rows.length, firstBadSeq: null };
}

/** Does the row follow `prev`, and do its columns say what its record says? */
export function isGoodRow(row: Row, deskId: string, prev: Buffer): boolean {
  const rec = row['rec'] as Buffer;
  const record = parseRecord(rec);
  return (
    record !== null &&
    prev.equals(row['prev'] as Buffer) &&
    linkHash({ deskId, deskEpoch: record.deskEpoch }, Number(row['seq']), prev, rec).equals(row['h'] as Buffer) &&
    record.atMs === row['at_ms'] &&
    record.act === row['act'] &&
    record.operatorLogin === row['operator_login']
  );
}

function parseRecord(rec: Buffer): z.infer<typeof recordSchema> | null {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(rec.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
