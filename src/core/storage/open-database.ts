import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../shared/platform/ports.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { keepBallast } from './ballast.ts';
import { applicationId, applyProfile, connect, pragmaNumber } from './connection.ts';
import { faultCodeOf, sqliteCodeOf, type OpenFailureCode } from './failures.ts';
import { takeInstanceLock, type InstanceLock } from './instance-lock.ts';
import { latestVersion, migrate } from './migrate.ts';
import { migrations as allMigrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { loadSqlite, type SqliteConnection, type SqliteModule } from './native.ts';
import { diagnoseUnreadable } from './page-check.ts';
import { findGoodBackup, listBackups, makeBackup, readerOf } from './recovery/backups.ts';
import { finishPutInPlace, syncToDisk } from './recovery/files.ts';
import { readWal } from './recovery/wal-frames.ts';
import { holdsWitnessed, readWitness } from './recovery/witness.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { connectWriter } from './writer.ts';

export interface OpenOptions {
  /** Absolute path, or `:memory:` (simulation: no file, no key, no lock). */
  readonly file: string;
  /** 64 hex digits. */
  readonly keyHex: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly migrations?: readonly Migration[];
  /** Space kept for a full disk; 0 = none. */
  readonly ballastBytes?: number;
  /** Whose chain a copy before a migration must hold; without it the chain of the copy is not looked at. */
  readonly deskId?: string;
  /** What the copy before a migration must leave free on the disk. */
  readonly freeAfterBackupBytes?: number;
  /** Called when the log ended in a transaction that was never finished: nothing acknowledged is missing, but people should look. */
  readonly onTailDropped?: () => void;
  /** Called at most once, when a page read under way is not what was written. */
  readonly onDamaged?: (sqliteCode: string) => void;
}

/**
 * Opens or creates the desk's database with the whole profile and the newest schema. Expected failures are values with a code of
 * `openFailureCodes`; on every one of them the file's bytes are as before. A new file comes into being under another name and is renamed when
 * complete, so an empty or half-written database is always damage and never taken for a new one.
 */
export async function openDatabase(options: OpenOptions): Promise<Result<SqliteDatabase, Failure>> {
  const native = await loadSqlite();
  if (!native.ok) return refuse(native.code, { version: native.version });
  if (options.file === ':memory:') return succeed(openInMemory(native.Sqlite, options.migrations ?? allMigrations));
  let lock: InstanceLock | null = null;
  try {
    mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
    lock = takeInstanceLock(native.Sqlite, options.file);
    if (lock === null) return refuse('DATABASE_IN_USE');
    const opened = openLocked(native.Sqlite, options, lock);
    if (!opened.ok) lock.release();
    return opened;
  } catch (error) {
    lock?.release();
    const code = sqliteCodeOf(error) || (error instanceof Error && 'code' in error ? String(error.code) : '');
    if (code === '') throw error;
    return refuse(faultCodeOf(code), { reason: code });
  }
}

function openLocked(Sqlite: SqliteModule, options: OpenOptions, lock: InstanceLock): Result<SqliteDatabase, Failure> {
  const { file, keyHex } = options;
  const steps = options.migrations ?? allMigrations;
  finishPutInPlace(file);
  if (existsSync(file)) {
    // Before SQLite sees the log: it leaves out what it cannot read and says nothing.
    const log = readWal(file);
    if (log?.state === 'damaged') return refuse('DATABASE_DAMAGED', { reason: 'log' });
    const version = inspect(Sqlite, options, latestVersion(steps));
    if (!version.ok) return version;
    if (log?.state === 'torn') options.onTailDropped?.();
    if (log !== null) emptyLog(Sqlite, options);
    if (version.value < latestVersion(steps)) {
      const copied = upgrade(Sqlite, options, steps);
      if (!copied.ok) return copied;
    }
  } else {
    // A desk that has worked is never begun anew without a word.
    const hasWorked = existsSync(`${file}-wal`) || readWitness(file) !== null || listBackups(file).length > 0;
    if (hasWorked) return refuse('DATABASE_DAMAGED', { reason: 'main file missing' });
    create(Sqlite, options, steps);
  }
  const ballast = keepBallast(file, options.ballastBytes ?? 0);
  return succeed(
    new SqliteDatabase({
      open: () => {
        const connection = connectWriter(Sqlite, file, keyHex);
        // SQLite syncs the name of a new log too, but does not look whether that worked.
        syncToDisk(path.dirname(file));
        return connection;
      },
      releaseBallast: () => ballast.release(),
      isSpaceShort: () => ballast.isSpaceShort(),
      onDamaged: (code) => options.onDamaged?.(code),
      onClosed: () => lock.release(),
    }),
  );
}

/** Reads without writing: version, owner and integrity. */
function inspect(Sqlite: SqliteModule, { file, keyHex }: OpenOptions, newestVersion: number): Result<number, Failure> {
  if (statSync(file).size === 0) return refuse('DATABASE_DAMAGED', { reason: 'empty' });
  const connection = connect(Sqlite, file, keyHex, { isReadOnly: true });
  try {
    const version = pragmaNumber(connection, 'user_version');
    if (pragmaNumber(connection, 'application_id') !== applicationId) return refuse('DATABASE_DAMAGED', { reason: 'not a desk database' });
    if (version > newestVersion) return refuse('DATABASE_NEWER', { found: version, known: newestVersion });
    const check = String(connection.pragma('quick_check(1)', { simple: true }));
    if (check !== 'ok') return refuse('DATABASE_DAMAGED', { reason: 'quick_check' });
    const witness = readWitness(file);
    if (witness !== null && !holdsWitnessed(readerOf(connection), witness))
      return refuse('DATABASE_DAMAGED', { reason: 'older than it was' });
    return succeed(version);
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === 'SQLITE_NOTADB') return refuse(diagnose(Sqlite, file, keyHex));
    if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR_SHORT_READ'))
      return refuse('DATABASE_DAMAGED', { reason: code });
    throw error;
  } finally {
    connection.close();
  }
}

