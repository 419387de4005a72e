import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyProfile, connect, pragmaNumber } from '../../src/core/storage/connection.ts';
import { latestVersion, migrate } from '../../src/core/storage/migrate.ts';
import { migrations } from '../../src/core/storage/migrations/all.ts';
import { loadSqlite, type SqliteModule } from '../../src/core/storage/native.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { count, isProving } from '../support/counts.ts';

const keyHex = '3c'.repeat(32);
let folder: string;
let file: string;
let Sqlite: SqliteModule;
beforeEach(async () => {
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  ({ Sqlite } = native);
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-migration-'));
  file = path.join(folder, 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const versions = migrations.map(({ version }) => version);

/** A desk of an older program, with rows that must survive. */
async function makeOld(version: number): Promise<void> {
  const opened = await openDatabase({
    file,
    keyHex,
    clock: { nowMs: () => 1 },
    migrations: migrations.filter((step) => step.version <= version),
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  opened.value.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('kept', 'through every step')"));
  opened.value.close();
}

/** Whole, of an old version or a new one, and with its rows; then the program goes on from there to the newest. */
async function expectOldOrNew(where: string): Promise<number> {
  const connection = connect(Sqlite, file, keyHex, { isReadOnly: true });
  const version = pragmaNumber(connection, 'user_version');
  expect(connection.pragma('integrity_check', { simple: true }), where).toBe('ok');
  expect(connection.prepare("SELECT value FROM settings WHERE name = 'kept'").pluck().get(), where).toBe('through every step');
  connection.close();
  expect(versions, where).toContain(version);
  const opened = await openDatabase({ file, keyHex, clock: { nowMs: () => 2 } });
  if (!opened.ok) throw new Error(`${where}: ${opened.failure.code}`);
  expect(Number(Object.values(opened.value.get('PRAGMA user_version') ?? {})[0]), where).toBe(latestVersion(migrations));
  opened.value.close();
  return version;
}

describe('a migration that dies', () => {
  const starts = isProving ? versions.slice(0, -1) : [versions[0] as number, versions.at(-2) as number];

  it.each(starts)(
    'after any statement of the way from version %i leaves an old version or a new one',
    async (from) => {
      await makeOld(from);
      // What the files hold at this moment is what a process killed at this moment leaves behind.
      const moments: { readonly at: string; readonly name: string }[] = [];
      const connection = connect(Sqlite, file, keyHex);
      applyProfile(connection);
      migrate(connection, migrations, (sql) => {
        const at = path.join(folder, `at-${moments.length}`);
        for (const part of ['', '-wal']) if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${at}${part}`);
        moments.push({ at, name: sql.slice(0, 60) });
      });
      connection.close();
      const step = isProving ? 1 : Math.ceil(moments.length / 30);
      let checked = 0;
      for (let index = 0; index < moments.length; index += step) {
        const { at, name } = moments[index] as (typeof moments)[number];
        for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
        for (const part of ['', '-wal']) if (existsSync(`${at}${part}`)) copyFileSync(`${at}${part}`, `${file}${part}`);
        await expectOldOrNew(`from ${from}, after statement ${index}: ${name}`);
        checked += 1;
      }
      console.info(`from version ${from}: ${moments.length} statements, ${checked} states opened`);
    },
    600_000,
  );

  it('by SIGKILL leaves an old version or a new one', async () => {
    const from = versions[0] as number;
    const statements = 40;
    const kills = count(4, statements);
    for (let kill = 0; kill < kills; kill += 1) {
      rmSync(folder, { recursive: true, force: true });
      folder = mkdtempSync(path.join(tmpdir(), 'qeyd-migration-'));
      file = path.join(folder, 'desk.db');
      await makeOld(from);
      const after = Math.floor((kill * statements) / kills) + 1;
      const child = spawnSync(process.execPath, [path.join(import.meta.dirname, 'migration-child.ts'), file, keyHex, String(after)], {
        stdio: 'inherit',
      });
      expect(child.signal, `after ${after} statements`).toBe('SIGKILL');
      await expectOldOrNew(`killed after ${after} statements`);
    }
  }, 600_000);
});
