import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesk, type StartedDesk } from '../../../src/core/start-desk.ts';
import { loadDesk } from '../../../src/main/load-desk.ts';
import { collectSecrets } from '../../../src/main/secrets.ts';
import type { SecretStore } from '../../../src/main/shell.ts';
import { provisionDesk, startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import type { DeskClient } from '../../../src/shared/contract/index.ts';

/** The secret store of a production shell, in memory. */
function createTestSecretStore(): SecretStore {
  const values = new Map<string, Uint8Array>();
  return {
    find: (name) => Promise.resolve(values.get(name)),
    put: (name, value) => {
      values.set(name, value);
      return Promise.resolve();
    },
  };
}

let folder: string;
let registry: RunningRegistry;
let started: StartedDesk;
let desk: DeskClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qeyd-production-'));
  await mkdir(join(folder, 'registry'));
  registry = await startRegistry({ folder: join(folder, 'registry') });
  const credentials = await provisionDesk(join(folder, 'registry'), { deskId: 'baki-1-07', officeId: 'baki-1' });
  await writeFile(join(folder, 'ca.pem'), credentials.registryCaPem);
  await writeFile(join(folder, 'desk.pem'), credentials.certificatePem);
  const config = {
    mode: 'production',
    office: { id: 'baki-1', code: 'BAK1', name: 'Bakı 1 saylı ASAN xidmət mərkəzi' },
    desk: { id: 'baki-1-07', code: '07' },
    registry: {
      url: registry.url,
      caPath: 'ca.pem',
      clientCertificatePath: 'desk.pem',
      clientKey: { reference: 'desk-key' },
      signingKey: { reference: 'desk-key' },
    },
    dataFolder: 'data',
  };
  await writeFile(join(folder, 'desk.json'), JSON.stringify(config));
  const store = createTestSecretStore();
  await store.put('desk-key', new TextEncoder().encode(credentials.privateKeyPem));
  const loaded = await loadDesk(join(folder, 'desk.json'));
  started = await startDesk({
    type: 'start',
    config: loaded.config,
    secrets: await collectSecrets(loaded, store),
    paperSocketPath: '',
    maintenanceSocketPath: '',
  });
  desk = createRouterClient(started.router, { context: { bucket: { take: () => true } } });
});
afterAll(async () => {
  await started.stop();
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a production desk, its keys in a secret store', () => {
  it('starts, says that it is one and shows no training operator', async () => {
    expect((await desk.system.status()).mode).toBe('production');
    expect(await desk.session.listTrainingOperators()).toEqual([]);
  });

  it('does not know the training operators’ passwords', async () => {
    await expect(desk.session.signIn({ login: 'leyla', password: 'Telim-2026-leyla' })).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
  });
});
