import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskConfig } from '../shared/platform/desk-config.ts';
import { collectSecrets, createFileSecretStore, noWrapper, type Wrapper } from './secrets.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import type { LoadedDesk } from './shell.ts';

let folder: string;
let desk: LoadedDesk;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qeyd-secrets-'));
  await writeFile(join(folder, 'key.pem'), 'key');
  const key = { path: join(folder, 'key.pem') };
  const config = { dataFolder: join(folder, 'desk'), registry: { clientKey: key, signingKey: key } };
  desk = { config: config as unknown as DeskConfig, configPath: '' };
});
afterEach(() => rm(folder, { recursive: true }));
const path = () => join(folder, 'desk', 'secrets.json');

describe('the secret store', () => {
  it('keeps a value in a file that only its owner can read', async () => {
    const store = createFileSecretStore(path(), noWrapper);
    await store.put('a', new Uint8Array([1, 2, 3]));
    expect(await store.find('a')).toEqual(Buffer.from([1, 2, 3]));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'desk'))).mode & 0o777).toBe(0o700);
  });

  it('stores only what the wrapper made of a value', async () => {
    const xor: Wrapper = {
      wrap: (plain) => Promise.resolve(plain.map((byte) => byte ^ 0x5a)),
      unwrap: (wrapped) => Promise.resolve(wrapped.map((byte) => byte ^ 0x5a)),
    };
    const store = createFileSecretStore(path(), xor);
    const value = new TextEncoder().encode('açıq mətn');
    await store.put('a', value);
    expect(await readFile(path(), 'utf8')).not.toContain(Buffer.from(value).toString('base64'));
    expect(Buffer.from((await store.find('a')) ?? []).toString()).toBe('açıq mətn');
  });

  it('makes the database key once and hands the same one out again', async () => {
    const store = createFileSecretStore(path(), noWrapper);
    const first = await collectSecrets(desk, store);
    const second = await collectSecrets(desk, store);
    expect(first.databaseKey).toMatch(/^[0-9a-f]{64}$/);
    expect(second.databaseKey).toBe(first.databaseKey);
    expect(first.clientKeyPem).toBe('key');
  });

  it.each(['desk.db', 'desk.db-wal', 'desk.db.recovery-key', 'backups'])('never makes a new key beside %s', async (left) => {
    await mkdir(join(folder, 'desk'), { recursive: true });
    await writeFile(join(folder, 'desk', left), 'x');
    expect((await collectSecrets(desk, createFileSecretStore(path(), noWrapper))).databaseKey).toBe('');
    await expect(readFile(path())).rejects.toThrow('ENOENT');
  });

  it('fault 11: hands out no key when the device cannot read its secret any more, and says so when its store is weak', async () => {
    const store = createFileSecretStore(path(), noWrapper);
    await store.put('database-key', new Uint8Array(32));
    const failing = (error: Error): Wrapper => ({ ...noWrapper, unwrap: () => Promise.reject(error) });
    const lost = await collectSecrets(desk, createFileSecretStore(path(), failing(new Error('the chip does not answer'))));
    expect(lost.databaseKey).toBe('');
    await expect(collectSecrets(desk, createFileSecretStore(path(), failing(new StartFailure('SECRET_STORE_WEAK'))))).rejects.toThrow(
      'SECRET_STORE_WEAK',
    );
  });
});
