import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { loadSqlite } from '../../../src/core/storage/native.ts';
import { openDatabase } from '../../../src/core/storage/open-database.ts';
import { applyProfile, connect } from '../../../src/core/storage/connection.ts';
import { migrations } from '../../../src/core/storage/migrations/all.ts';
import type { Migration } from '../../../src/core/storage/migrations/migration.ts';
import { StorageFault } from '../../../src/core/storage/failures.ts';

const keyHex = 'a1'.repeat(32);
const clock = { nowMs: () => 1_782_000_000_000 };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-open-'));
  file = path.join(folder, 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<Parameters<typeof openDatabase>[0]> = {}) => openDatabase({ file, keyHex, clock, ...options });

async function createWithRows(): Promise<void> {
  const opened = await open();
  if (!opened.ok) throw new Error(opened.failure.code);
  for (let index = 0; index < 200; index += 1) {
    opened.value.transact((tx) =>
      tx.run('INSERT INTO settings(name, value) VALUES (@name, @value)', { name: `n${index}`, value: 'x'.repeat(500) }),
    );
  }
  opened.value.close();
}

const hashOf = (name: string): string => createHash('sha256').update(readFileSync(name)).digest('hex');

async function expectRefusal(code: string, options: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<void> {
  const before = hashOf(file);
  const opened = await open(options);
  if (opened.ok) opened.value.close();
  expect(opened).toMatchObject({ ok: false, failure: { code } });
  expect(hashOf(file)).toBe(before);
}

describe('opening the database', () => {
  it('keeps the profile: WAL, FULL, foreign keys, no trust in the schema, ciphered pages', async () => {
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const db = opened.value;
    const pragma = (name: string) => Object.values(db.get(`PRAGMA ${name}`) ?? {})[0];
    expect([
      pragma('journal_mode'),
      pragma('synchronous'),
      pragma('foreign_keys'),
      pragma('trusted_schema'),
      pragma('secure_delete'),
      pragma('cipher'),
    ]).toEqual(['wal', 2, 1, 0, 1, 'aegis']);
    expect(pragma('application_id')).toBe(0x51657964);
    db.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('canary', 'QYD0001 MƏMMƏDOV')"));
    const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
    expect(bytes.includes('MƏMMƏDOV') || bytes.includes('CREATE TABLE') || bytes.includes('SQLite format')).toBe(false);
    db.close();
  });

  it('refuses a wrong key and leaves the file alone', async () => {
    await createWithRows();
    await expectRefusal('DATABASE_KEY', { keyHex: 'b2'.repeat(32) });
    const again = await open();
    expect(again.ok).toBe(true);
    if (again.ok) again.value.close();
  });

  it.each([100, 4096 * 3, 4096 * 5 + 17, 0])('refuses a file cut to %i bytes and leaves it alone', async (sizeBytes) => {
    await createWithRows();
    truncateSync(file, sizeBytes);
    await expectRefusal('DATABASE_DAMAGED');
  });

  it('refuses a file with one changed byte in a page', async () => {
    await createWithRows();
    const bytes = readFileSync(file);
    const at = 4096 * 6 + 200;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    await expectRefusal('DATABASE_DAMAGED');
  });

  it('refuses a file with a changed first page: damage, not a wrong key', async () => {
    await createWithRows();
    const bytes = readFileSync(file);
    bytes[1000] = (bytes[1000] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    await expectRefusal('DATABASE_DAMAGED');
  });

  it('refuses a page that was put in the place of another', async () => {
    await createWithRows();
    const bytes = readFileSync(file);
    bytes.copy(bytes, 4096 * 6, 4096 * 7, 4096 * 8);
    writeFileSync(file, bytes);
    await expectRefusal('DATABASE_DAMAGED');
  });

  it('with any byte changed in the open part of the first page: refuses, or reads the very same rows', async () => {
    await createWithRows();
    const whole = readFileSync(file);
    for (let at = 0; at < 24; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x03;
      writeFileSync(file, bytes);
      const opened = await open();
      if (!opened.ok) expect(opened.failure.code).toBe('DATABASE_DAMAGED');
      else {
        expect(opened.value.all('SELECT value FROM settings WHERE value = @value', { value: 'x'.repeat(500) })).toHaveLength(200);
        opened.value.close();
      }
    }
  });

  it('refuses a database of a newer version', async () => {
    const future: Migration = { version: 9990, title: 'future', up: (run) => run('CREATE TABLE future(id INTEGER PRIMARY KEY) STRICT') };
    const newer = await open({ migrations: [...migrations, future] });
    if (newer.ok) newer.value.close();
    await expectRefusal('DATABASE_NEWER');
  });

  it('refuses when the log is there and the database is not', async () => {
    writeFileSync(`${file}-wal`, 'left over');
    expect(await open()).toMatchObject({ ok: false, failure: { code: 'DATABASE_DAMAGED' } });
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a second instance, also in another process, and lets go when the holder is killed', async () => {
    await createWithRows();
    const script = path.join(import.meta.dirname, 'hold-database.ts');
    const holder = spawn(process.execPath, [script, file, keyHex], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(await open()).toMatchObject({ ok: false, failure: { code: 'DATABASE_IN_USE' } });
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    expect(opened.value.get("SELECT value FROM settings WHERE name = 'held'")?.['value']).toBe('1');
    expect(await open()).toMatchObject({ ok: false, failure: { code: 'DATABASE_IN_USE' } });
    opened.value.close();
  });

  it('refuses a Node that is too old before it loads native code', async () => {
    await expect(loadSqlite('22.20.0')).resolves.toEqual({ ok: false, code: 'NODE_TOO_OLD', version: '22.20.0' });
    await expect(loadSqlite('24.20.9')).resolves.toMatchObject({ ok: false, code: 'NODE_TOO_OLD' });
    await expect(loadSqlite('25.0.0')).resolves.toMatchObject({ ok: true });
  });
});

describe('migrations', () => {
  it('copy the database before they change it, encrypted like it', async () => {
    const [first] = migrations;
    if (first === undefined) throw new Error('no migration');
    const old = await open({ migrations: [first] });
    if (!old.ok) throw new Error(old.failure.code);
    old.value.close();
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    opened.value.close();
    const copy = path.join(folder, 'backups', `desk.db.v10.${clock.nowMs()}`);
    expect(readFileSync(copy).includes('CREATE TABLE')).toBe(false);
    copyFileSync(copy, path.join(folder, 'copy.db'));
    const restored = await open({ file: path.join(folder, 'copy.db'), migrations: [first] });
    expect(restored.ok).toBe(true);
    if (restored.ok) restored.value.close();
  });

  it('leave the old version whole when a statement fails', async () => {
    await createWithRows();
    const broken: Migration = {
      version: 9000,
      title: 'broken',
      up(run) {
        run('CREATE TABLE half(id INTEGER PRIMARY KEY) STRICT');
        run('CREATE TABLE half(id INTEGER PRIMARY KEY) STRICT');
      },
    };
    expect(await open({ migrations: [...migrations, broken] })).toMatchObject({ ok: false, failure: { code: 'STORAGE_FAILED' } });
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    expect(opened.value.get("SELECT name FROM sqlite_schema WHERE name = 'half'")).toBeUndefined();
    expect(opened.value.all('SELECT name FROM settings')).toHaveLength(200);
    opened.value.close();
  });

  it('must rise', async () => {
    const [first] = migrations;
    if (first === undefined) throw new Error('no migration');
    await expect(open({ migrations: [first, first] })).rejects.toThrow(/does not follow/);
  });

  it('end in the committed schema', async () => {
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const rows = opened.value.all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name");
    opened.value.close();
    const schema = rows
      .map(
        (row) =>
          `${String(row['sql'])
            .replace(/^ {6}/gm, '  ')
            .replace(/^ {4}\)/gm, ')')};\n`,
      )
      .join('\n');
    await expect(schema).toMatchFileSnapshot('../../../src/core/storage/schema.snapshot.sql');
  });

  it('make STRICT tables only', async () => {
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const loose = opened.value.all(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    opened.value.close();
    expect(loose).toEqual([]);
  });
});

describe('a transaction', () => {
  it('is synchronous, alone, and over when it is over', async () => {
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const db = opened.value;
    expect(() => db.transact(() => db.transact(() => 1))).toThrow(/inside a transaction/);
    expect(() => db.transact(() => Promise.resolve(1))).toThrow(/must not wait/);
    const leaked = db.transact((tx) => tx);
    expect(() => leaked.run('DELETE FROM settings')).toThrow(/over/);
    db.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('a', 'b')"));
    expect(() =>
      db.transact((tx) => {
        tx.run('DELETE FROM settings');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(db.all('SELECT name FROM settings')).toHaveLength(1);
    db.close();
  });

  it('reads many rows of one state, waits for nothing and writes nothing', async () => {
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const db = opened.value;
    const insert = (name: string) => db.transact((tx) => tx.run('INSERT INTO settings(name, value) VALUES (@name, @name)', { name }));
    insert('a');
    expect(db.read((reader) => [reader.all('SELECT name FROM settings'), db.get('SELECT count(*) AS n FROM settings')?.['n']])).toEqual([
      [{ name: 'a' }],
      1,
    ]);
    expect(() => db.read(() => insert('b'))).toThrow(/transaction/);
    expect(() => db.read(() => Promise.resolve(1))).toThrow(/must not wait/);
    expect(() =>
      db.read(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    insert('c');
    expect(db.all('SELECT name FROM settings')).toEqual([{ name: 'a' }, { name: 'c' }]);
    db.close();
  });

  it('is fail-stop: after damage under way nothing is acknowledged, and a second error makes it read-only', async () => {
    await createWithRows();
    const opened = await open();
    if (!opened.ok) throw new Error(opened.failure.code);
    const db = opened.value;
    // The file is spoilt behind the connection's back, as a dying disk does.
    const bytes = readFileSync(file);
    bytes.fill(0xee, 4096 * 4);
    writeFileSync(file, bytes);
    const read = () => db.transact((tx) => tx.all('SELECT sum(length(value)) FROM settings'));
    expect(read).toThrow(StorageFault);
    expect(read).toThrow(StorageFault);
    expect(db.isReadOnly).toBe(true);
    expect(() => db.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('late', '1')"))).toThrow(StorageFault);
    db.close();
  });

  it('opens with the plain driver profile too', async () => {
    const native = await loadSqlite();
    if (!native.ok) throw new Error(native.code);
    const connection = connect(native.Sqlite, ':memory:', keyHex);
    applyProfile(connection);
    expect(connection.pragma('synchronous', { simple: true })).toBe(2);
    expect(() => connect(native.Sqlite, ':memory:', 'short')).toThrow(/64 hex/);
    connection.close();
  });
});
