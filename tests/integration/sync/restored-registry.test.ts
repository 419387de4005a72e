import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { registryPaths, startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import { openRealDesk, realOfficeId, until, type RealDesk } from '../../support/real-desk.ts';

let folder: string;
let registry: RunningRegistry;
let desk: RealDesk;

const start = (options: { readonly port?: number; readonly isRestored?: boolean } = {}): Promise<RunningRegistry> =>
  startRegistry({ folder, seedTraining: { officeId: realOfficeId }, passwordCost: { memoryKib: 1024, passes: 1 }, ...options });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-restored-'));
  registry = await start();
});
afterEach(async () => {
  await desk.remove();
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

const refusal = (applicationId: string): CommandDraft => ({
  kind: 'application.refuse',
  payload: {
    applicationId,
    reasonCode: 'M-05',
    note: '',
    invalidityNote: false,
    returnedDocuments: [],
    summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  },
  aggregate: { type: 'application', key: applicationId },
  baseRev: null,
  leaseToken: 0,
});

it('fault 26 I-19: the reference registry, back from an older copy of its database, is healed by the desk while it works on', async () => {
  const credentials = await registry.provisionDesk({ deskId: 'desk-1', officeId: realOfficeId });
  desk = await openRealDesk(registry, credentials);
  const act = (): string => desk.act({ outbox: [refusal(desk.desk.random.uuid())] });
  for (let index = 0; index < 5; index += 1) act();
  await until(() => desk.worker.queue().queued === 0, 'the first acts');

  const { port } = registry;
  const file = registryPaths(folder).database;
  await registry.stop();
  copyFileSync(file, `${file}.copy`);
  registry = await start({ port });
  const lost = Array.from({ length: 7 }, act);
  await until(() => desk.worker.queue().queued === 0, 'the acts that will be lost', 30_000);
  const before = desk.db.all('SELECT command_id, result FROM receipts ORDER BY command_id');

  await registry.stop();
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  copyFileSync(`${file}.copy`, file);
  registry = await start({ port, isRestored: true });
  act();
  await until(() => desk.worker.page().places.sentAgain === lost.length && desk.worker.queue().queued === 0, 'the healing', 60_000);
  expect(desk.worker.page().places).toMatchObject({ sentAgain: lost.length, different: 0, open: 0 });
  const after = new Map(desk.db.all('SELECT command_id, result FROM receipts').map((row) => [row['command_id'], row['result']]));
  expect(after.size).toBe(13);
  for (const row of before) expect(JSON.parse(String(after.get(row['command_id'])))).toMatchObject({ outcome: 'applied' });
  await until(() => desk.db.get('SELECT is_resyncing FROM sync_state')?.['is_resyncing'] === 0, 'the end of the reading');
  expect(await desk.worker.prove()).toMatchObject({ reopened: 0, provenSeq: 13 });
}, 120_000);
