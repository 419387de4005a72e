import { expect, it } from 'vitest';
import { applyProfile, connect } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { loadSqlite } from '../native.ts';
import { migrations } from './all.ts';
import { cardProduction } from './0120-card-production.ts';

it('a request has one card and a card one request, and the journal and the numbers of envelopes are never rewritten', async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const connection = connect(native.Sqlite, ':memory:', '0'.repeat(64));
  applyProfile(connection);
  migrate(
    connection,
    migrations.filter(({ version }) => version < cardProduction.version),
  );
  migrate(
    connection,
    migrations.filter(({ version }) => version <= cardProduction.version),
  );
  const insertRun = (runId: string, applicationId: string, serial: string, chip: string, state = 'making'): unknown =>
    connection
      .prepare(
        `INSERT INTO card_run VALUES (?, ?, ?, ?, 'reader', 'p-256', ?, 0, NULL, 0, 'tural', '', NULL, NULL, NULL, NULL, '', NULL, NULL, '')`,
      )
      .run(runId, applicationId, serial, chip, state);
  insertRun('r1', 'a1', 'AAAA0001', 'C1');
  expect(() => insertRun('r2', 'a1', 'AAAA0002', 'C2')).toThrow(/UNIQUE/);
  expect(() => insertRun('r2', 'a2', 'AAAA0001', 'C2')).toThrow(/UNIQUE/);
  expect(() => insertRun('r2', 'a2', 'AAAA0002', 'C1')).toThrow(/UNIQUE/);
  connection.exec(`UPDATE card_run SET state = 'spoilt' WHERE run_id = 'r1'`);
  insertRun('r2', 'a1', 'AAAA0002', 'C2');
  expect(() => insertRun('r3', 'a3', 'AAAA0001', 'C3')).toThrow(/UNIQUE/);

  connection.exec(`INSERT INTO personalisation_steps VALUES (1, 'r1', 'claim', 'begun', '', 0, '')`);
  expect(() => connection.exec(`UPDATE personalisation_steps SET outcome = 'done'`)).toThrow(/rewritten/);
  expect(() => connection.exec(`DELETE FROM personalisation_steps`)).toThrow(/never deleted/);

  connection.exec(`INSERT INTO pin_envelope VALUES ('AAAA0001-01', 'r1', 'taken', 0, '')`);
  connection.exec(`UPDATE pin_envelope SET state = 'spoilt'`);
  expect(() => connection.exec(`UPDATE pin_envelope SET state = 'printed'`)).toThrow(/never given again/);
  expect(() => connection.exec(`INSERT INTO pin_envelope VALUES ('AAAA0001-01', 'r1', 'taken', 0, '')`)).toThrow(/UNIQUE/);
  connection.close();
});
