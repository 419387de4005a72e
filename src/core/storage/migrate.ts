import { pragmaNumber } from './connection.ts';
import type { Migration } from './migrations/migration.ts';
import type { SqliteConnection } from './native.ts';

/** The version a database has after all steps. */
export function latestVersion(steps: readonly Migration[]): number {
  return steps.at(-1)?.version ?? 0;
}

/**
 * Runs the steps the file has not seen, each in one immediate transaction together with its version number, so a crash leaves the old or the
 * new version. `faultAfter` is called after each statement (fault tests throw there).
 */
export function migrate(connection: SqliteConnection, steps: readonly Migration[], faultAfter?: (sql: string) => void): void {
  assertRising(steps);
  for (const step of steps) {
    if (step.version <= pragmaNumber(connection, 'user_version')) continue;
    connection.exec('BEGIN IMMEDIATE');
    try {
      step.up((sql) => {
        connection.exec(sql);
        faultAfter?.(sql);
      });
      connection.pragma(`user_version=${step.version}`);
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }
}

function assertRising(steps: readonly Migration[]): void {
  let last = 0;
  for (const step of steps) {
    if (!Number.isInteger(step.version) || step.version <= last) throw new Error(`Migration ${step.version} does not follow ${last}`);
    last = step.version;
  }
}
