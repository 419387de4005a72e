import { randomBytes, sign } from 'node:crypto';
import { auditSealText, auditSealWhole, noSeal, sealsPerBatch, type AuditSeal } from '../../shared/registry-api/audit-seal.ts';
import { sha256 } from '../platform/canonical.ts';
import type { Reader, Row, Tx } from '../storage/database.ts';
import { readAuditHead } from './chain.ts';
import { nextSeed, publicKeyOf, signingKeyOf, type SealKeyStore, type SealSeed } from './seal-keys.ts';

export const rowsPerSeal = 100;

const columns = 'no, epoch, upto_seq, head, at_ms, prev, begins, key, next_key, sig';
const hex = (value: unknown): string => Buffer.from(value as Uint8Array).toString('hex');

export function sealOf(row: Row, deskId: string): AuditSeal {
  return {
    desk_id: deskId,
    epoch: Number(row['epoch']),
    no: Number(row['no']),
    upto_seq: Number(row['upto_seq']),
    head: hex(row['head']),
    at_ms: Number(row['at_ms']),
    prev: hex(row['prev']),
    begins: row['begins'] === 1,
    key: hex(row['key']),
    next_key: hex(row['next_key']),
    sig: String(row['sig']),
  };
}

export function sealHash(seal: AuditSeal): string {
  return sha256(auditSealWhole(seal)).toString('hex');
}

export function findNewestSeal(db: Reader, deskId: string): AuditSeal | null {
  const row = db.get(`SELECT ${columns} FROM audit_seal ORDER BY no DESC LIMIT 1`);
  return row === undefined ? null : sealOf(row, deskId);
}

/** In order, for verification and for the wire. */
export function listSeals(db: Reader, deskId: string, afterNo: number, limit: number): AuditSeal[] {
  return db
    .all(`SELECT ${columns} FROM audit_seal WHERE no > @afterNo ORDER BY no LIMIT @limit`, { afterNo, limit })
    .map((row) => sealOf(row, deskId));
}

/**
 * What travels with a batch: the seals after the last countersigned one, or from the one that the registry asked for, and always at least the newest.
 */
export function listSealsToShow(db: Reader, deskId: string, wantedNo: number | null): AuditSeal[] {
  const countersigned = Number(db.get('SELECT coalesce(max(no), 0) AS n FROM audit_seal_anchor')?.['n'] ?? 0);
  const newest = Number(db.get('SELECT coalesce(max(no), 0) AS n FROM audit_seal')?.['n'] ?? 0);
  const after = wantedNo === null ? Math.min(countersigned, newest - 1) : Math.min(wantedNo, newest) - 1;
  return listSeals(db, deskId, Math.max(0, after), sealsPerBatch);
}

export interface SealParts {
  readonly db: Reader & { transact<T>(work: (tx: Tx) => T): T };
  readonly deskId: string;
  readonly keys: SealKeyStore;
  readonly nowMs: () => number;
  /** Writes the audit row that a new series begins with this key. */
  readonly noteBegun: (keyHex: string) => void;
}

/**
 * Seals every full hundred of rows since the last seal; with `isAll` the rest as well. The seals and then the key: killed in between, the key is brought up
 * to the seals at the next call, for each follows from the one before. A key that does not follow (lost with the machine, or a database restored from a copy)
 * is replaced by a new series, said in the journal before. Answers how many seals were made.
 */
