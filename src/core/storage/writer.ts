import { applyProfile, connect } from './connection.ts';
import type { SqliteConnection, SqliteModule } from './native.ts';
import { renewLog } from './recovery/files.ts';
import { readWal } from './recovery/wal-frames.ts';

/** The log holds transactions that SQLite did not see. The code is the one of a page that could not be read. */
class UnreadLog extends Error {
  readonly code = 'SQLITE_IOERR_READ';
}

/**
 * A connection with the whole profile that sees everything the log holds, durably. SQLite takes a read error in the log for the log's end and says
 * nothing; with the next checkpoint what stood behind it would be gone. So a reader looks first: while it is open nothing empties the log, and it
 * has to see as many pages as we count ourselves. What it found is what the writer goes by.
 */
export function connectWriter(Sqlite: SqliteModule, file: string, keyHex: string): SqliteConnection {
  renewLog(file);
  const log = readWal(file);
  if (log === null || log.frames.length === 0) return connectWithProfile(Sqlite, file, keyHex);
  const reader = connect(Sqlite, file, keyHex, { isReadOnly: true });
  try {
    reader.pragma('user_version');
    const [seen] = reader.pragma('wal_checkpoint(NOOP)') as { readonly log: number }[];
    if (seen?.log !== log.frames.length) throw new UnreadLog(`${String(seen?.log)} of ${log.frames.length} pages of the log were read`);
    return connectWithProfile(Sqlite, file, keyHex);
  } finally {
    reader.close();
  }
}

function connectWithProfile(Sqlite: SqliteModule, file: string, keyHex: string): SqliteConnection {
  const connection = connect(Sqlite, file, keyHex);
  try {
    applyProfile(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
