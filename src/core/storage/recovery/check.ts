import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { connect, pragmaNumber } from '../connection.ts';
import { sqliteCodeOf } from '../failures.ts';
import { loadSqlite } from '../native.ts';

/** Looks at every page of a database, running or not, with a read connection of its own. Damage is an answer, not a failure. */
export async function checkDatabase(
  desk: { readonly file: string; readonly keyHex: string },
  isFull: boolean,
): Promise<Result<{ readonly isWhole: boolean; readonly pages: number }, Failure>> {
  const native = await loadSqlite();
  if (!native.ok) return fail(native.code, { version: native.version });
  const connection = connect(native.Sqlite, desk.file, desk.keyHex, { isReadOnly: true });
  try {
    const pages = pragmaNumber(connection, 'page_count');
    const verdict = String(connection.pragma(isFull ? 'integrity_check(1)' : 'quick_check(1)', { simple: true }));
    return succeed({ isWhole: verdict === 'ok', pages });
  } catch (error) {
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR_(SHORT_READ|DATA))/u.test(sqliteCodeOf(error))) return succeed({ isWhole: false, pages: 0 });
    throw error;
  } finally {
    connection.close();
  }
}
