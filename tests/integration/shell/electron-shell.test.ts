import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createElectronShell, portAnswer, portRequest, prepareElectron, screenPathsForTest } from './electron-under-test.ts';
import { createElectronDouble, type ElectronDouble } from './electron-double.ts';
import { shellContract, type ShellUnderTest } from './shell-contract.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function makeDesk() {
  const folder = await mkdtemp(join(tmpdir(), 'qeyd-electron-'));
  folders.push(folder);
  await writeFile(join(folder, 'key.pem'), 'PRIVATE KEY of the test');
  return screenPathsForTest(folder);
}

async function make(double: ElectronDouble = createElectronDouble()): Promise<ShellUnderTest & { double: ElectronDouble }> {
  const { desk, paths } = await makeDesk();
  const shell = createElectronShell(double.api, desk, paths, () => undefined);
  const core = () => double.forks.filter(({ serviceName }) => serviceName === 'Qeyd core').at(-1);
  return {
    double,
    shell,
    second: () => createElectronShell(double.makeSecondInstance().api, desk, paths, () => undefined),
    publicFacts: () =>
      Promise.resolve(
        JSON.stringify(double.forks.map(({ modulePath, args, env, serviceName }) => ({ modulePath, args, env, serviceName }))),
      ),
    databaseKey: () => {
      const start = core()?.process.received.find(({ message }) => (message as { type: string }).type === 'start');
      return Promise.resolve((start?.message as { secrets: { databaseKey: string } }).secrets.databaseKey);
    },
    async screenReachesCore(started) {
      if (double.windows.length === 0) await started.openScreen();
      const before = core()?.process.received.filter(({ message }) => (message as { type: string }).type === 'screen').length ?? 0;
      double.sendFromScreen(portRequest, 'main-frame');
      const after = core()?.process.received.filter(({ message }) => (message as { type: string }).type === 'screen') ?? [];
      return (
        after.length === before + 1 &&
        after.at(-1)?.ports.length === 1 &&
        double.windows.at(-1)?.webContents.posted.at(-1)?.channel === portAnswer
      );
    },
    crashCore: () => core()?.process.exit(139),
    hostsAlive: () => double.forks.filter(({ process }) => process.listenerCount('message') > 0 && !process.hasExited).length,
  };
}

