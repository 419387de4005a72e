import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowserShell } from '../../../src/main/browser/browser-shell.ts';
import { startTrainingRegistry, type TrainingRegistry } from '../../../src/main/browser/training-registry.ts';
import { loadDesk } from '../../../src/main/load-desk.ts';
import type { StartFailure } from '../../../src/shared/platform/start-failure.ts';
import type { LoadedDesk, Shell } from '../../../src/main/shell.ts';
import { connectScreen, openScreenClient } from '../../support/screen-client.ts';
import { shellContract, type ShellUnderTest } from './shell-contract.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const paths = {
  coreEntry: join(root, 'src', 'core', 'entry-node.ts'),
  paperEntry: join(root, 'src', 'core', 'documents', 'paper-host-node.ts'),
  maintenanceEntry: join(root, 'src', 'core', 'maintenance', 'maintenance-host-node.ts'),
  cardHostEntry: join(root, 'src', 'card-host', 'entry-node.ts'),
  pinPageFolder: join(root, 'dist', 'pin-window'),
  screenFolder: join(root, 'tests', 'fixtures', 'screen'),
};
let folder: string;
let registry: TrainingRegistry;
let desk: LoadedDesk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qeyd-shell-'));
  registry = await startTrainingRegistry(join(root, 'src', 'training', 'registry-child.ts'), folder);
  await registry.ready;
  desk = await loadDesk(registry.configPath);
});
afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Processes of this test whose command line names `entry`. */
function hostPids(entry: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        return (
          parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(entry) && readlinkSync(`/proc/${pid}/exe`) !== ''
        );
      } catch {
        return false;
      }
    });
}

function underTest(): ShellUnderTest {
  const make = (): Shell => createBrowserShell(desk, paths);
  const hosts = () => [...hostPids(paths.coreEntry), ...hostPids(paths.paperEntry), ...hostPids(paths.maintenanceEntry)];
  return {
    shell: make(),
    second: make,
    publicFacts: () =>
      Promise.resolve(
        hosts()
          .map((pid) => `${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}\n${readFileSync(`/proc/${pid}/environ`, 'utf8')}`)
          .join('\n'),
      ),
    databaseKey: async () => {
      const stored = JSON.parse(await readFile(join(desk.config.dataFolder, 'secrets.json'), 'utf8')) as Record<string, string>;
      return Buffer.from(stored['database-key'] ?? '', 'base64').toString('hex');
    },
    async screenReachesCore(started) {
      const screen = await openScreenClient((await started.openScreen()).address);
      const status = await screen.desk.system.status();
      screen.close();
      return status.mode === 'training' && status.deskId === desk.config.desk.id;
    },
    crashCore: () => {
      const [pid] = hostPids(paths.coreEntry);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    },
    hostsAlive: () => hosts().length,
  };
}

describe('the browser shell, for real', () => {
  shellContract(() => Promise.resolve(underTest()));

  const withServer = async (work: (origin: string, address: string) => Promise<void>) => {
    const shell = createBrowserShell(desk, paths);
    const started = await shell.start();
    try {
      const { address } = await started.openScreen();
      await work(new URL(address).origin, address);
    } finally {
      await shell.stop();
    }
  };
  const statusOf = async (url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') => {
    const answer = await request(url, { method, headers });
    await answer.body.dump();
    return answer.statusCode;
  };

  it('hands a window over whole: while the shell itself is busy, not one first question is lost', () =>
    withServer(async (_origin, address) => {
      const busy = setInterval(() => {
        const untilMs = performance.now() + 20;
        while (performance.now() < untilMs);
      }, 1);
      const windows = fork(join(import.meta.dirname, 'screens-child.ts'), [address, '40'], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      const [answered] = (await once(windows, 'message')) as [number];
      clearInterval(busy);
      expect(answered).toBe(40);
    }));

  it('leaves no window waiting that comes while the core is dying: it is let in or turned away at once', () =>
    withServer(async (origin, address) => {
      const { cookie } = await openScreenClient(address);
      const core = hostPids(paths.coreEntry)[0] ?? 0;
      const waitingMs: number[] = [];
      const windows: Promise<void>[] = [];
      for (let count = 0; count < 120; count += 1) {
        if (count === 40) process.kill(core, 'SIGKILL');
        const beganMs = performance.now();
        windows.push(
          connectScreen(origin, cookie).then(
            ({ close }) => {
              waitingMs.push(performance.now() - beganMs);
              close();
            },
            () => void waitingMs.push(performance.now() - beganMs),
          ),
        );
        await new Promise((done) => setTimeout(done, count % 3));
      }
      await Promise.race([Promise.all(windows), new Promise((done) => setTimeout(done, 8000))]);
      expect(waitingMs.length).toBe(120);
    }));

  it('listens on loopback only', () =>
    withServer((origin) => {
      const listening = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
      const port = Number(new URL(origin).port).toString(16).toUpperCase().padStart(4, '0');
      const own = listening.split('\n').filter((line) => / 0A /.test(line) && line.includes(`:${port} `));
      expect(own.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
      return Promise.resolve();
    }));

  it('answers nobody without the cookie, a wrong Host or a foreign Origin, and only GET', () =>
    withServer(async (origin, address) => {
      const { host } = new URL(origin);
      expect(await statusOf(`${origin}/`)).toBe(403);
      expect(await statusOf(`${origin}/open?token=AAAA`)).toBe(403);
      const screen = await openScreenClient(address);
      const { cookie } = screen;
      expect(await statusOf(`${origin}/`, { cookie })).toBe(200);
      expect(await statusOf(`${origin}/`, { cookie, host: 'localhost' })).toBe(403);
      expect(await statusOf(`${origin}/`, { cookie, origin: 'http://evil.example' })).toBe(403);
      expect(await statusOf(`${origin}/`, { cookie }, 'POST')).toBe(405);
      expect(await statusOf(`${origin}/..%2f..%2fpackage.json`, { cookie })).toBe(404);
      expect(await statusOf(address)).toBe(403);
      await expect(connectScreen(origin, 'qeyd-session=AAAA')).rejects.toThrow('403');
      screen.close();
      expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    }));

  it('serves the screen with a policy that allows nothing from elsewhere, never stored', () =>
    withServer(async (origin, address) => {
      const { cookie, close } = await openScreenClient(address);
      const answer = await request(`${origin}/`, { headers: { cookie } });
      await answer.body.dump();
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe-eval');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      close();
    }));

  it('keeps one window: a newer screen takes over from the older one', () =>
    withServer(async (origin, address) => {
      const first = await openScreenClient(address);
      const closed = new Promise<number>((done) => first.socket.once('close', done));
      const second = await connectScreen(origin, first.cookie);
      expect(await closed).toBe(4001);
      expect((await second.desk.system.status()).mode).toBe('training');
      second.close();
    }));

  it('refuses a production desk with a sentence before anything is opened', async () => {
    const production: LoadedDesk = { ...desk, config: { ...desk.config, mode: 'production', training: undefined } };
    const failure: unknown = await createBrowserShell(production, paths)
      .start()
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect((failure as StartFailure).code).toBe('BROWSER_SHELL_REFUSES_PRODUCTION');
  });
});
