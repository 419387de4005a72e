import type { SqliteConnection, SqliteModule } from './native.ts';

/** "Qeyd" in ASCII: tells our file from any other SQLite file. */
export const applicationId = 0x51657964;

/**
 * Opens a connection and hands it the key before anything is read. Every page is ciphered and authenticated by AEGIS-256 under a key and nonce of
 * its own, bound to its place in the file. `keyHex` is the raw 256-bit key (64 hex digits); it takes part in no SQL text but this pragma, which
 * SQLite does not log. Source: ADR-0003 (amendment on the cipher)
 */
export function connect(
  Sqlite: SqliteModule,
  file: string,
  keyHex: string,
  options: { readonly isReadOnly?: boolean } = {},
): SqliteConnection {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Error('The database key must be 64 hex digits');
  const connection = new Sqlite(file, { readonly: options.isReadOnly ?? false, timeout: 5000 });
  if (file !== ':memory:') {
    connection.pragma("cipher='aegis'");
    connection.pragma("algorithm='aegis-256'");
    connection.pragma(`key='raw:${keyHex}'`);
  }
  return connection;
}

/** Everything that holds for the writer connection. Source: ADR storage (SQLite profile) */
export function applyProfile(connection: SqliteConnection): void {
  connection.pragma('journal_mode=WAL');
  connection.pragma('synchronous=FULL');
  connection.pragma('busy_timeout=5000');
  connection.pragma('foreign_keys=ON');
  connection.pragma('trusted_schema=OFF');
  connection.pragma('cell_size_check=ON');
  connection.pragma('mmap_size=0');
  connection.pragma('temp_store=MEMORY');
  connection.pragma('secure_delete=ON');
  // 8 MiB: hot pages are moved once for many acts, and fewer than one act in a hundred waits for it.
  connection.pragma('wal_autocheckpoint=2000');
  connection.pragma(`journal_size_limit=${64 * 1024 * 1024}`);
}

export function pragmaNumber(connection: SqliteConnection, name: string): number {
  return Number(connection.pragma(name, { simple: true }));
}
