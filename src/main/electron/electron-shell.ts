import type { BrowserWindow, IpcMainEvent, Session, WebContents } from 'electron';
import { join as joinPath } from 'node:path';
import { superviseCardHost } from '../hosts/card-host.ts';
import type { HostSupervisor } from '../hosts/supervise-host.ts';
import { superviseHost } from '../hosts/supervise-host.ts';
import { collectSecrets, createFileSecretStore, keepReturnedKey } from '../secrets.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';
import { recoveryPath, type CoreState, type LoadedDesk, type Shell, type StartedShell } from '../shell.ts';
import { closeContents, closeSession, createScreenProtocol, isScreenUrl, screenOrigin, screenScheme } from './guards.ts';
import { createPinWindowOpener } from './pin-window.ts';
import { createSafeStorageWrapper } from './safe-storage.ts';
import type { ElectronApi } from './electron-api.ts';
import { spawnUtilityHost, type UtilityHost } from './utility-host.ts';

export interface ElectronPaths {
  readonly coreEntry: string;
  readonly paperEntry: string;
  readonly maintenanceEntry: string;
  readonly cardHostEntry: string;
  readonly pinPageFolder: string;
  readonly preload: string;
  readonly screenFolder: string;
}

const graceMs = 5_000;
/** The preload asks for a port under this name; the answer carries it. */
export const portRequest = 'qeyd:screen-ready';
export const portAnswer = 'qeyd:port';

/**
 * The product's shell. `prepare` must run before Electron is ready (scheme, sandbox, single instance); `start` waits for ready. The core, the
 * paper host and the maintenance process are utility processes; the screen gets one MessagePort to the core and nothing else, and the shell leaves the data path.
 * Source: style.md (e) 1–9; ADR-0002
 */
