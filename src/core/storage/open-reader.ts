import { statSync } from 'node:fs';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { applicationId, connect, pragmaNumber } from './connection.ts';
import type { Reader, Row, SqlValue } from './database.ts';
import { sqliteCodeOf } from './failures.ts';
import { loadSqlite } from './native.ts';
import { diagnoseUnreadable } from './page-check.ts';

export interface OpenReader extends Reader {
  close(): void;
}

/** A connection that can only read, beside a running desk or without one; for maintenance and verification. */
export async function openReader(file: string, keyHex: string): Promise<Result<OpenReader, Failure>> {
  const native = await loadSqlite();
  if (!native.ok) return fail(native.code, { version: native.version });
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return fail('NOT_FOUND');
  const connection = connect(native.Sqlite, file, keyHex, { isReadOnly: true });
  try {
    if (pragmaNumber(connection, 'application_id') !== applicationId) throw new Error('Not a desk database');
  } catch (error) {
    connection.close();
    return fail(sqliteCodeOf(error) === 'SQLITE_NOTADB' ? diagnoseUnreadable(file, keyHex) : 'DATABASE_DAMAGED');
  }
  return succeed({
    get: (sql, values) => connection.prepare(sql).get(values ?? {}) as Row | undefined,
    all: (sql, values) => connection.prepare(sql).all(values ?? {}) as Row[],
    rows: (sql) => connection.prepare(sql).raw().iterate() as IterableIterator<readonly SqlValue[]>,
    close: () => connection.close(),
  });
}
