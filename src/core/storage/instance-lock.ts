import { sqliteCodeOf } from './failures.ts';
import type { SqliteModule } from './native.ts';

export interface InstanceLock {
  release(): void;
}

/**
 * Holds the operating system's lock on a side file for as long as the process lives, so a second program on the same data folder is told at
 * once, and a killed one leaves nothing behind. Null when another holder is alive.
 */
export function takeInstanceLock(Sqlite: SqliteModule, databaseFile: string): InstanceLock | null {
  const side = new Sqlite(`${databaseFile}.lock`, { timeout: 0 });
  try {
    side.pragma('journal_mode=MEMORY');
    side.pragma('locking_mode=EXCLUSIVE');
    side.exec('BEGIN EXCLUSIVE');
    return { release: () => side.close() };
  } catch (error) {
    side.close();
    if (sqliteCodeOf(error).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