export function createElectronShell(
  electron: ElectronApi,
  desk: LoadedDesk,
  paths: ElectronPaths,
  writeLine: (line: string) => void,
): Shell {
  const { app } = electron;
  let window: BrowserWindow | undefined;
  let core: HostSupervisor<UtilityHost> | undefined;
  let paper: HostSupervisor<UtilityHost> | undefined;
  let maintenance: HostSupervisor<UtilityHost> | undefined;
  let cards: HostSupervisor<UtilityHost> | undefined;
  let isShowingRecovery = false;
  let hasStopped = false;
  const pinWindow = createPinWindowOpener(electron, () => window);

  const join = (type: 'paper' | 'maintenance' | 'cards', other: HostSupervisor<UtilityHost> | undefined) => {
    const { port1, port2 } = new electron.MessageChannelMain();
    core?.current()?.sendWith({ type }, [port1]);
    other?.current()?.sendWith({ type: 'core' }, [port2]);
  };
  const joinPaper = () => {
    join('paper', paper);
  };
  const joinMaintenance = () => {
    join('maintenance', maintenance);
  };
  const joinCards = () => {
    // Of a desk without cards, or while one of the two is being started: the port would lead nowhere.
    if (cards?.current() !== undefined) join('cards', cards);
  };
  const joinScreen = (contents: WebContents) => {
    const host = core?.current();
    if (host === undefined) return;
    const { port1, port2 } = new electron.MessageChannelMain();
    host.sendWith({ type: 'screen' }, [port1]);
    contents.postMessage(portAnswer, undefined, [port2]);
  };
  const onScreenReady = (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (window === undefined || frame === null || frame !== window.webContents.mainFrame || !isScreenUrl(frame.url)) {
      throw new Error('a message of an unknown sender was refused');
    }
    joinScreen(window.webContents);
  };

  const openWindow = async (session: Session, url: string) => {
    window = new electron.BrowserWindow({
      width: 1366,
      height: 768,
      minWidth: 1024,
      minHeight: 680,
      title: 'Qeyd',
      webPreferences: {
        session,
        preload: paths.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
      },
    });
    isShowingRecovery = url.startsWith(recoveryPage);
    await window.loadURL(url);
  };
  const show = (url: string) => {
    isShowingRecovery = url.startsWith(recoveryPage);
    void window?.loadURL(url);
  };

  return {
    kind: 'electron',
    async start() {
      if (!app.requestSingleInstanceLock()) throw new StartFailure('DATABASE_IN_USE');
      app.on('second-instance', () => {
        if (window?.isMinimized() === true) window.restore();
        window?.focus();
      });
      app.on('web-contents-created', (_event, contents) => {
        closeContents(contents);
      });
      electron.Menu.setApplicationMenu(null);
      await app.whenReady();

      const session = electron.session.fromPartition('qeyd-screen');
      closeSession(session);
      session.protocol.handle(
        screenScheme,
        createScreenProtocol(paths.screenFolder, (url) => electron.net.fetch(url)),
      );
      electron.ipcMain.on(portRequest, onScreenReady);

      const wrapper = createSafeStorageWrapper(electron.safeStorage, process.platform, desk.config.mode);
      const store = createFileSecretStore(joinPath(desk.config.dataFolder, 'secrets.json'), wrapper);
      let secrets = await collectSecrets(desk, store);
      const fork = electron.utilityProcess.fork.bind(electron.utilityProcess);
      const coreHost = await superviseHost(
        () => spawnUtilityHost(fork, paths.coreEntry, 'Qeyd core', writeLine),
        (host) => {
          keepReturnedKey(host, store, (databaseKey) => {
            secrets = { ...secrets, databaseKey };
          });
          host.send({ type: 'start', config: desk.config, secrets, paperSocketPath: '', maintenanceSocketPath: '' });
        },
      ).catch(async (failure: unknown) => {
        // The page that explains itself when the core cannot start; the caller still learns why.
        if (failure instanceof StartFailure) await openWindow(session, recoveryAddress(failure));
        throw failure;
      });
      core = coreHost;
      paper = await superviseHost(
        () => spawnUtilityHost(fork, paths.paperEntry, 'Qeyd paper', writeLine),
        (host) => {
          host.send({ type: 'start', socketPath: '' });
        },
      ).catch(async (failure: unknown) => {
        await coreHost.stop(graceMs);
        throw failure;
      });
      maintenance = await superviseHost(
        () => spawnUtilityHost(fork, paths.maintenanceEntry, 'Qeyd maintenance', writeLine),
        (host) => {
          host.send({ type: 'start', socketPath: '' });
        },
      ).catch(async (failure: unknown) => {
        await coreHost.stop(graceMs);
        await paper?.stop(graceMs);
        throw failure;
      });
      // The desk starts without it: it is joined when it is there.
      void superviseCardHost(
        desk,
        store,
        () => spawnUtilityHost(fork, paths.cardHostEntry, 'Qeyd cards', writeLine),
        { socketPath: '', pinPageFolder: paths.pinPageFolder, pinWindowBy: 'shell' },
        (host) => {
          host.onReport((report) => {
            if (report.type === 'pinWindow') pinWindow.show(report.address);
          });
          host.onExit(() => {
            pinWindow.show('');
          });
        },
      )?.then(
        async (supervisor) => {
          if (hasStopped) {
            await supervisor.stop(graceMs);
            return;
          }
          cards = supervisor;
          joinCards();
          supervisor.onState((state) => {
            if (state === 'running') joinCards();
          });
        },
        () => undefined,
      );
      joinPaper();
      joinMaintenance();
      paper.onState((state) => {
        if (state === 'running') joinPaper();
      });
      maintenance.onState((state) => {
        if (state === 'running') joinMaintenance();
      });
      const listeners: ((state: CoreState) => void)[] = [];
      core.onState((state) => {
        if (state === 'running' || state === 'recovery') {
          joinPaper();
          joinMaintenance();
          joinCards();
        }
        // The recovery page and the screen are two pages: each asks for its port when it is there.
        if (state === 'running' && window !== undefined) {
          if (isShowingRecovery) show(`${screenOrigin}/`);
          else joinScreen(window.webContents);
        }
        if (state === 'recovery') show(recoveryAddress(coreHost.recovery() ?? new StartFailure('DATABASE_DAMAGED')));
        if (state === 'failed') show(recoveryAddress(new StartFailure('CORE_CRASHED')));
        for (const listener of listeners) listener(state);
      });
      return {
        parts: core.parts,
        async openScreen() {
          const failure = coreHost.recovery();
          const address = failure === undefined ? `${screenOrigin}/` : recoveryAddress(failure);
          await openWindow(session, address);
          return { address };
        },
        onCoreState: (listener) => {
          listeners.push(listener);
        },
      } satisfies StartedShell;
    },
    async stop() {
      hasStopped = true;
      pinWindow.show('');
      electron.ipcMain.off(portRequest, onScreenReady);
      window?.destroy();
      window = undefined;
      await core?.stop(graceMs);
      await paper?.stop(graceMs);
      await maintenance?.stop(graceMs);
      await cards?.stop(graceMs);
      cards = undefined;
      core = undefined;
      paper = undefined;
      maintenance = undefined;
    },
  };
}

const recoveryPage = `${screenOrigin}/recovery/`;

function recoveryAddress(failure: StartFailure): string {
  return `${screenOrigin}${recoveryPath(failure)}`;
}

/** Must run before `ready`: the sandbox for every renderer, and the scheme with the privileges a secure page needs. */
export function prepareElectron(electron: Pick<ElectronApi, 'app' | 'protocol'>): void {
  electron.app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([
    { scheme: screenScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}
