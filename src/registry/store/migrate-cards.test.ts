import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { claimCard, claimEnvelope, claimKey, openPinRequest } from '../cards/card-rows.ts';
import { readCase } from '../intake/effects/case-entity.ts';
import { sqliteDialect } from './dialect.ts';
import { addCards } from './migrate-cards.ts';
import { migrations } from './migrations.ts';
import { openStore, writeMeta } from './store.ts';

it('a database of before there were cards gets their tables, keeps its rows, and then holds each thing to once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'migrate-cards-'));
  const file = path.join(folder, 'registry.sqlite');
  const dialect = sqliteDialect(file);
  const db = await dialect.open();
  const before = migrations.indexOf(addCards);
  await db.schema
    .createTable('meta')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  for (const step of migrations.slice(0, before)) await step(db, dialect);
  await writeMeta({ db, dialect }, 'schema_version', String(before));
  await db.insertInto('desk').values({ desk_id: 'd-1', office_id: 'o-1', public_key: 'k', registered_at_ms: 1 }).execute();
  await db.destroy();

  const store = await openStore(sqliteDialect(file));
  await store.transact(async (session) => {
    expect(await session.db.selectFrom('desk').select('desk_id').execute()).toEqual([{ desk_id: 'd-1' }]);
    const claim = { serial: 'S1', chipSerial: 'C1', applicationId: 'a', atMs: 1 };
    expect(await claimCard(session, claim)).toBeNull();
    expect(await claimCard(session, { ...claim, applicationId: 'b' })).toBe('CARD_SERIAL_USED');
    expect(await claimCard(session, { ...claim, serial: 'S2', applicationId: 'b' })).toBe('CHIP_USED');
    const key = { spkiSha256: 'h', certificateSerial: '1', applicationId: 'a', atMs: 1 };
    expect([await claimKey(session, key), await claimKey(session, key)]).toEqual([true, false]);
    const envelopes = ['S1', 'S1', 'S2'].map((serial) => () => claimEnvelope(session, 'E1', serial, 1));
    const answers: boolean[] = [];
    for (const ask of envelopes) answers.push(await ask());
    expect(answers).toEqual([true, true, false]);
    expect([await openPinRequest(session, 'S1', 'r1'), await openPinRequest(session, 'S1', 'r2')]).toEqual([true, false]);
    expect(await openPinRequest(session, 'S1', 'r1')).toBe(true);
  });
  await store.close();
  rmSync(folder, { recursive: true });
});

it('a case of before there were cards is the case of a SIM without one', () => {
  const stored = { applicationId: 'a', state: 'CONTRACT', data: { carrier: { phone: '+994500000001' } } };
  expect(readCase(JSON.stringify(stored))).toEqual({
    ...stored,
    card: null,
    spoiltCards: [],
    personalisingSinceMs: 0,
    data: { carrier: { phone: '+994500000001', kind: 'sim' } },
  });
});
