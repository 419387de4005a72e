import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { existsSync, readFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUpDatabase } from '../../../src/core/storage/recovery/backups.ts';
import { createBrowserShell } from '../../../src/main/browser/browser-shell.ts';
import { startTrainingRegistry, type TrainingRegistry } from '../../../src/main/browser/training-registry.ts';
import { loadDesk } from '../../../src/main/load-desk.ts';
import type { CoreState, LoadedDesk, Shell, StartedShell } from '../../../src/main/shell.ts';
import { trainingPassword } from '../../../src/registry/index.ts';
import type { recoveryContract } from '../../../src/shared/contract/recovery.ts';
import { flipByte } from '../../support/worked-desk.ts';
import { openScreenClient, type ScreenClient } from '../../support/screen-client.ts';
import { until } from '../../support/real-desk.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const paths = {
  coreEntry: join(root, 'src', 'core', 'entry-node.ts'),
  paperEntry: join(root, 'src', 'core', 'documents', 'paper-host-node.ts'),
  maintenanceEntry: join(root, 'src', 'core', 'maintenance', 'maintenance-host-node.ts'),
  cardHostEntry: join(root, 'src', 'card-host', 'entry-node.ts'),
  pinPageFolder: join(root, 'dist', 'pin-window'),
  screenFolder: join(root, 'tests', 'fixtures', 'screen'),
};
type RecoveryClient = ContractRouterClient<typeof recoveryContract>;
let folder: string;
let registry: TrainingRegistry;
let desk: LoadedDesk;
const file = (): string => join(desk.config.dataFolder, 'desk.db');
const keyHex = (): string => {
  const secrets = JSON.parse(readFileSync(join(desk.config.dataFolder, 'secrets.json'), 'utf8')) as Record<string, string>;
  return Buffer.from(secrets['database-key'] ?? '', 'base64').toString('hex');
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qeyd-recovery-'));
  registry = await startTrainingRegistry(join(root, 'src', 'training', 'registry-child.ts'), folder);
  await registry.ready;
  desk = await loadDesk(registry.configPath);
});
afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

async function withShell(work: (started: StartedShell, screen: ScreenClient, shell: Shell) => Promise<void>): Promise<void> {
  const shell = createBrowserShell(desk, paths);
  const started = await shell.start();
  const screen = await openScreenClient((await started.openScreen()).address);
  try {
    await work(started, screen, shell);
  } finally {
    screen.close();
    await shell.stop();
  }
}

const recoveryOf = (screen: ScreenClient): RecoveryClient => createORPCClient(new RPCLink({ websocket: screen.socket }));
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );

/** Works for a moment, with a copy in the middle. */
async function work(): Promise<void> {
  await withShell(async (_started, { desk: screen }) => {
    await screen.session.signIn({ login: 'nigar', password: trainingPassword('nigar') });
    expect(await screen.storage.backUp()).toMatchObject({ sizeBytes: expect.any(Number) as number });
    expect((await screen.storage.state()).lastBackup?.sizeBytes).toBeGreaterThan(100_000);
    expect((await screen.audit.verify()).firstBadSeq).toBeNull();
    await screen.session.lock();
  });
}

