import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyProfile } from '../storage/connection.ts';
import { migrations } from '../storage/migrations/all.ts';
import { migrate } from '../storage/migrate.ts';
import { loadSqlite } from '../storage/native.ts';
import { SqliteDatabase } from '../storage/sqlite-database.ts';
import { createContact } from './contact.ts';

let db: SqliteDatabase;

beforeEach(async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = new native.Sqlite(':memory:');
  applyProfile(connection);
  migrate(connection, migrations);
  connection.exec(`CREATE TABLE written(offline_ms INTEGER) STRICT;
    CREATE TRIGGER contact_written AFTER UPDATE ON registry_contact BEGIN INSERT INTO written VALUES (new.offline_ms); END`);
  db = new SqliteDatabase({
    open: () => connection,
    releaseBallast: () => undefined,
    isSpaceShort: () => false,
    onClosed: () => undefined,
  });
});
afterEach(() => {
  db.close();
});

const written = () => db.all('SELECT offline_ms FROM written ORDER BY rowid').map((row) => Number(row['offline_ms']));

describe('the contact with the registry', () => {
  it('is written once a minute while answers come, and at once after an absence', () => {
    let nowMs = 1000.25;
    let isLinked = true;
    // As a real monotonic clock: between two looks it moves by less than a millisecond.
    const look = () => (nowMs += 0.01);
    let tick: () => void = () => undefined;
    const contact = createContact({
      db,
      clock: {
        nowMs: () => Math.round(look()),
        monotonicMs: look,
        schedule: (_delayMs, run) => {
          tick = run;
          return () => undefined;
        },
      },
      policy: { limits: () => ({ maxOfflineHours: 72, maxOfflineCommands: 1000, minFreeBytes: 0 }) },
      isLinked: () => isLinked,
      freeBytes: () => null,
    });
    for (let answer = 0; answer < 100; answer += 1) contact.noteAccepted();
    expect(written()).toEqual([]);
    nowMs += 60_000;
    for (let answer = 0; answer < 100; answer += 1) contact.noteAccepted();
    expect(written()).toEqual([0]);
    isLinked = false;
    nowMs += 5000;
    tick();
    expect(written()).toHaveLength(2);
    expect(written()[1]).toBeGreaterThanOrEqual(5000);
    isLinked = true;
    contact.noteAccepted();
    contact.noteAccepted();
    expect(written()).toHaveLength(3);
    expect(written()[2]).toBe(0);
    contact.stop();
  });
});
