import type { Notice } from '../../../shared/contract/base.ts';
import type { CountSide, PackageScan } from '../../../shared/rules/package-counts.ts';
import type { PackagePurpose } from '../../../shared/rules/package-states.ts';
import type { PackageState, SyncWord } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Row, Tx } from '../database.ts';
import { json, nullableInt, textOf } from './columns.ts';

/** One card or one set of papers in a package, as its dispatch record names it. */
export interface StoredPackageItem {
  /** Application, or request for new codes. */
  readonly id: string;
  readonly cardSerial: string;
  readonly envelopeNumber: string;
}

/** What a person decided about a red line or about something that does not belong here. Source: PKG-09, PKG-10, PKG-12 */
export interface PackageDecision {
  /** Item id of a line, or the code of a surplus. */
  readonly subject: string;
  readonly side: CountSide | 'line';
  readonly decision: 'removed' | 'returned';
  readonly note: string;
}

export interface PackageBody {
  readonly fromOfficeId: string;
  readonly fromOfficeName: string;
  readonly toOfficeId: string;
  readonly toOfficeName: string;
  readonly courierName: string;
  readonly courierFin: string;
  readonly registerNumber: string;
  readonly actNumber: string;
  readonly receivedCourierName: string;
  readonly preparedAtMs: number;
  readonly dispatchedAtMs: number;
  readonly arrivedAtMs: number;
  readonly isDamaged: boolean;
  /** What the centre said after M-16. */
  readonly centreAnswer: string;
  readonly items: readonly StoredPackageItem[];
  readonly decisions: readonly PackageDecision[];
}

/** A package as this desk knows it; `rev` is null until the registry does. */
export interface StoredPackage extends PackageBody {
  readonly packageNumber: string;
  readonly state: PackageState;
  readonly purpose: PackagePurpose;
  readonly rev: number | null;
  readonly sync: SyncWord;
  readonly updatedAtMs: number;
}

export const emptyPackageBody: PackageBody = {
  fromOfficeId: '',
  fromOfficeName: '',
  toOfficeId: '',
  toOfficeName: '',
  courierName: '',
  courierFin: '',
  registerNumber: '',
  actNumber: '',
  receivedCourierName: '',
  preparedAtMs: 0,
  dispatchedAtMs: 0,
  arrivedAtMs: 0,
  isDamaged: false,
  centreAnswer: '',
  items: [],
  decisions: [],
};

export function findPackage(db: Reader, packageNumber: string): StoredPackage | undefined {
  const row = db.get('SELECT * FROM package WHERE package_number = @packageNumber', { packageNumber });
  return row && packageOf(row);
}

/** Newest first. */
export function listPackages(db: Reader, limit: number): StoredPackage[] {
  return db.all('SELECT * FROM package ORDER BY updated_at_ms DESC, package_number LIMIT @limit', { limit }).map(packageOf);
}

/** How many packages this desk has made itself: the next number of its own is one more. */
export function countPackagesNamed(db: Reader, prefix: string): number {
  return Number(
    db.get('SELECT count(*) AS n FROM package WHERE package_number >= @prefix AND package_number < @end', { prefix, end: `${prefix}~` })?.[
      'n'
    ] ?? 0,
  );
}

export function savePackage(tx: Tx, stored: StoredPackage): void {
  const { packageNumber, state, purpose, rev, sync, updatedAtMs, ...body } = stored;
  tx.run(
    `INSERT INTO package(package_number, state, purpose, rev, body, sync, updated_at_ms)
     VALUES (@packageNumber, @state, @purpose, @rev, @body, @sync, @updatedAtMs)
     ON CONFLICT(package_number) DO UPDATE SET state = excluded.state, rev = excluded.rev, body = excluded.body, sync = excluded.sync,
       updated_at_ms = excluded.updated_at_ms`,
    { packageNumber, state, purpose, rev, body: JSON.stringify(body), sync, updatedAtMs },
  );
}

