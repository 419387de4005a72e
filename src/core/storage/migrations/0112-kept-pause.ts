import type { Migration } from './migration.ts';

/**
 * A pause that the registry asked for (Retry-After) is told apart from the desk's own waiting, so that it stands over a crash against a link that
 * comes back and against an act that somebody waits for. Source: sync-and-reliability (b2), F-17
 */
export const keptPause: Migration = {
  version: 112,
  title: 'kept-pause',
  up(run) {
    run(`ALTER TABLE sync_state ADD COLUMN busy_until_ms INTEGER NOT NULL DEFAULT 0`);
  },
};
