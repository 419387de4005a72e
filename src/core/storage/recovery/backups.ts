import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { verifyAuditTail } from '../../audit/verify.ts';
import { applicationId, connect, pragmaNumber } from '../connection.ts';
import type { Reader, Row } from '../database.ts';
import { sqliteCodeOf } from '../failures.ts';
import { diagnoseUnreadable } from '../page-check.ts';
import { loadSqlite, type SqliteConnection, type SqliteModule } from '../native.ts';
import { freeBytesOf, syncToDisk } from './files.ts';
import { appendKeyPage, readKeyWrap } from './key-wrap.ts';
import { databaseKeyIdOf } from './sealed-key.ts';

export const backupsKept = 7;
/** Copies give way to new ones when the disk is short, down to this many. */
const backupsKeptAtLeast = 2;
/** A backup is never made when it would leave less than this. Source: sync-and-reliability (b6), free disk at least 1 GiB */
export const freeAfterBackupBytes = 1024 * 1024 * 1024;

export interface Backup {
  readonly file: string;
  readonly schemaVersion: number;
  readonly atMs: number;
  readonly sizeBytes: number;
}

/** What was found in a copy that was opened and looked through. */
export interface CheckedBackup extends Backup {
  readonly auditRows: number;
  readonly commands: number;
  readonly applications: number;
}

export interface BackupTarget {
  /** The desk's database. */
  readonly file: string;
  readonly keyHex: string;
  /** Empty: the chain of the copy is not looked at. */
  readonly deskId: string;
}

export function backupFolderOf(file: string): string {
  return path.join(path.dirname(file), 'backups');
}

/** Newest first. The name says which schema and when, and nothing of what is inside. */
export function listBackups(file: string): Backup[] {
  const folder = backupFolderOf(file);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const backups = names.flatMap((name): Backup[] => {
    const match = /^\.v(\d+)\.(\d+)$/u.exec(name.startsWith(path.basename(file)) ? name.slice(path.basename(file).length) : '');
    if (match === null) return [];
    const full = path.join(folder, name);
    return [{ file: full, schemaVersion: Number(match[1]), atMs: Number(match[2]), sizeBytes: statSync(full).size }];
  });
  return backups.sort((left, right) => right.atMs - left.atMs);
}

/** `makeBackup` for a caller that has not loaded SQLite. */
export async function backUpDatabase(
  target: BackupTarget,
  moment: { readonly nowMs: number; readonly freeAfterBytes: number },
): Promise<Result<CheckedBackup, Failure>> {
  const native = await loadSqlite();
  return native.ok ? makeBackup(native.Sqlite, target, moment) : fail(native.code, { version: native.version });
}

/**
 * Makes a copy, ciphered like the database, and counts it only when it was synced, opened and looked through; then it gets its name. A copy under
 * any other name is none. Never fills the disk: without room it answers DISK_FULL and older copies, down to two, have given way.
 */
export function makeBackup(
  Sqlite: SqliteModule,
  target: BackupTarget,
  moment: { readonly nowMs: number; readonly freeAfterBytes: number },
): Result<CheckedBackup, Failure> {
  const folder = backupFolderOf(target.file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) if (name.endsWith(draftEnd)) rmSync(path.join(folder, name), { force: true });
  const source = connect(Sqlite, target.file, target.keyHex, { isReadOnly: true });
  try {
    const version = pragmaNumber(source, 'user_version');
    const neededBytes = pragmaNumber(source, 'page_size') * (pragmaNumber(source, 'page_count') - pragmaNumber(source, 'freelist_count'));
    if (!hasRoom(target.file, folder, neededBytes + moment.freeAfterBytes)) return fail('DISK_FULL', { neededBytes }, true);
    const copy = path.join(folder, `${path.basename(target.file)}.v${version}.${moment.nowMs}`);
    const draft = `${copy}${draftEnd}`;
    source.prepare('VACUUM INTO @draft').run({ draft });
    syncToDisk(draft);
    const wrap = readKeyWrap(target.file);
    if (wrap?.database_key_id === databaseKeyIdOf(target.keyHex)) appendKeyPage(draft, wrap);
    const checked = checkBackup(
      Sqlite,
      { file: draft, schemaVersion: version, atMs: moment.nowMs, sizeBytes: statSync(draft).size },
      target,
    );
    if (!checked.ok) {
      rmSync(draft, { force: true });
      return checked;
    }
    renameSync(draft, copy);
    syncToDisk(folder);
    for (const old of listBackups(target.file).slice(backupsKept)) rmSync(old.file, { force: true });
    return succeed({ ...checked.value, file: copy });
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR_(SHORT_READ|DATA))/u.test(code)) return fail('DATABASE_DAMAGED', { reason: code });
    if (code === 'SQLITE_FULL' || (error instanceof Error && 'code' in error && error.code === 'ENOSPC'))
      return fail('DISK_FULL', {}, true);
    throw error;
  } finally {
    source.close();
  }
}

