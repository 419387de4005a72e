import { hash } from 'node:crypto';
import type { Reader, Tx } from '../storage/database.ts';
import { canonicalJson, sha256 } from '../platform/canonical.ts';

/** `prev` of the first row. */
export const chainStart = Buffer.alloc(32);

export interface ChainIdentity {
  readonly deskId: string;
  readonly deskEpoch: number;
}

/** What a row says. Empty texts are not stored; whoever reads the record takes a missing text as empty. */
export interface AuditEntry {
  readonly atMs: number;
  readonly monoMs: number;
  readonly bootId: string;
  readonly act: string;
  readonly operatorId: string;
  readonly operatorLogin: string;
  readonly role: string;
  readonly authMethod: string;
  readonly sessionId: string;
  readonly applicationId: string;
  readonly commandId: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditHead {
  readonly seq: number;
  readonly h: Buffer;
}

/** h = SHA-256(0x01 ‖ length of desk ‖ desk ‖ epoch ‖ seq ‖ prev ‖ rec); numbers are 64-bit big endian. */
export function linkHash(identity: ChainIdentity, seq: number, prev: Uint8Array, rec: Uint8Array): Buffer {
  const desk = Buffer.from(identity.deskId, 'utf8');
  const head = Buffer.alloc(3);
  head.writeUInt8(1, 0);
  head.writeUInt16BE(desk.length, 1);
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(identity.deskEpoch), 0);
  numbers.writeBigUInt64BE(BigInt(seq), 8);
  return sha256(Buffer.concat([head, desk, numbers, prev, rec]));
}

/** `linkHash` for many rows of one desk, on texts as they come out of SQLite: what stays the same is laid out once. Answers hex. */
export function createLinkHasher(deskId: string) {
  const desk = Buffer.from(deskId, 'utf8');
  const prevAt = 3 + desk.length + 16;
  const recAt = prevAt + 32;
  let buffer = Buffer.alloc(recAt + 4096);
  const begin = (): void => {
    buffer.writeUInt8(1, 0);
    buffer.writeUInt16BE(desk.length, 1);
    desk.copy(buffer, 3);
  };
  begin();
  return {
    hash(deskEpoch: number, seq: number, prevHex: string, rec: string): string {
      if (recAt + 3 * rec.length > buffer.length) {
        buffer = Buffer.alloc(recAt + 6 * rec.length);
        begin();
      }
      // Both are far below 2^53, and the upper half of a 64-bit number is its quotient.
      buffer.writeUInt32BE(Math.floor(deskEpoch / 0x1_0000_0000), prevAt - 16);
      buffer.writeUInt32BE(deskEpoch % 0x1_0000_0000, prevAt - 12);
      buffer.writeUInt32BE(Math.floor(seq / 0x1_0000_0000), prevAt - 8);
      buffer.writeUInt32BE(seq % 0x1_0000_0000, prevAt - 4);
      buffer.write(prevHex, prevAt, 'hex');
      const end = recAt + buffer.write(rec, recAt, 'utf8');
      return hash('sha256', buffer.subarray(0, end), 'hex');
    },
  };
}

export function readAuditHead(db: Reader): AuditHead {
  const row = db.get('SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1');
  return row === undefined ? { seq: 0, h: chainStart } : { seq: Number(row['seq']), h: row['h'] as Buffer };
}

/** Appends one row to the chain, inside the act's own transaction. Answers the new head. */
export function appendAudit(tx: Tx, identity: ChainIdentity, entry: AuditEntry, head: AuditHead = readAuditHead(tx)): AuditHead {
  const seq = head.seq + 1;
  const rec = Buffer.from(canonicalJson({ ...withoutEmpty(entry), deskEpoch: identity.deskEpoch }), 'utf8');
  const h = linkHash(identity, seq, head.h, rec);
  tx.run('INSERT INTO audit(seq, at_ms, act, operator_login, rec, prev, h) VALUES (@seq, @atMs, @act, @operatorLogin, @rec, @prev, @h)', {
    seq,
    atMs: entry.atMs,
    act: entry.act,
    operatorLogin: entry.operatorLogin,
    rec,
    prev: head.h,
    h,
  });
  return { seq, h };
}

/** Empty texts are left out of the record: most rows of the exchange have no operator. */
function withoutEmpty(entry: AuditEntry): Partial<AuditEntry> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== ''));
}
