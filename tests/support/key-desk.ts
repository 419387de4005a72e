import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKeyCustody } from '../../src/core/maintenance/key-custody.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import type { DeskCredentials, RunningRegistry } from '../../src/registry/index.ts';
import { openRealDesk, realOfficeId, until } from './real-desk.ts';

export const keyDeskHex = '6b'.repeat(32);

/** A desk that has worked, was wrapped for the registry, has acts that were never sent, and has lost the key of its device. */
export interface KeyDesk {
  readonly folder: string;
  readonly file: string;
  readonly credentials: DeskCredentials;
  readonly queued: readonly string[];
  remove(): void;
}

export async function makeKeyDesk(registry: RunningRegistry, deskId: string): Promise<KeyDesk> {
  const credentials = await registry.provisionDesk({ deskId, officeId: realOfficeId });
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-key-desk-'));
  const file = path.join(folder, 'desk.db');
  const desk = await openRealDesk(registry, credentials, { folder, keyHex: keyDeskHex });
  await until(() => desk.worker.exchange.policy.signed() !== null, 'the policy');
  const custody = createKeyCustody({
    desk: desk.desk,
    databaseFile: file,
    databaseKeyHex: keyDeskHex,
    policy: () => desk.worker.exchange.policy.signed(),
  });
  custody.start();
  custody.stop();
  await registry.setFaults({ isUnreachable: true });
  const queued = Array.from({ length: 3 }, () => {
    const key = systemRandomness.uuid();
    return desk.act({
      outbox: [
        {
          kind: 'application.withdraw',
          payload: { applicationId: key, reason: 'sınaq' },
          aggregate: { type: 'application', key },
          baseRev: null,
          leaseToken: 0,
        },
      ],
    });
  });
  await desk.close();
  await registry.setFaults({});
  return { folder, file, credentials, queued, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
