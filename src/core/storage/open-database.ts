import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
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
import { SqliteDatabase } from './sqlite-database.ts';

export interface OpenOptions {
  /** Absolute path, or `:memory:` (simulation: no file, no key, no lock). */
  readonly file: string;
  /** 64 hex digits. */
  readonly keyHex: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly migrations?: readonly Migration[];
  /** Space kept for a full disk; 0 = none. */
  readonly ballastBytes?: number;
}

const backupsKept = 7;

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
  if (existsSync(file)) {
    const version = inspect(Sqlite, options, latestVersion(steps));
    if (!version.ok) return version;
    if (version.value < latestVersion(steps)) upgrade(Sqlite, options, steps, version.value);
  } else {
    if (existsSync(`${file}-wal`)) return refuse('DATABASE_DAMAGED', { reason: 'main file missing' });
    create(Sqlite, options, steps);
  }
  const ballast = keepBallast(file, options.ballastBytes ?? 0);
  return succeed(
    new SqliteDatabase({
      open: () => {
        const connection = connect(Sqlite, file, keyHex);
        applyProfile(connection);
        return connection;
      },
      releaseBallast: () => ballast.release(),
      isSpaceShort: () => ballast.isSpaceShort(),
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
    return check === 'ok' ? succeed(version) : refuse('DATABASE_DAMAGED', { reason: 'quick_check' });
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === 'SQLITE_NOTADB') return refuse(diagnoseUnreadable(file, keyHex));
    if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR_SHORT_READ')) return refuse('DATABASE_DAMAGED', { reason: code });
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
  } finally {
    connection.close();
  }
  renameSync(draft, file);
}

/** A copy beside the file first (encrypted like it), then the steps. The newest seven copies are kept. */
function upgrade(Sqlite: SqliteModule, { file, keyHex, clock }: OpenOptions, steps: readonly Migration[], from: number): void {
  const folder = path.join(path.dirname(file), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const connection = connect(Sqlite, file, keyHex);
  try {
    applyProfile(connection);
    const copy = path.join(folder, `${path.basename(file)}.v${from}.${clock.nowMs()}`);
    connection.prepare('VACUUM INTO @copy').run({ copy });
    migrate(connection, steps);
  } finally {
    connection.close();
  }
  const copies = readdirSync(folder).filter((name) => name.startsWith(`${path.basename(file)}.v`));
  const byAge = copies.sort((left, right) => Number(left.split('.').at(-1)) - Number(right.split('.').at(-1)));
  for (const old of byAge.slice(0, -backupsKept)) rmSync(path.join(folder, old));
}

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

function refuse(code: OpenFailureCode, params: Readonly<Record<string, string | number>> = {}): { readonly ok: false; readonly failure: Failure } {
  return fail(code, params, code === 'DATABASE_IN_USE' || code === 'DISK_FULL');
}