export function listScans(db: Reader, packageNumber: string): PackageScan[] {
  return db
    .all('SELECT side, code, is_damaged FROM package_scan WHERE package_number = @packageNumber ORDER BY ordinal', { packageNumber })
    .map((row) => ({ side: textOf(row, 'side') as CountSide, code: textOf(row, 'code'), isDamaged: Number(row['is_damaged']) === 1 }));
}

export function insertScan(tx: Tx, packageNumber: string, scan: PackageScan, atMs: number, operatorLogin: string): void {
  tx.run(
    `INSERT INTO package_scan(package_number, ordinal, side, code, is_damaged, at_ms, operator_login)
     SELECT @packageNumber, coalesce(max(ordinal), 0) + 1, @side, @code, @isDamaged, @atMs, @operatorLogin
     FROM package_scan WHERE package_number = @packageNumber`,
    { packageNumber, side: scan.side, code: scan.code, isDamaged: scan.isDamaged === true ? 1 : 0, atMs, operatorLogin },
  );
}

function packageOf(row: Row): StoredPackage {
  return {
    ...json<PackageBody>(row, 'body'),
    packageNumber: textOf(row, 'package_number'),
    state: textOf(row, 'state') as PackageState,
    purpose: textOf(row, 'purpose') as PackagePurpose,
    rev: nullableInt(row, 'rev'),
    sync: textOf(row, 'sync') as SyncWord,
    updatedAtMs: Number(row['updated_at_ms']),
  };
}

/** An act on a package (`package:<number>`) or on a request for new codes (`pin_request:<id>`). */
export interface CarriageAct {
  readonly aggregate: string;
  readonly commandId: string;
  readonly act: string;
  readonly atMs: number;
  readonly registryAtMs: number | null;
  readonly operatorLogin: string;
  readonly operatorName: string;
  readonly deskId: string;
  readonly sync: SyncWord;
  readonly note: Notice | null;
}

export function insertCarriageAct(tx: Tx, act: CarriageAct): void {
  tx.run(
    `INSERT INTO carriage_act(aggregate, command_id, act, at_ms, registry_at_ms, operator_login, operator_name, desk_id, sync, note)
     VALUES (@aggregate, @commandId, @act, @atMs, @registryAtMs, @operatorLogin, @operatorName, @deskId, @sync, @note)
     ON CONFLICT(aggregate, command_id) DO UPDATE SET sync = excluded.sync, registry_at_ms = excluded.registry_at_ms`,
    { ...act, note: act.note === null ? null : JSON.stringify(act.note) },
  );
}

export function settleCarriageAct(
  tx: Tx,
  key: { readonly aggregate: string; readonly commandId: string },
  answer: { readonly sync: SyncWord; readonly registryAtMs: number | null; readonly note: Notice | null },
): boolean {
  return (
    tx.run(
      `UPDATE carriage_act SET sync = @sync, registry_at_ms = @registryAtMs, note = coalesce(@note, note)
       WHERE aggregate = @aggregate AND command_id = @commandId`,
      { ...key, ...answer, note: answer.note === null ? null : JSON.stringify(answer.note) },
    ) > 0
  );
}

/** In the order in which they happened. */
export function listCarriageActs(db: Reader, aggregate: string): CarriageAct[] {
  return db.all('SELECT * FROM carriage_act WHERE aggregate = @aggregate ORDER BY at_ms, command_id', { aggregate }).map((row) => ({
    aggregate,
    commandId: textOf(row, 'command_id'),
    act: textOf(row, 'act'),
    atMs: Number(row['at_ms']),
    registryAtMs: nullableInt(row, 'registry_at_ms'),
    operatorLogin: textOf(row, 'operator_login'),
    operatorName: textOf(row, 'operator_name'),
    deskId: textOf(row, 'desk_id'),
    sync: textOf(row, 'sync') as SyncWord,
    note: row['note'] === null ? null : json<Notice>(row, 'note'),
  }));
}

/** The worst word of its acts: what asks for a person first. */
export function summariseCarriage(db: Reader, aggregate: string): SyncWord {
  const words = new Set(listCarriageActs(db, aggregate).map(({ sync }) => sync));
  return (['attention', 'refused', 'unknown', 'queued', 'registered'] as const).find((word) => words.has(word)) ?? 'saved';
}