export function sealAudit(parts: SealParts, isAll: boolean): number {
  const { db, deskId, keys } = parts;
  let last = findNewestSeal(db, deskId);
  const from = last?.upto_seq ?? 0;
  const seqBefore = readAuditHead(db).seq;
  const isDue = (seq: number): boolean => seq - from >= rowsPerSeal || (isAll && seq > from);
  if (!isDue(seqBefore)) return 0;
  const usable = findUsableSeed(parts, last);
  const { begins } = usable;
  let current: SealSeed = usable.seed;
  const headSeq = readAuditHead(db).seq;
  const places = listPlaces(from, headSeq, { begins, isAll });
  db.transact((tx) => {
    const epoch = Number(tx.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1);
    for (const [index, uptoSeq] of places.entries()) {
      const signingKey = signingKeyOf(current.seed);
      const following: SealSeed = { no: current.no + 1, seed: nextSeed(current.seed) };
      const unsigned = {
        desk_id: deskId,
        epoch,
        no: current.no,
        upto_seq: uptoSeq,
        head: hex(tx.get('SELECT h FROM audit WHERE seq = @seq', { seq: uptoSeq })?.['h']),
        at_ms: parts.nowMs(),
        prev: last === null ? noSeal : sealHash(last),
        begins: begins && index === 0,
        key: hex(publicKeyOf(signingKey)),
        next_key: hex(publicKeyOf(signingKeyOf(following.seed))),
      };
      const seal = { ...unsigned, sig: sign(null, Buffer.from(auditSealText(unsigned), 'utf8'), signingKey).toString('base64url') };
      insertSeal(tx, seal);
      last = seal;
      current = following;
    }
  });
  keys.replace(current);
  return places.length;
}

/** The first seal of a series reaches over the row that says so, and so over all that lay unsealed until then. */
function listPlaces(from: number, headSeq: number, how: { readonly begins: boolean; readonly isAll: boolean }): number[] {
  if (how.begins) return [headSeq];
  const places: number[] = [];
  for (let seq = from + rowsPerSeal; seq <= headSeq; seq += rowsPerSeal) places.push(seq);
  if (how.isAll && (places.at(-1) ?? from) < headSeq) places.push(headSeq);
  return places;
}

export function insertSeal(tx: Tx, seal: AuditSeal): void {
  tx.run(`INSERT INTO audit_seal(${columns}) VALUES (@no, @epoch, @uptoSeq, @head, @atMs, @prev, @begins, @key, @nextKey, @sig)`, {
    no: seal.no,
    epoch: seal.epoch,
    uptoSeq: seal.upto_seq,
    head: Buffer.from(seal.head, 'hex'),
    atMs: seal.at_ms,
    prev: Buffer.from(seal.prev, 'hex'),
    begins: seal.begins ? 1 : 0,
    key: Buffer.from(seal.key, 'hex'),
    nextKey: Buffer.from(seal.next_key, 'hex'),
    sig: seal.sig,
  });
}

/** A crash may leave the key so many seals behind; one call never makes more. */
const catchUpSeals = 100_000;

function findUsableSeed(parts: SealParts, last: AuditSeal | null): { readonly seed: SealSeed; readonly begins: boolean } {
  const no = (last?.no ?? 0) + 1;
  let held = parts.keys.find();
  for (let step = 0; held !== null && held.no < no && step < catchUpSeals; step += 1) held = { no: held.no + 1, seed: nextSeed(held.seed) };
  if (held?.no === no) {
    const keyHex = hex(publicKeyOf(signingKeyOf(held.seed)));
    if (last !== null && keyHex === last.next_key) return { seed: held, begins: false };
    if (isBegun(parts.db, last?.upto_seq ?? 0, keyHex)) return { seed: held, begins: true };
  }
  const seed: SealSeed = { no, seed: randomBytes(32) };
  parts.noteBegun(hex(publicKeyOf(signingKeyOf(seed.seed))));
  parts.keys.replace(seed);
  return { seed, begins: true };
}

/** The key was written and the machine stopped before its first seal. */
function isBegun(db: Reader, afterSeq: number, keyHex: string): boolean {
  return db
    .all("SELECT rec FROM audit WHERE seq > @afterSeq AND act = 'audit.seals_begun'", { afterSeq })
    .some((row) => keyHex === begunKeyOf(parseRecord(row['rec'] as Buffer)));
}

/** The key that the record of a new series names. */
export function begunKeyOf(record: { readonly detail?: unknown }): string {
  const { detail } = record;
  return typeof detail === 'object' && detail !== null && 'key' in detail ? String(detail.key) : '';
}

function parseRecord(rec: Buffer): { readonly detail?: unknown } {
  return JSON.parse(rec.toString('utf8')) as { readonly detail?: unknown };
}