describe('a desk whose database is damaged', () => {
  it('is restored at the recovery page by who may, and goes on with everything', async () => {
    await work();
    const before = readFileSync(file());
    flipByte(file(), 4096 * 3 + 100);
    await withShell(async (started, screen) => {
      // The page of the screen leads to the recovery page; nothing of the desk can be asked.
      const page = await request(`${new URL((await started.openScreen()).address).origin}/`, { headers: { cookie: screen.cookie } });
      await page.body.dump();
      expect(page.statusCode).toBe(302);
      expect(String(page.headers['location'])).toMatch(/^\/recovery\/index\.html#code=DATABASE_DAMAGED/u);
      expect(await codeOf(screen.desk.system.status())).toBe('NOT_FOUND');

      const { recovery } = recoveryOf(screen);
      expect(await recovery.state()).toMatchObject({
        code: 'DATABASE_DAMAGED',
        backups: [{ sizeBytes: expect.any(Number) as number }],
        counts: null,
      });
      expect(await codeOf(recovery.restore({ login: 'nigar', password: 'wrong' }))).toBe('SIGN_IN_REFUSED');
      expect(await codeOf(recovery.restore({ login: 'leyla', password: trainingPassword('leyla') }))).toBe('FORBIDDEN');
      expect(
        readFileSync(file())
          .subarray(0, 4096 * 3)
          .equals(before.subarray(0, 4096 * 3)),
      ).toBe(true);

      const counts = await recovery.restore({ login: 'nigar', password: trainingPassword('nigar') });
      expect(counts).toMatchObject({ actsLost: 0 });
      expect(counts.backupAtMs).not.toBeNull();
      const states: CoreState[] = [];
      started.onCoreState((state) => states.push(state));
      void codeOf(recovery.resume());
      await until(() => states.includes('running'), 'a running core', 30_000);
      expect(states).toEqual(['restarting', 'running']);

      const again = await openScreenClient((await started.openScreen()).address);
      await again.desk.session.signIn({ login: 'nigar', password: trainingPassword('nigar') });
      const { restoration } = await again.desk.storage.state();
      expect(restoration).toMatchObject({ cause: 'damaged', isSeen: false, actsLost: 0 });
      await again.desk.storage.confirmRestoration({ id: restoration?.id ?? 0 });
      expect((await again.desk.storage.state()).restoration?.isSeen).toBe(true);
      expect((await again.desk.audit.verify()).firstBadSeq).toBeNull();
      again.close();
    });
    // The damaged file is kept as it was.
    const [aside] = readdirSync(join(desk.config.dataFolder, 'aside'));
    expect(existsSync(join(desk.config.dataFolder, 'aside', aside ?? '', 'desk.db'))).toBe(true);
  }, 120_000);

  it('without a link is restored by who was seen here within seven days, by the proof in the copy', async () => {
    const good = await backUpDatabase(
      { file: file(), keyHex: keyHex(), deskId: desk.config.desk.id },
      { nowMs: Date.now(), freeAfterBytes: 0 },
    );
    expect(good.ok).toBe(true);
    truncateSync(file(), Math.floor(statSync(file()).size / 2));
    await registry.stop();
    await withShell(async (started, screen) => {
      const { recovery } = recoveryOf(screen);
      expect(await codeOf(recovery.restore({ login: 'kamran', password: trainingPassword('kamran') }))).toBe('OFFLINE_SIGN_IN_NOT_ALLOWED');
      expect(await codeOf(recovery.restore({ login: 'nigar', password: 'wrong' }))).toBe('SIGN_IN_REFUSED');
      expect(await recovery.restore({ login: 'nigar', password: trainingPassword('nigar') })).toMatchObject({ actsLost: 0 });
      const states: CoreState[] = [];
      started.onCoreState((state) => states.push(state));
      void codeOf(recovery.resume());
      await until(() => states.includes('running'), 'a running core', 30_000);
    });
  }, 120_000);

  it('found while the desk runs, the core begins anew into the recovery', async () => {
    await withShell(async (started, screen) => {
      await screen.desk.session.signIn({ login: 'nigar', password: trainingPassword('nigar') });
      const states: CoreState[] = [];
      started.onCoreState((state) => states.push(state));
      // The middle of the file goes bad under the running desk.
      for (let page = 4; page < statSync(file()).size / 4096; page += 1) flipByte(file(), page * 4096 + 50);
      for (let look = 0; look < 20 && !states.includes('recovery'); look += 1) {
        await codeOf(screen.desk.audit.list({}));
        await codeOf(screen.desk.storage.backUp());
        await new Promise((done) => setTimeout(done, 300));
      }
      await until(() => states.includes('recovery'), 'the recovery', 30_000);
    });
  }, 120_000);
});
