import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Reader } from '../database.ts';

/** What a desk had certainly written at some moment: the place and hash of an audit row, and the desk's epoch. Nothing of a person. */
export interface Witness {
  readonly seq: number;
  readonly hashHex: string;
  readonly deskEpoch: number;
}

const fileOf = (databaseFile: string): string => `${databaseFile}.witness`;
const sumOf = (witness: Witness): string => createHash('sha256').update(JSON.stringify(witness)).digest('hex');

/** Null when there is none or it cannot be believed: it is an alarm, not a lock. */
export function readWitness(databaseFile: string): Witness | null {
  try {
    const { sum, seq, hashHex, deskEpoch } = JSON.parse(readFileSync(fileOf(databaseFile), 'utf8')) as Witness & { sum: string };
    const witness = { seq, hashHex, deskEpoch };
    return sum === sumOf(witness) ? witness : null;
  } catch {
    return null;
  }
}

/**
 * Writes down the newest audit row, outside the database. Not synced: it may only ever say what the database already holds durably, and an
 * older witness is a weaker alarm and no false one.
 */
export function writeWitness(databaseFile: string, witness: Witness): void {
  const draft = `${fileOf(databaseFile)}.new`;
  writeFileSync(draft, JSON.stringify({ ...witness, sum: sumOf(witness) }), { mode: 0o600 });
  renameSync(draft, fileOf(databaseFile));
}

export function findWitness(db: Reader): Witness | null {
  const row = db.get('SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1');
  if (row === undefined) return null;
  const deskEpoch = Number(db.get('SELECT desk_epoch FROM sync_state WHERE id = 1')?.['desk_epoch'] ?? 1);
  return { seq: Number(row['seq']), hashHex: Buffer.from(row['h'] as Uint8Array).toString('hex'), deskEpoch };
}

/** False: this database lacks something that the desk had written before, so it is an older one, another one, or lost its newest part. */
export function holdsWitnessed(db: Reader, witness: Witness): boolean {
  const row = db.get('SELECT h FROM audit WHERE seq = @seq', { seq: witness.seq });
  return row !== undefined && Buffer.from(row['h'] as Uint8Array).toString('hex') === witness.hashHex;
}
