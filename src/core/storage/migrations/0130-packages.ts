import type { Migration } from './migration.ts';

/**
 * Packages as the registry tells of them and as this desk received or sent them, every barcode that was read, and the acts on packages and on requests
 * for new codes with their way to the registry. What was read is kept apart from the package: a scan is one small row. Source: ADR-0027; PKG-01..PKG-12
 */
export const packages: Migration = {
  version: 130,
  title: 'packages',
  up(run) {
    run(`CREATE TABLE package(
      package_number TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      purpose TEXT NOT NULL,
      rev INTEGER,
      body TEXT NOT NULL,
      sync TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE INDEX package_newest ON package(updated_at_ms)`);

    run(`CREATE TABLE package_scan(
      package_number TEXT NOT NULL REFERENCES package(package_number),
      ordinal INTEGER NOT NULL,
      side TEXT NOT NULL CHECK(side IN ('card', 'envelope')),
      code TEXT NOT NULL,
      is_damaged INTEGER NOT NULL CHECK(is_damaged IN (0, 1)),
      at_ms INTEGER NOT NULL,
      operator_login TEXT NOT NULL,
      PRIMARY KEY(package_number, ordinal)
    ) STRICT, WITHOUT ROWID`);

    run(`CREATE TABLE carriage_act(
      aggregate TEXT NOT NULL,
      command_id TEXT NOT NULL,
      act TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      registry_at_ms INTEGER,
      operator_login TEXT NOT NULL,
      operator_name TEXT NOT NULL,
      desk_id TEXT NOT NULL,
      sync TEXT NOT NULL,
      note TEXT,
      PRIMARY KEY(aggregate, command_id)
    ) STRICT, WITHOUT ROWID`);
  },
};
