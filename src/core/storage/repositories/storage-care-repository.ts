import type { Reader, Row, Tx } from '../database.ts';
import { nullableInt, textOf } from './columns.ts';

export type CareKind = 'backup' | 'check' | 'drill' | 'tail_dropped';
/** One run of the maintenance process; `code` is OK or why it failed. */
export interface CareRun {
  readonly kind: CareKind;
  readonly atMs: number;
  readonly tookMs: number;
  readonly code: string;
  readonly detail: Readonly<Record<string, number | boolean>>;
}

export function insertCareRun(tx: Tx, run: CareRun): void {
  tx.run('INSERT INTO maintenance_run(kind, at_ms, took_ms, code, detail) VALUES (@kind, @atMs, @tookMs, @code, @detail)', {
    ...run,
    tookMs: Math.round(run.tookMs),
    detail: JSON.stringify(run.detail),
  });
  tx.run('DELETE FROM maintenance_run WHERE id = (SELECT max(id) FROM maintenance_run) - 2000');
}

export function findNewestCareRun(db: Reader, kind: CareKind): CareRun | undefined {
  const row = db.get('SELECT * FROM maintenance_run WHERE kind = @kind ORDER BY id DESC LIMIT 1', { kind });
  return row && careRunOf(row);
}

/** The newest run that went well. */
export function findNewestGoodCareRun(db: Reader, kind: CareKind): CareRun | undefined {
  const row = db.get("SELECT * FROM maintenance_run WHERE kind = @kind AND code = 'OK' ORDER BY id DESC LIMIT 1", { kind });
  return row && careRunOf(row);
}

export function findNewestFullCheckAtMs(db: Reader): number | null {
  const row = db.get(
    "SELECT at_ms FROM maintenance_run WHERE kind = 'check' AND code = 'OK' AND detail LIKE '%\"isFull\":true%' ORDER BY id DESC LIMIT 1",
  );
  return row === undefined ? null : Number(row['at_ms']);
}

function careRunOf(row: Row): CareRun {
  return {
    kind: textOf(row, 'kind') as CareKind,
    atMs: Number(row['at_ms']),
    tookMs: Number(row['took_ms']),
    code: textOf(row, 'code'),
    detail: JSON.parse(textOf(row, 'detail')) as CareRun['detail'],
  };
}

/** What a restoration came to, as the restoration itself counted; see `RestoreReport`. */
export interface StoredRestoration {
  readonly id: number;
  readonly atMs: number;
  readonly cause: 'damaged' | 'asked';
  readonly backupAtMs: number | null;
  readonly deskEpoch: number;
  readonly counts: Readonly<Record<string, number | null>>;
  readonly reconciledAtMs: number | null;
  /** What the registry knew; null until it was asked. */
  readonly reconciliation: { readonly known: number; readonly unknownHere: number; readonly settled: number; readonly lost: number } | null;
  readonly seenAtMs: number | null;
}

export function findNewestRestoration(db: Reader): StoredRestoration | undefined {
  const row = db.get('SELECT * FROM restoration ORDER BY id DESC LIMIT 1');
  if (row === undefined) return undefined;
  const reconciliation = textOf(row, 'reconciliation');
  return {
    id: Number(row['id']),
    atMs: Number(row['at_ms']),
    cause: textOf(row, 'cause') as StoredRestoration['cause'],
    backupAtMs: nullableInt(row, 'backup_at_ms'),
    deskEpoch: Number(row['desk_epoch']),
    counts: JSON.parse(textOf(row, 'counts')) as StoredRestoration['counts'],
    reconciledAtMs: nullableInt(row, 'reconciled_at_ms'),
    reconciliation: reconciliation === '' ? null : (JSON.parse(reconciliation) as StoredRestoration['reconciliation']),
    seenAtMs: nullableInt(row, 'seen_at_ms'),
  };
}

/** A restoration whose new life the registry has not been told of. */
export function findUnbegunRestoration(
  db: Reader,
): { readonly id: number; readonly deskEpoch: number; readonly raiseId: string } | undefined {
  const row = db.get('SELECT id, desk_epoch, raise_id, life_began_at_ms FROM restoration ORDER BY id DESC LIMIT 1');
  if (row === undefined || row['life_began_at_ms'] !== null) return undefined;
  return { id: Number(row['id']), deskEpoch: Number(row['desk_epoch']), raiseId: textOf(row, 'raise_id') };
}

export function saveBegunLife(tx: Tx, id: number, atMs: number): void {
  tx.run('UPDATE restoration SET life_began_at_ms = @atMs WHERE id = @id', { id, atMs });
}

export function saveReconciliation(
  tx: Tx,
  id: number,
  atMs: number,
  reconciliation: NonNullable<StoredRestoration['reconciliation']>,
): void {
  tx.run('UPDATE restoration SET reconciled_at_ms = @atMs, reconciliation = @reconciliation WHERE id = @id', {
    id,
    atMs,
    reconciliation: JSON.stringify(reconciliation),
  });
}

/** Answers false when it was seen before. */
export function markRestorationSeen(tx: Tx, id: number, atMs: number, login: string): boolean {
  return (
    tx.run('UPDATE restoration SET seen_at_ms = @atMs, seen_by = @login WHERE id = @id AND seen_at_ms IS NULL', { id, atMs, login }) === 1
  );
}

/** When the database key was last wrapped for the registry's recovery key; null: never. Source: ADR-0024 */
export function findKeyWrappedAtMs(db: Reader): number | null {
  const row = db.get('SELECT max(sealed_at_ms) AS at_ms FROM key_wrap');
  return row === undefined ? null : nullableInt(row, 'at_ms');
}
