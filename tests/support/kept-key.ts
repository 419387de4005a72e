import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSigner } from '../../src/core/act/envelope.ts';
import { createKeyRecovery, type KeyRecovery } from '../../src/core/maintenance/key-recovery.ts';
import { systemClock } from '../../src/core/platform/clock.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { createHttpsTransport } from '../../src/core/sync/https-transport.ts';
import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import { createFileSecretStore, noWrapper } from '../../src/main/secrets.ts';
import type { DeskCredentials } from '../../src/registry/index.ts';
import type { KeyDesk } from './key-desk.ts';

export function transportOf(url: string, credentials: DeskCredentials): RegistryTransport {
  return createHttpsTransport({
    url,
    caPem: credentials.registryCaPem,
    certificatePem: credentials.certificatePem,
    keyPem: credentials.privateKeyPem,
  });
}

export const secretsOf = (folder: string) => createFileSecretStore(path.join(folder, 'secrets.json'), noWrapper);

/** `steps` hears of the moments around the device's store. */
export function recoveryOf(
  desk: Pick<KeyDesk, 'file' | 'folder' | 'credentials'>,
  transport: RegistryTransport,
  steps: (name: string) => void = () => undefined,
): KeyRecovery {
  const { deskId, officeId, privateKeyPem } = desk.credentials;
  return createKeyRecovery({
    config: { office: { id: officeId, code: 'TLM1', name: 'Təlim' }, desk: { id: deskId, code: '01' } },
    databaseFile: desk.file,
    transport,
    signer: createSigner(privateKeyPem),
    clock: systemClock,
    random: systemRandomness,
    keep: async (keyHex) => {
      steps('keeping');
      await secretsOf(desk.folder).put('database-key', Buffer.from(keyHex, 'hex'));
      steps('telling');
      return true;
    },
  });
}

export const trained = (login: string) => ({ login, password: `Telim-2026-${login}` });

/** What the device keeps; undefined = nothing. */
export function keptKeyOf(folder: string): string | undefined {
  try {
    const secrets = JSON.parse(readFileSync(path.join(folder, 'secrets.json'), 'utf8')) as Record<string, string>;
    return Buffer.from(secrets['database-key'] ?? '', 'base64').toString('hex');
  } catch {
    return undefined;
  }
}
