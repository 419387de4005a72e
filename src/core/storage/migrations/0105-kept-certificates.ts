import type { Migration } from './migration.ts';

/**
 * A new card of a number keeps the number's certificates: its case names them although an earlier one made them. Source: SIM-10, SIM-16
 */
export const keptCertificates: Migration = {
  version: 105,
  title: 'kept-certificates',
  up(run) {
    run(`CREATE TABLE kept_certificate(
      application_id TEXT NOT NULL REFERENCES application(application_id),
      serial TEXT NOT NULL REFERENCES certificate(serial),
      ordinal INTEGER NOT NULL,
      PRIMARY KEY (application_id, serial)
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE VIEW certificate_of_application AS
      SELECT application_id, ordinal, serial FROM certificate
      UNION ALL SELECT application_id, ordinal, serial FROM kept_certificate`);
  },
};
