import type { Reader, Row, SqlValue } from '../storage/database.ts';
import { createAnchorCheck } from './anchor-check.ts';
import { chainStart, createLinkHasher } from './chain.ts';
import { readRecord, type SealedRecord } from './record.ts';
import { createSealCheck } from './seal-check.ts';

export interface AuditVerdict {
  readonly rows: number;
  /** Null when the whole chain holds, and every seal and countersigned head on it. */
  readonly firstBadSeq: number | null;
  readonly seals: number;
  /** The last row under a seal that holds; what follows is sealed within minutes. */
  readonly sealedUptoSeq: number;
  /** The last row under a head that the registry has countersigned. */
  readonly countersignedUptoSeq: number;
}

const pageRows = 2000;
/** One text for the three blobs: a buffer for each would cost more than all the rest of a row. */
const columns = 'seq, at_ms, act, operator_login, lower(hex(prev) || hex(h)) || CAST(rec AS TEXT) AS link';
const selectPage = `SELECT ${columns} FROM audit WHERE seq > @lastSeq ORDER BY seq LIMIT @pageRows`;
const selectAll = `SELECT ${columns} FROM audit ORDER BY seq`;
const hashHexLength = 64;
type Values = readonly SqlValue[];

/**
 * Recomputes the chain from the first row. A row is bad when its number leaves a gap, its link or hash does not hold, or a column says
 * something else than the signed record; so are the rows under a seal, or up to a countersigned head, that says something else than the chain.
 * Reads in pages; `pause` is awaited between them so a caller's loop stays free. A reader that can hand over row after row is read without pauses.
 */
export async function verifyAudit(db: Reader, deskId: string, pause: () => Promise<void> = () => Promise.resolve()): Promise<AuditVerdict> {
  const judge = createRowJudge(deskId);
  const seals = createSealCheck(db, deskId);
  const anchors = createAnchorCheck(db);
  const take = (row: Values): boolean => {
    if (!judge.take(row)) return false;
    const seq = judge.lastSeq();
    if (row[2] === 'audit.seals_begun') seals.noteBegun(judge.record());
    return (
      (seq !== seals.nextSeq() || seals.take(judge.head())) &&
      (seq !== anchors.nextSeq() || anchors.take(judge.head(), judge.record().deskEpoch))
    );
  };
  const bad = (firstBadSeq: number): AuditVerdict => ({ ...whole(), rows: firstBadSeq - 1, firstBadSeq });
  const whole = () => ({
    rows: judge.lastSeq(),
    firstBadSeq: null,
    seals: seals.count(),
    sealedUptoSeq: seals.uptoSeq(),
    countersignedUptoSeq: anchors.uptoSeq(),
  });
  /** A row whose own link holds but whose seal does not: everything since the seal before it may have been written anew. */
  const firstBad = (): number => (judge.isBad() ? judge.lastSeq() + 1 : (seals.firstUnsealedSeq() ?? anchors.firstUnprovenSeq()));

  if (db.rows !== undefined) {
    for (const row of db.rows(selectAll)) if (!take(row)) return bad(firstBad());
  } else {
    for (;;) {
      const page = db.all(selectPage, { lastSeq: judge.lastSeq(), pageRows });
      for (const row of page) if (!take(valuesOf(row))) return bad(firstBad());
      if (page.length < pageRows) break;
      await pause();
    }
  }
  // A seal beyond the end: rows were cut off.
  if (seals.nextSeq() !== null) return bad(Math.min(judge.lastSeq() + 1, seals.nextSeq() ?? 1));
  const forged = await seals.firstForged();
  return forged === null ? whole() : bad(forged);
}

function valuesOf(row: Row): Values {
  return [row['seq'] ?? null, row['at_ms'] ?? null, row['act'] ?? null, row['operator_login'] ?? null, row['link'] ?? linkOf(row)];
}

/** Of a row that came with its blobs. */
function linkOf(row: Row): string {
  const hex = (name: string): string => Buffer.from(row[name] as Uint8Array).toString('hex');
  return `${hex('prev')}${hex('h')}${Buffer.from(row['rec'] as Uint8Array).toString('utf8')}`;
}

/** Judges row after row of one chain. */
function createRowJudge(deskId: string, from: { readonly seq: number; readonly prev: Uint8Array } = { seq: 0, prev: chainStart }) {
  const hasher = createLinkHasher(deskId);
  let head = Buffer.from(from.prev).toString('hex');
  let lastSeq = from.seq;
  let last: SealedRecord = { atMs: 0, act: '', deskEpoch: 1 };
  let isBad = false;
  return {
    take(row: Values): boolean {
      const [seq, atMs, act, operatorLogin, link] = row as [number, number, string, string, string];
      const rec = link.slice(2 * hashHexLength);
      const record = seq === lastSeq + 1 && link.startsWith(head) ? readRecord(rec) : null;
      const h = link.slice(hashHexLength, 2 * hashHexLength);
      if (
        record === null ||
        record.atMs !== atMs ||
        record.act !== act ||
        (record.operatorLogin ?? '') !== operatorLogin ||
        hasher.hash(record.deskEpoch, seq, head, rec) !== h
      ) {
        isBad = true;
        return false;
      }
      head = h;
      lastSeq = seq;
      last = record;
      return true;
    },
    lastSeq: () => lastSeq,
    /** Hash and record of the row that was taken last. */
    head: () => head,
    record: () => last,
    isBad: () => isBad,
  };
}

const tailRows = 500;

/** The newest part of the chain only, for a copy or a start that must be quick; what stands before it is taken as it is. */
export function verifyAuditTail(db: Reader, deskId: string): { readonly rows: number; readonly firstBadSeq: number | null } {
  const rows = db
    .all('SELECT seq, at_ms, act, operator_login, rec, prev, h FROM audit ORDER BY seq DESC LIMIT @tailRows', { tailRows })
    .reverse();
  const firstSeq = Number(rows[0]?.['seq'] ?? 1);
  const judge = createRowJudge(deskId, { seq: firstSeq - 1, prev: firstSeq === 1 ? chainStart : (rows[0]?.['prev'] as Buffer) });
  for (const [index, row] of rows.entries()) if (!judge.take(valuesOf(row))) return { rows: index, firstBadSeq: firstSeq + index };
  return { rows: rows.length, firstBadSeq: null };
}

/** Does the row follow `prev`, and do its columns say what its record says? */
export function isGoodRow(row: Row, deskId: string, prev: Buffer): boolean {
  return createRowJudge(deskId, { seq: Number(row['seq']) - 1, prev }).take(valuesOf(row));
}