const draftEnd = '.unfinished';

function hasRoom(file: string, folder: string, neededBytes: number): boolean {
  for (;;) {
    const free = freeBytesOf(folder);
    if (free === null || free >= neededBytes) return true;
    const oldest = listBackups(file).slice(backupsKeptAtLeast).at(-1);
    if (oldest === undefined) return false;
    rmSync(oldest.file, { force: true });
  }
}

/** Opens a copy and looks at every page and at the newest part of its chain. BACKUP_DAMAGED says why it cannot be trusted. */
export function checkBackup<Known extends Backup>(
  Sqlite: SqliteModule,
  backup: Known,
  target: Omit<BackupTarget, 'file'>,
): Result<Known & CheckedBackup, Failure> {
  let connection: SqliteConnection | null = null;
  try {
    connection = connect(Sqlite, backup.file, target.keyHex, { isReadOnly: true });
    if (pragmaNumber(connection, 'application_id') !== applicationId) return fail('BACKUP_DAMAGED', { reason: 'not a desk database' });
    if (connection.pragma('integrity_check(1)', { simple: true }) !== 'ok') return fail('BACKUP_DAMAGED', { reason: 'integrity_check' });
    const reader = readerOf(connection);
    if (target.deskId !== '' && verifyAuditTail(reader, target.deskId).firstBadSeq !== null)
      return fail('BACKUP_DAMAGED', { reason: 'audit' });
    return succeed({
      ...backup,
      auditRows: countRows(reader, 'SELECT count(*) AS n FROM audit'),
      commands: countRows(reader, 'SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM intents) AS n'),
      applications: backup.schemaVersion < 30 ? 0 : countRows(reader, 'SELECT count(*) AS n FROM application'),
    });
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === '') throw error;
    if (code === 'SQLITE_NOTADB')
      return fail(diagnoseUnreadable(backup.file, target.keyHex) === 'DATABASE_KEY' ? 'DATABASE_KEY' : 'BACKUP_DAMAGED');
    return fail('BACKUP_DAMAGED', { reason: code });
  } finally {
    connection?.close();
  }
}

/** The newest copy that passes its check, and how many newer ones did not. */
export function findGoodBackup(
  Sqlite: SqliteModule,
  target: BackupTarget,
): { readonly backup: CheckedBackup | undefined; readonly bad: number } {
  let bad = 0;
  for (const candidate of listBackups(target.file)) {
    const checked = checkBackup(Sqlite, candidate, target);
    if (checked.ok) return { backup: checked.value, bad };
    bad += 1;
  }
  return { backup: undefined, bad };
}

export function readerOf(connection: SqliteConnection): Reader {
  return {
    get: (sql, values) => connection.prepare(sql).get(values ?? {}) as Row | undefined,
    all: (sql, values) => connection.prepare(sql).all(values ?? {}) as Row[],
  };
}

function countRows(reader: Reader, sql: string): number {
  return Number(reader.get(sql)?.['n'] ?? 0);
}
