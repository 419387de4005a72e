import type { Migration } from './migration.ts';

/** What the supervisor said of an act of the day's register. Source: R-31 */
export const register: Migration = {
  version: 60,
  title: 'register',
  up(run) {
    run(`CREATE TABLE act_review(
      act_command_id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL,
      review TEXT NOT NULL CHECK(review IN ('reviewed', 'returned', 'corrected')),
      reason TEXT NOT NULL,
      by_login TEXT NOT NULL,
      by_name TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
  },
};
