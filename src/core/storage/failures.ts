/** `DATABASE_BUSY`: another program held the file for longer than a transaction waits; the connection is as good as before. */
export type StorageFaultCode = 'DISK_FULL' | 'STORAGE_FAILED' | 'DATABASE_BUSY';

/**
 * A storage error at run time. It is thrown inside a transaction and means: nothing of it may be reported as saved before the command was
 * looked up on the reopened connection (see `SqliteDatabase.transact`).
 */
export class StorageFault extends Error {
  readonly code: StorageFaultCode;
  /** False once the connection is read-only: nothing can be looked up as new, nothing written. */
  readonly isReopened: boolean;

  constructor(code: StorageFaultCode, isReopened: boolean, cause?: unknown) {
    super(code, { cause });
    this.name = 'StorageFault';
    this.code = code;
    this.isReopened = isReopened;
  }
}

/** Why a database could not be opened; the file is as it was. */
export const openFailureCodes = [
  'NODE_TOO_OLD',
  'SQLITE_TOO_OLD',
  'DATABASE_IN_USE',
  'DATABASE_KEY',
  'DATABASE_DAMAGED',
  'DATABASE_NEWER',
  'DISK_FULL',
  'STORAGE_FAILED',
] as const;
export type OpenFailureCode = (typeof openFailureCodes)[number];

/** The SQLite result code of an error thrown by the driver, or empty. */
export function sqliteCodeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return '';
  return error.code.startsWith('SQLITE_') || error.code === 'ENOSPC' ? error.code : '';
}

/**
 * Errors after which the fate of the last write is unknown and the connection is not used again. READONLY: SQLite opens a file that it may not write for
 * reading alone, and says so only at the first write. Source: ATC'20 fsync failures; ADR storage
 */
export function isFailStop(sqliteCode: string): boolean {
  return /^(SQLITE_(IOERR|FULL|CORRUPT|NOTADB|CANTOPEN|PROTOCOL|READONLY)|ENOSPC)/.test(sqliteCode);
}

export function faultCodeOf(sqliteCode: string): 'DISK_FULL' | 'STORAGE_FAILED' {
  return sqliteCode === 'SQLITE_FULL' || sqliteCode === 'ENOSPC' ? 'DISK_FULL' : 'STORAGE_FAILED';
}
