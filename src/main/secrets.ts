import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CoreStart } from '../shared/platform/host-messages.ts';
import { readKey } from './load-desk.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import type { Host } from './hosts/host.ts';
import type { LoadedDesk, SecretStore } from './shell.ts';

/** Turns bytes into something that only this user on this machine can turn back; the identity for the owner-only training file. */
export interface Wrapper {
  wrap(plain: Uint8Array): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
}

/** For training only: no wrapping beyond the file's owner-only mode. */
export const noWrapper: Wrapper = { wrap: (plain) => Promise.resolve(plain), unwrap: (wrapped) => Promise.resolve(wrapped) };

/**
 * Secrets in one file that only its owner can read (0600 in a 0700 folder), each value wrapped. Written by temp file, fsync and rename, so a
 * crash leaves the old or the new file, never half of one.
 */
export function createFileSecretStore(path: string, wrapper: Wrapper): SecretStore {
  const load = async (): Promise<Record<string, string>> => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
      throw error;
    });
    return JSON.parse(text) as Record<string, string>;
  };
  return {
    async find(name) {
      const value = (await load())[name];
      return value === undefined ? undefined : wrapper.unwrap(Buffer.from(value, 'base64'));
    },
    async put(name, value) {
      const entries = { ...(await load()), [name]: Buffer.from(await wrapper.wrap(value)).toString('base64') };
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await chmod(dirname(path), 0o700);
      const temporary = `${path}.new`;
      const file = await open(temporary, 'w', 0o600);
      await file.writeFile(JSON.stringify(entries));
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
  };
}

const databaseKeyName = 'database-key';

/**
 * The secrets the core needs. The database key is made once, at random, and only where no desk has ever worked: a new key beside an existing database
 * would look like an empty desk. Where it is gone it is empty, and the core starts into the recovery page, which can have it brought back.
 */
export async function collectSecrets(desk: LoadedDesk, store: SecretStore): Promise<CoreStart['secrets']> {
  const found = await store.find(databaseKeyName).then(
    (value) => ({ isReadable: true, value }),
    (error: unknown) => {
      if (error instanceof StartFailure) throw error;
      return { isReadable: false, value: undefined };
    },
  );
  let key = found.value;
  if (key === undefined && found.isReadable && !hasWorked(desk.config.dataFolder)) {
    key = randomBytes(32);
    await store.put(databaseKeyName, key);
  }
  return {
    databaseKey: key === undefined ? '' : Buffer.from(key).toString('hex'),
    clientKeyPem: await readKey(desk.config.registry.clientKey, 'registry.clientKey', store),
    signingKeyPem: await readKey(desk.config.registry.signingKey, 'registry.signingKey', store),
  };
}

/** Any of these was left by a desk: its database, the log or witness of one, its copies, or its wrapped key. */
function hasWorked(dataFolder: string): boolean {
  return ['desk.db', 'desk.db-wal', 'desk.db.witness', 'desk.db.recovery-key', 'backups'].some((name) =>
    existsSync(join(dataFolder, name)),
  );
}

/**
 * Keeps the database key that the core had brought back from the registry as every other secret, and tells the core whether it is durable. `onKept`
 * gets it for the core's next start. Until then the device is as it was: a crash anywhere before leaves the desk asking again.
 */
export function keepReturnedKey(host: Host, store: SecretStore, onKept: (databaseKey: string) => void): void {
  host.onReport((report) => {
    if (report.type !== 'databaseKey') return;
    void store.put(databaseKeyName, Buffer.from(report.databaseKey, 'hex')).then(
      () => {
        onKept(report.databaseKey);
        host.send({ type: 'databaseKeyKept', isKept: true });
      },
      () => {
        host.send({ type: 'databaseKeyKept', isKept: false });
      },
    );
  });
}
