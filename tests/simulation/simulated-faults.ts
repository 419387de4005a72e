import type { Database } from '../../src/core/storage/database.ts';
import { StorageFault } from '../../src/core/storage/failures.ts';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';

class BeforeCommit extends Error {}

/** A storage error that nobody handles ends the process that met it, and the shell starts another. */
export class SimulatedFault extends StorageFault {
  readonly onDeath: () => void;
  constructor(onDeath: () => void) {
    super('STORAGE_FAILED', true);
    this.onDeath = onDeath;
  }
}

/** The port through which storage goes wrong. */
export function withFaults(
  db: SqliteDatabase,
  faults: { before: number; after: number },
  onDeath: () => void,
  onFault: () => void,
): Database & { readonly isSpaceShort: boolean } {
  return {
    isSpaceShort: false,
    get: (sql, values) => db.get(sql, values),
    all: (sql, values) => db.all(sql, values),
    read: (work) => db.read(work),
    close: () => db.close(),
    transact(work) {
      if (faults.before > 0) {
        faults.before -= 1;
        onFault();
        try {
          db.transact((tx) => {
            work(tx);
            throw new BeforeCommit();
          });
        } catch (error) {
          if (error instanceof BeforeCommit) throw new SimulatedFault(onDeath);
          throw error;
        }
      }
      const value = db.transact(work);
      if (faults.after > 0) {
        faults.after -= 1;
        onFault();
        throw new SimulatedFault(onDeath);
      }
      return value;
    },
  };
}
