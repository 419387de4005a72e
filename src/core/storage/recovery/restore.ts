import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { appendAudit } from '../../audit/chain.ts';
import { applicationId, applyProfile, connect, pragmaNumber } from '../connection.ts';
import type { Row, Tx } from '../database.ts';
import { sqliteCodeOf } from '../failures.ts';
import { takeInstanceLock } from '../instance-lock.ts';
import { latestVersion, migrate } from '../migrate.ts';
import { migrations as allMigrations } from '../migrations/all.ts';
import { loadSqlite, type SqliteConnection, type SqliteModule } from '../native.ts';
import { checkBackup, findGoodBackup, listBackups, readerOf, type CheckedBackup } from './backups.ts';
import { openDamagedFile } from './damaged-file.ts';
import { dropKeyPage } from './key-wrap.ts';
import { finishPutInPlace, freeBytesOf, isPuttingInPlace, putInPlace, setAside } from './files.ts';
import { mergeSalvaged, type MergeCounts, type WhatToTake } from './merge.ts';
import { readWitness } from './witness.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly keyHex: string;
  readonly deskId: string;
  readonly nowMs: number;
  /** A copy by its path, or the newest one that passes its check; none at all is a new database. */
  readonly from: { readonly backup: string } | 'newest';
  readonly cause: 'damaged' | 'asked';
  /** What is brought over from the present file, beside the backup. */
  readonly take: WhatToTake | 'nothing';
  readonly byLogin: string;
}

/** What a restoration came to, in numbers a person can be told. */
export interface RestoreReport {
  /** Null: there was no copy, the database is new. */
  readonly backupAtMs: number | null;
  /** Newer copies that did not pass their check. */
  readonly badBackups: number;
  readonly deskEpoch: number;
  readonly actsInBackup: number;
  readonly actsRecovered: number;
  readonly actsLost: number;
  /** Commands without a stored answer: they are sent (again). */
  readonly actsToSend: number;
  readonly rowsRecovered: number;
  readonly pages: number;
  readonly badPages: number;
  readonly auditJoined: number;
  readonly auditAside: number;
  /** Audit rows that are known to have existed and were found nowhere. */
  readonly auditLost: number;
}

/**
 * Makes a whole database of the newest good backup and of what the present file still says, and puts it in the place of the present one, which is
 * kept aside for ever. The desk's epoch rises by one, everything the registry has is read again, and an audit row and a row for people say what
 * happened. Until the last step the present file is untouched; a crash leaves either the old database or the new one. Source: ADR-0003; (b8)
 */
export async function restoreDatabase(options: RestoreOptions): Promise<Result<RestoreReport, Failure>> {
  const native = await loadSqlite();
  if (!native.ok) return fail(native.code, { version: native.version });
  const lock = takeInstanceLock(native.Sqlite, options.file);
  if (lock === null) return fail('DATABASE_IN_USE', {}, true);
  const draft = `${options.file}.restored`;
  try {
    finishPutInPlace(options.file);
    const source = chooseBackup(native.Sqlite, options);
    if (!source.ok) return source;
    const sizeBytes = (source.value.backup?.sizeBytes ?? 0) + (existsSync(options.file) ? statSync(options.file).size : 0);
    const free = freeBytesOf(path.dirname(options.file));
    if (free !== null && free < sizeBytes + spareBytes) return fail('DISK_FULL', { neededBytes: sizeBytes + spareBytes }, true);
    removeDraft(draft);
    const report = makeDraft(native.Sqlite, draft, source.value, options);
    setAside(options.file, options.nowMs);
    putInPlace(draft, options.file);
    return succeed(report);
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === '') throw error;
    return fail(code === 'SQLITE_FULL' || code === 'ENOSPC' ? 'DISK_FULL' : 'STORAGE_FAILED', { reason: code }, true);
  } finally {
    // Once the exchange of files has begun, the draft is the database.
    if (!isPuttingInPlace(options.file)) removeDraft(draft);
    lock.release();
  }
}

