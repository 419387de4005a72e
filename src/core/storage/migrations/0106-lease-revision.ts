import type { Migration } from './migration.ts';

/** Which revision of the case told of its lease, so that a late page of the feed cannot take away a lease that was just given. */
export const leaseRevision: Migration = {
  version: 106,
  title: 'lease-revision',
  up(run) {
    run('ALTER TABLE application ADD COLUMN lease_rev INTEGER NOT NULL DEFAULT 0');
  },
};
