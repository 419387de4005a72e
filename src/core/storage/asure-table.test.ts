import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createAsureTable, type AsureRow } from './asure-table.ts';
import { loadSqlite } from './native.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-asure-'));
  folders.push(folder);
  return folder;
};
const row = (cardSerial: string, surname = 'Quliyeva'): AsureRow => ({
  cardSerial,
  surname,
  givenName: 'Nuray',
  fatherName: '',
  fin: 'QYD0001',
  certificate: 'PER',
  issuedOn: '2026-11-22',
  validUntilOn: '2029-11-22',
  photo: { bytes: Uint8Array.from([0xff, 0xd8, 0xff]), extension: 'jpg' },
});

it('PRS-04: the rows stand in a plain table and in CSV, readable by their owner only', async () => {
  const folder = newFolder();
  const table = createAsureTable(folder);
  expect(await table.add([row('AAAA0001', '=cmd|x'), row('AAAA0002', 'Ə"liyev')], 1_000)).toEqual({ ok: true, value: 2 });
  const csv = readFileSync(path.join(folder, 'asure-cards.csv'), 'utf8');
  expect(csv).toContain(`"'=cmd|x"`);
  expect(csv).toContain('"Ə""liyev"');
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const plain = new native.Sqlite(path.join(folder, 'asure-cards.sqlite'), { readonly: true });
  expect(plain.prepare('SELECT card_serial, photo FROM cards ORDER BY 1').all()).toEqual([
    { card_serial: 'AAAA0001', photo: 'asure-AAAA0001.jpg' },
    { card_serial: 'AAAA0002', photo: 'asure-AAAA0002.jpg' },
  ]);
  plain.close();
  if (process.platform !== 'win32') {
    for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).mode & 0o077).toBe(0);
  }
});

it('PRS-08: a processed row is gone from every file, and what nobody processed goes after a day', async () => {
  const folder = newFolder();
  const table = createAsureTable(folder);
  await table.add([row('AAAA0001', 'Birinciyev')], 1_000);
  await table.add([row('AAAA0002', 'Ikinciyev')], 5_000);
  expect(await table.remove(['AAAA0001', 'BBBB0001'])).toEqual({ ok: true, value: 1 });
  const all = (): string =>
    readdirSync(folder)
      .map((name) => readFileSync(path.join(folder, name), 'latin1'))
      .join('');
  expect(all()).not.toContain('Birinciyev');
  expect(existsSync(path.join(folder, 'asure-AAAA0001.jpg'))).toBe(false);
  expect(await table.sweep(5_000)).toEqual({ ok: true, value: { serials: ['AAAA0002'], oldestAtMs: 5_000 } });
  expect(await table.sweep(5_001)).toEqual({ ok: true, value: { serials: [], oldestAtMs: null } });
  expect(all()).not.toContain('Ikinciyev');
  expect(readdirSync(folder)).toEqual(['asure-cards.sqlite']);
});