/** For the log of the draft and what the system itself needs. */
const spareBytes = 64 * 1024 * 1024;

interface Source {
  readonly backup: CheckedBackup | undefined;
  readonly bad: number;
}

function chooseBackup(Sqlite: SqliteModule, options: RestoreOptions): Result<Source, Failure> {
  if (options.from === 'newest') return succeed(findGoodBackup(Sqlite, options));
  const { backup } = options.from;
  if (!existsSync(backup)) return fail('BACKUP_MISSING');
  const known = listBackups(options.file).find(({ file }) => path.resolve(file) === path.resolve(backup));
  const { size, mtimeMs } = statSync(backup);
  const named = known ?? { file: backup, schemaVersion: 0, atMs: Math.round(mtimeMs), sizeBytes: size };
  const checked = checkBackup(Sqlite, named, options);
  return checked.ok ? succeed({ backup: checked.value, bad: 0 }) : checked;
}

function makeDraft(Sqlite: SqliteModule, draft: string, { backup, bad }: Source, options: RestoreOptions): RestoreReport {
  if (backup !== undefined) {
    copyFileSync(backup.file, draft);
    dropKeyPage(draft);
  }
  const connection = connect(Sqlite, draft, options.keyHex);
  try {
    applyProfile(connection);
    if (backup === undefined) connection.pragma(`application_id=${applicationId}`);
    if (pragmaNumber(connection, 'user_version') < latestVersion(allMigrations)) migrate(connection, allMigrations);
    connection.pragma('foreign_keys=OFF');
    connection.pragma('recursive_triggers=OFF');
    const counted = countOf(connection, 'SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM intents) AS n');
    connection.exec('BEGIN IMMEDIATE');
    const merged = merge(connection, options);
    const report = conclude(connection, options, { backup, bad }, counted, merged);
    connection.exec('COMMIT');
    if (connection.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new Error('The restored database is not whole');
    connection.pragma('wal_checkpoint(TRUNCATE)');
    return report;
  } finally {
    connection.close();
  }
}

const nothingMerged: Omit<MergeCounts, 'lastEpoch'> = {
  salvage: { pages: 0, badPages: 0, unplacedPages: 0, rows: 0, lostRows: 0 },
  actsRecovered: 0,
  actsLost: 0,
  auditJoined: 0,
  auditAside: 0,
};

function merge(connection: SqliteConnection, options: RestoreOptions): MergeCounts {
  const present = Number((connection.prepare('SELECT desk_epoch FROM sync_state').get() as Row)['desk_epoch']);
  const epochBefore = Math.max(present, readWitness(options.file)?.deskEpoch ?? 0);
  const damaged = openDamagedFile(options.file, options.keyHex);
  if (damaged === undefined) return { ...nothingMerged, lastEpoch: epochBefore };
  try {
    // Even when nothing is wanted of it, the present file knows the epoch that must not be used again.
    if (options.take === 'nothing') return { ...nothingMerged, lastEpoch: readEpoch(connection, damaged, options, epochBefore) };
    return mergeSalvaged(connection, damaged, { take: options.take, deskId: options.deskId, epochBefore });
  } finally {
    damaged.close();
  }
}

function readEpoch(
  connection: SqliteConnection,
  damaged: NonNullable<ReturnType<typeof openDamagedFile>>,
  options: RestoreOptions,
  epochBefore: number,
): number {
  connection.exec('SAVEPOINT look');
  const { lastEpoch } = mergeSalvaged(connection, damaged, { take: 'acts', deskId: options.deskId, epochBefore });
  connection.exec('ROLLBACK TO look');
  connection.exec('RELEASE look');
  return lastEpoch;
}

/** The last rows of a restoration: the new epoch, everything to be read again, the audit row, and the row for people. */
function conclude(
  connection: SqliteConnection,
  options: RestoreOptions,
  source: Source,
  actsInBackup: number,
  merged: MergeCounts,
): RestoreReport {
  const deskEpoch = merged.lastEpoch + 1;
  const rows = { epoch: deskEpoch };
  connection
    .prepare(
      `UPDATE sync_state SET desk_epoch = @epoch, cursor = '', attempt = 0, not_before_ms = 0, frozen_code = '', frozen_at_ms = NULL WHERE id = 1`,
    )
    .run(rows);
  connection.exec('UPDATE entity_revs SET is_stale = 1');
  // The copy was made while the program ran; that it was not closed says nothing.
  connection.exec('DELETE FROM run_mark');
  connection.prepare('UPDATE salvaged_audit SET desk_epoch = @epoch WHERE desk_epoch = 0').run(rows);
  const head = countOf(connection, 'SELECT coalesce(max(seq), 0) AS n FROM audit');
  const lastSeen = Math.max(
    head,
    readWitness(options.file)?.seq ?? 0,
    countOf(connection, `SELECT coalesce(max(seq), 0) AS n FROM salvaged_audit WHERE desk_epoch = ${deskEpoch}`),
  );
  const report: RestoreReport = {
    backupAtMs: source.backup?.atMs ?? null,
    badBackups: source.bad,
    deskEpoch,
    actsInBackup,
    actsRecovered: merged.actsRecovered,
    actsLost: merged.actsLost,
    actsToSend: countOf(
      connection,
      'SELECT (SELECT count(*) FROM outbox WHERE state = 0) + (SELECT count(*) FROM intents WHERE state = 0) AS n',
    ),
    rowsRecovered: merged.salvage.rows,
    pages: merged.salvage.pages,
    badPages: merged.salvage.badPages,
    auditJoined: merged.auditJoined,
    auditAside: merged.auditAside,
    auditLost: options.take === 'nothing' ? 0 : Math.max(0, lastSeen - head - merged.auditAside),
  };
  const auditHead = appendAudit(
    txOf(connection),
    { deskId: options.deskId, deskEpoch },
    {
      atMs: options.nowMs,
      monoMs: 0,
      bootId: '',
      act: 'storage.restored',
      operatorId: '',
      operatorLogin: options.byLogin,
      role: '',
      authMethod: '',
      sessionId: '',
      applicationId: '',
      commandId: '',
      detail: {
        cause: options.cause,
        backupAtMs: report.backupAtMs ?? 0,
        actsRecovered: report.actsRecovered,
        actsLost: report.actsLost,
        auditJoined: report.auditJoined,
        auditAside: report.auditAside,
        auditLost: report.auditLost,
      },
    },
  );
  // An act must point at an audit row that is there.
  for (const table of ['outbox', 'intents'] as const) connection.prepare(repoint[table]).run({ seq: auditHead.seq });
  connection
    .prepare(
      `INSERT INTO restoration(at_ms, cause, backup_at_ms, desk_epoch, by_login, raise_id, counts)
       VALUES (@atMs, @cause, @backupAtMs, @deskEpoch, @byLogin, @raiseId, @counts)`,
    )
    .run({
      atMs: options.nowMs,
      cause: options.cause,
      backupAtMs: report.backupAtMs,
      deskEpoch,
      byLogin: options.byLogin,
      raiseId: uuidv7(),
      counts: JSON.stringify(report),
    });
  return report;
}

const repoint = {
  outbox: 'UPDATE outbox SET audit_seq = @seq WHERE audit_seq NOT IN (SELECT seq FROM audit)',
  intents: 'UPDATE intents SET audit_seq = @seq WHERE audit_seq NOT IN (SELECT seq FROM audit)',
} as const;

/** The audit is written in the same way as by an act; here the transaction is the restoration's own. */
function txOf(connection: SqliteConnection): Tx {
  return { ...readerOf(connection), run: (sql, values) => connection.prepare(sql).run(values ?? {}).changes };
}

function countOf(connection: SqliteConnection, sql: string): number {
  return Number((connection.prepare(sql).get() as Row)['n']);
}

function removeDraft(draft: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${part}`, { force: true });
}
