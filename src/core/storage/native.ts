import type Sqlite from 'better-sqlite3';

export type SqliteModule = typeof Sqlite;
export type SqliteConnection = Sqlite.Database;

/** The prebuilt library crashes under older Node; SQLite before 3.51.3 can corrupt a WAL database. Source: sqlite.org/wal.html#walresetbug */
const oldestNode = [24, 21, 0] as const;
const oldestSqlite = [3, 51, 3] as const;

export type NativeResult =
  | { readonly ok: true; readonly Sqlite: SqliteModule }
  | { readonly ok: false; readonly code: 'NODE_TOO_OLD' | 'SQLITE_TOO_OLD'; readonly version: string };

/** Loads SQLite only after Node was found fit for it, so an unfit Node gets a sentence and not a crash. */
export async function loadSqlite(nodeVersion: string = process.versions.node): Promise<NativeResult> {
  if (!isAtLeast(nodeVersion, oldestNode)) return { ok: false, code: 'NODE_TOO_OLD', version: nodeVersion };
  const { default: Sqlite } = await import('better-sqlite3-multiple-ciphers');
  const probe = new Sqlite(':memory:');
  const version = String(probe.prepare('SELECT sqlite_version()').pluck().get());
  probe.close();
  return isAtLeast(version, oldestSqlite) ? { ok: true, Sqlite } : { ok: false, code: 'SQLITE_TOO_OLD', version };
}

function isAtLeast(version: string, oldest: readonly [number, number, number]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