describe('the Electron shell, against a double typed by electron.d.ts (not in Electron)', () => {
  shellContract(() => make());

  it('denies permissions, devices, downloads, foreign requests, navigation, new windows and embedded views', async () => {
    const { double, shell } = await make();
    const started = await shell.start();
    await started.openScreen();
    const { session } = double;
    let allowed = true;
    session.permissionRequest?.(undefined, 'media', (verdict) => {
      allowed = verdict;
    });
    expect([allowed, session.permissionCheck?.(), session.devicePermission?.()]).toEqual([false, false, false]);
    const cancelled = (url: string) => {
      let cancel: boolean | undefined;
      session.beforeRequest?.({ url }, (verdict) => {
        cancel = verdict.cancel;
      });
      return cancel;
    };
    expect(
      ['https://evil.example/', 'file:///etc/passwd', 'http://127.0.0.1:80/', 'qeyd://evil/', 'qeyd://desk.evil/'].map(cancelled),
    ).toEqual([true, true, true, true, true]);
    expect(cancelled('qeyd://desk/assets/a.js')).toBe(false);
    const contents = double.windows[0]?.webContents;
    expect(contents?.windowOpenHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      let isPrevented = false;
      contents?.emit(event, { preventDefault: () => (isPrevented = true) });
      expect([event, isPrevented]).toEqual([event, true]);
    }
    await shell.stop();
  });

  it('explains itself on the recovery page when the core cannot start, and still fails', async () => {
    const { double, shell } = await make(createElectronDouble(new Set(), { type: 'failed', code: 'DATABASE_NEWER', params: {} }));
    await expect(shell.start()).rejects.toThrow('DATABASE_NEWER');
    expect(double.windows.map(({ url }) => url)).toEqual(['qeyd://desk/recovery/index.html#code=DATABASE_NEWER']);
    await shell.stop();
  });

  it('opens the recovery page on a core without its database, and joins it like the screen', async () => {
    const { double, shell } = await make(createElectronDouble(new Set(), { type: 'recovery', code: 'DATABASE_DAMAGED', params: {} }));
    const started = await shell.start();
    await started.openScreen();
    expect(double.windows.map(({ url }) => url)).toEqual(['qeyd://desk/recovery/index.html#code=DATABASE_DAMAGED']);
    double.sendFromScreen(portRequest, 'main-frame');
    expect(double.windows[0]?.webContents.posted.map(({ channel }) => channel)).toEqual([portAnswer]);
    const sent = double.forks.map(({ process }) => process.received.map(({ message }) => (message as { type: string }).type));
    expect(sent.map((types) => types.includes('maintenance') || types.includes('core'))).toEqual([true, true, true]);
    await shell.stop();
  });

  it('starts the card host of a desk that has cards, joins it to every new core, and shows its PIN window apart from everything else', async () => {
    const { desk, paths } = await makeDesk();
    const double = createElectronDouble();
    const cards = { pcsc: true, directLink: '', token: { module: '/usr/lib/token.so', label: 'Qeyd', pinReference: 'token-pin' } };
    const shell = createElectronShell(double.api, { ...desk, config: { ...desk.config, cards } }, paths, () => undefined);
    const started = await shell.start();
    await started.openScreen();
    const hostOf = (name: string) => double.forks.filter(({ serviceName }) => serviceName === name).at(-1)!.process;
    const joined = (name: string, type: string) =>
      hostOf(name).received.filter(({ message, ports }) => (message as { type: string }).type === type && ports.length === 1).length;
    await expect.poll(() => joined('Qeyd cards', 'core')).toBe(1);
    expect(joined('Qeyd core', 'cards')).toBe(1);
    const start = hostOf('Qeyd cards').received.find(({ message }) => (message as { type: string }).type === 'start')?.message;
    expect(start).toMatchObject({ mode: 'production', pinWindowBy: 'shell', tokenPin: '', pinPageFolder: '/program/pin-window' });

    const address = `http://localhost:40123/pin?token=${'A'.repeat(43)}`;
    hostOf('Qeyd cards').emit('message', { type: 'pinWindow', address: 'http://evil.example/' });
    expect(double.windows).toHaveLength(1);
    hostOf('Qeyd cards').emit('message', { type: 'pinWindow', address });
    const pinWindow = double.windows[1]!;
    expect([pinWindow.url, pinWindow.isProtected, pinWindow.options.webPreferences?.['preload']]).toEqual([address, true, undefined]);
    expect(pinWindow.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    const verdicts = ['http://localhost:40123/answer', 'http://localhost:40124/', 'http://127.0.0.1:40123/', 'qeyd://desk/'].map((url) => {
      let isCancelled: boolean | undefined;
      double.session.beforeRequest?.({ url }, ({ cancel }) => {
        isCancelled = cancel;
      });
      return isCancelled;
    });
    expect(verdicts).toEqual([false, true, true, true]);
    hostOf('Qeyd cards').emit('message', { type: 'pinWindow', address: '' });
    expect(pinWindow.isDestroyed).toBe(true);

    hostOf('Qeyd cards').emit('message', { type: 'hung' });
    await expect.poll(() => double.forks.filter(({ serviceName }) => serviceName === 'Qeyd cards').length).toBe(2);
    await expect.poll(() => joined('Qeyd cards', 'core')).toBe(1);
    await shell.stop();
  });

  it('opens the screen sandboxed, isolated, in a session held in memory', async () => {
    const { double, shell } = await make();
    const started = await shell.start();
    await started.openScreen();
    expect(double.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect(double.calls).toContain('partition qeyd-screen');
    expect(double.windows[0]?.url).toBe('qeyd://desk/');
    await shell.stop();
  });

  it.each(['sub-frame', 'foreign-page'] as const)('refuses loudly a port asked for by a %s', async (sender) => {
    const { double, shell } = await make();
    const started = await shell.start();
    await started.openScreen();
    expect(() => {
      double.sendFromScreen(portRequest, sender);
    }).toThrow('unknown sender');
    expect(double.windows[0]?.webContents.posted).toEqual([]);
    await shell.stop();
  });

  it('serves the built screen with its policy and nothing outside its folder', async () => {
    const { double, shell } = await make();
    await shell.start();
    const serve = double.session.schemes.get('qeyd');
    const page = await serve?.(new Request('qeyd://desk/'));
    expect(page?.status).toBe(200);
    expect(page?.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    for (const url of ['qeyd://desk/..%2f..%2fsecrets.json', 'qeyd://desk/a/..%2f..%2f..%2fsecrets.json', 'qeyd://other/']) {
      expect([url, (await serve?.(new Request(url)))?.status]).toEqual([url, 404]);
    }
    await shell.stop();
  });

  it('turns the sandbox on and names its scheme before Electron is ready', () => {
    const double = createElectronDouble();
    prepareElectron(double.api);
    expect(double.calls).toEqual(['enableSandbox', 'scheme qeyd']);
  });
});
