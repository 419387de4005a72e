import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { loadSqlite, type SqliteConnection } from './native.ts';

/** One card as Asure ID needs it to draw its face, and nothing more. */
export interface AsureRow {
  readonly cardSerial: string;
  readonly surname: string;
  readonly givenName: string;
  readonly fatherName: string;
  readonly fin: string;
  readonly certificate: string;
  readonly issuedOn: string;
  readonly validUntilOn: string;
  readonly photo: { readonly bytes: Uint8Array; readonly extension: 'jpg' | 'png' } | null;
}

/**
 * The table that Asure ID's live link reads: rows in a plain SQLite file (for ODBC) and the same rows as CSV, with the pictures beside them, in a folder of
 * its own. It is the one place of a desk where personal data lies in clear; that is the residual risk of PRS-04, so rows go when they were printed and at
 * the latest after a day, overwritten and not only unlinked. Source: PRS-04, PRS-05, PRS-08
 */
export interface AsureTable {
  add(rows: readonly AsureRow[], atMs: number): Promise<Result<number, Failure>>;
  remove(serials: readonly string[]): Promise<Result<number, Failure>>;
  /** Removes what is older; answers what is left. */
  sweep(olderThanMs: number): Promise<Result<{ readonly serials: string[]; readonly oldestAtMs: number | null }, Failure>>;
}

const tableFile = 'asure-cards.sqlite';
const csvFile = 'asure-cards.csv';
const photoPrefix = 'asure-';
const columns = ['card_serial', 'surname', 'given_name', 'father_name', 'fin', 'certificate', 'issued_on', 'valid_until_on', 'photo'];
const createSql = `CREATE TABLE IF NOT EXISTS cards(card_serial TEXT PRIMARY KEY, surname TEXT NOT NULL, given_name TEXT NOT NULL, father_name TEXT NOT NULL,
  fin TEXT NOT NULL, certificate TEXT NOT NULL, issued_on TEXT NOT NULL, valid_until_on TEXT NOT NULL, photo TEXT NOT NULL, added_at_ms INTEGER NOT NULL)`;
const listSql = `SELECT card_serial, surname, given_name, father_name, fin, certificate, issued_on, valid_until_on, photo FROM cards
  ORDER BY added_at_ms, card_serial`;
const addSql = `INSERT OR REPLACE INTO cards(card_serial, surname, given_name, father_name, fin, certificate, issued_on, valid_until_on, photo, added_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function createAsureTable(folder: string): AsureTable {
  const inFolder = (name: string): string => path.join(folder, name);

  async function withTable<T>(work: (db: SqliteConnection) => T): Promise<Result<T, Failure>> {
    const native = await loadSqlite();
    if (!native.ok) return fail('STORAGE_FAILED');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const db = new native.Sqlite(inFolder(tableFile), { timeout: 5000 });
      try {
        chmodSync(inFolder(tableFile), 0o600);
        db.pragma('journal_mode = DELETE');
        // A row that is gone is gone from the file too.
        db.pragma('secure_delete = ON');
        db.exec(createSql);
        const value = db.transaction(() => work(db))();
        writeCsv(db);
        dropPhotos(db);
        return succeed(value);
      } finally {
        db.close();
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === '') throw error;
      return code === 'SQLITE_FULL' || code === 'ENOSPC' ? fail('DISK_FULL', {}, true) : fail('ASURE_FOLDER', { code }, true);
    }
  }

  /** Under its name it is always whole: Asure ID may read it at any moment. */
  function writeCsv(db: SqliteConnection): void {
    const rows = db.prepare(listSql).raw().all() as string[][];
    if (rows.length === 0) {
      rmSync(inFolder(csvFile), { force: true });
      return;
    }
    const text = [columns, ...rows].map((row) => row.map(csvCell).join(';')).join('\r\n');
    writeFileSync(inFolder(`${csvFile}.part`), `\uFEFF${text}\r\n`, { mode: 0o600 });
    renameSync(inFolder(`${csvFile}.part`), inFolder(csvFile));
  }

  function dropPhotos(db: SqliteConnection): void {
    const kept = new Set(db.prepare('SELECT photo FROM cards').pluck().all() as string[]);
    for (const name of readdirSync(folder)) {
      if (name.startsWith(photoPrefix) && /\.(?:jpg|png)$/u.test(name) && !kept.has(name)) rmSync(inFolder(name), { force: true });
    }
  }

  return {
    add: (rows, atMs) =>
      withTable((db) => {
        const insert = db.prepare(addSql);
        for (const row of rows) {
          const photo = row.photo === null ? '' : `${photoPrefix}${row.cardSerial}.${row.photo.extension}`;
          if (row.photo !== null) writeFileSync(inFolder(photo), row.photo.bytes, { mode: 0o600 });
          const { cardSerial, surname, givenName, fatherName, fin, certificate, issuedOn, validUntilOn } = row;
          insert.run(cardSerial, surname, givenName, fatherName, fin, certificate, issuedOn, validUntilOn, photo, atMs);
        }
        return rows.length;
      }),
    remove: async (serials) =>
      existsSync(inFolder(tableFile))
        ? withTable((db) => {
            const remove = db.prepare('DELETE FROM cards WHERE card_serial = ?');
            return serials.reduce((sum, serial) => sum + remove.run(serial).changes, 0);
          })
        : succeed(0),
    sweep: async (olderThanMs) =>
      existsSync(inFolder(tableFile))
        ? withTable((db) => {
            db.prepare('DELETE FROM cards WHERE added_at_ms < ?').run(olderThanMs);
            const serials = db.prepare('SELECT card_serial FROM cards ORDER BY added_at_ms, card_serial').pluck().all() as string[];
            const oldest = db.prepare('SELECT min(added_at_ms) FROM cards').pluck().get() as number | null;
            return { serials, oldestAtMs: oldest };
          })
        : succeed({ serials: [], oldestAtMs: null }),
  };
}

/** Quoted always; a cell that a spreadsheet would take for a formula gets a quote before it. */
function csvCell(value: string): string {
  const plain = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return `"${plain.replaceAll('"', '""')}"`;
}