function create(Sqlite: SqliteModule, { file, keyHex }: OpenOptions, steps: readonly Migration[]): void {
  const draft = `${file}.new`;
  for (const leftover of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(leftover, { force: true });
  const connection = connect(Sqlite, draft, keyHex);
  try {
    applyProfile(connection);
    connection.pragma(`application_id=${applicationId}`);
    migrate(connection, steps);
    // Closing does it too, but does not say when it failed; the draft would then lose its log with its name.
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
  renameSync(draft, file);
  // A power cut must not leave the first log of a database whose name never reached the disk: that looks like a lost one.
  syncToDisk(path.dirname(file));
}

/**
 * Takes the log of an earlier life into the database and removes it: frames that were dropped from it would lie behind those of this life, and
 * could not be told from damage to them. Without room on the disk it stays, and is read as it is.
 */
function emptyLog(Sqlite: SqliteModule, { file, keyHex }: OpenOptions): void {
  const connection = connectWriter(Sqlite, file, keyHex);
  try {
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (faultCodeOf(sqliteCodeOf(error)) !== 'DISK_FULL') throw error;
  } finally {
    connection.close();
  }
}

/** No page holds under the key: another key, unless a copy of this desk opens with it. */
function diagnose(Sqlite: SqliteModule, file: string, keyHex: string): 'DATABASE_KEY' | 'DATABASE_DAMAGED' {
  const diagnosis = diagnoseUnreadable(file, keyHex);
  if (diagnosis === 'DATABASE_DAMAGED') return diagnosis;
  return findGoodBackup(Sqlite, { file, keyHex, deskId: '' }).backup === undefined ? 'DATABASE_KEY' : 'DATABASE_DAMAGED';
}

/** A checked copy beside the file first, ciphered like it, then the steps. Without room for the copy nothing is changed. */
function upgrade(Sqlite: SqliteModule, options: OpenOptions, steps: readonly Migration[]): Result<void, Failure> {
  const { file, keyHex, clock } = options;
  const copied = makeBackup(
    Sqlite,
    { file, keyHex, deskId: options.deskId ?? '' },
    { nowMs: clock.nowMs(), freeAfterBytes: options.freeAfterBackupBytes ?? spareBytes },
  );
  if (!copied.ok) {
    const { code } = copied.failure;
    return refuse(code === 'DISK_FULL' || code === 'DATABASE_DAMAGED' ? code : 'STORAGE_FAILED', copied.failure.params ?? {});
  }
  const connection = connect(Sqlite, file, keyHex);
  try {
    applyProfile(connection);
    migrate(connection, steps);
  } finally {
    connection.close();
  }
  return succeed(undefined);
}

/** For the log of the migration. */
const spareBytes = 64 * 1024 * 1024;

function openInMemory(Sqlite: SqliteModule, steps: readonly Migration[]): SqliteDatabase {
  let connection: SqliteConnection | null = null;
  return new SqliteDatabase({
    open: () => {
      if (connection?.open !== true) connection = connect(Sqlite, ':memory:', '0'.repeat(64));
      applyProfile(connection);
      migrate(connection, steps);
      return connection;
    },
    releaseBallast: () => undefined,
    isSpaceShort: () => false,
    onClosed: () => undefined,
  });
}

function refuse(
  code: OpenFailureCode,
  params: Readonly<Record<string, string | number>> = {},
): { readonly ok: false; readonly failure: Failure } {
  return fail(code, params, code === 'DATABASE_IN_USE' || code === 'DISK_FULL');
}
