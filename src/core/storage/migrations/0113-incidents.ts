import type { Migration } from './migration.ts';

/**
 * Incidents of which no other table tells: a program that ended without being closed, a stop of the exchange, a gap in the journal, and what the registry tells
 * of the desks of the office; whether the program is running, by which the first is found; and what a supervisor did about any incident. Source: ADR-0025
 */
export const incidents: Migration = {
  version: 113,
  title: 'incidents',
  up(run) {
    run(`CREATE TABLE incident(
      incident_id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      desk_id TEXT NOT NULL,
      is_from_registry INTEGER NOT NULL CHECK(is_from_registry IN (0, 1)),
      rev INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      last_at_ms INTEGER NOT NULL,
      times INTEGER NOT NULL,
      params TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE incident_handling(
      incident_id TEXT PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      by_login TEXT NOT NULL,
      by_name TEXT NOT NULL,
      note TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
    run(`CREATE TABLE run_mark(
      id INTEGER PRIMARY KEY CHECK(id = 1),
      started_at_ms INTEGER NOT NULL,
      is_open INTEGER NOT NULL CHECK(is_open IN (0, 1))
    ) STRICT`);
  },
};
