import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cardEnvironment, superviseCardHost } from '../hosts/card-host.ts';
import { superviseHost, type HostSupervisor } from '../hosts/supervise-host.ts';
import { collectSecrets, createFileSecretStore, keepReturnedKey, noWrapper } from '../secrets.ts';
import { StartFailure } from '../../shared/platform/start-failure.ts';
import { recoveryPath, type CoreState, type LoadedDesk, type Shell, type StartedShell } from '../shell.ts';
import { startLoopbackServer, type LoopbackServer } from './loopback-server.ts';
import { spawnNodeHost, type NodeHost } from './node-host.ts';

const graceMs = 5_000;
const closeWaitMs = 1_000;

/** Where the parts of the program lie. */
export interface ProgramPaths {
  readonly coreEntry: string;
  readonly paperEntry: string;
  readonly maintenanceEntry: string;
  readonly cardHostEntry: string;
  /** The built page of the PIN window. */
  readonly pinPageFolder: string;
  readonly screenFolder: string;
}

/**
 * The shell for development, tests and training: Node children for the hosts and a loopback server for the screen. It refuses a production desk
 * before anything is opened, because its secrets lie in a file and its window is an ordinary browser's.
 */
export function createBrowserShell(desk: LoadedDesk, paths: ProgramPaths, port = 0): Shell {
  let stopAll: (() => Promise<void>) | undefined;
  return {
    kind: 'browser',
    async start() {
      if (desk.config.mode === 'production') throw new StartFailure('BROWSER_SHELL_REFUSES_PRODUCTION');
      const parts: Record<string, number> = {};
      const socketFolder = await mkdtemp(join(tmpdir(), 'qeyd-'));
      const store = createFileSecretStore(join(desk.config.dataFolder, 'secrets.json'), noWrapper);
      let secrets = await collectSecrets(desk, store);
      const socketPathOf = (name: string) =>
        process.platform === 'win32' ? `\\\\.\\pipe\\${socketFolder.replaceAll('\\', '-')}-${name}` : join(socketFolder, name);
      const paperSocketPath = socketPathOf('paper');
      const maintenanceSocketPath = socketPathOf('maintenance');
      const cardsSocketPath = socketPathOf('cards');

      const paper = superviseHost(
        () => spawnNodeHost(paths.paperEntry),
        (host) => {
          host.send({ type: 'start', socketPath: paperSocketPath });
        },
      );
      const cards = superviseCardHost(desk, store, () => spawnNodeHost(paths.cardHostEntry, cardEnvironment), {
        socketPath: cardsSocketPath,
        pinPageFolder: paths.pinPageFolder,
        pinWindowBy: 'screen',
      });
      let core: HostSupervisor<NodeHost>;
      try {
        const startedAt = performance.now();
        core = await superviseHost(
          () => spawnNodeHost(paths.coreEntry),
          (host) => {
            keepReturnedKey(host, store, (databaseKey) => {
              secrets = { ...secrets, databaseKey };
            });
            host.send({ type: 'start', config: desk.config, secrets, paperSocketPath, maintenanceSocketPath, cardsSocketPath });
          },
        );
        parts.core = performance.now() - startedAt;
      } catch (failure) {
        await paper.then((supervisor) => supervisor.stop(graceMs)).catch(() => undefined);
        await cards?.then((supervisor) => supervisor.stop(graceMs)).catch(() => undefined);
        await rm(socketFolder, { recursive: true, force: true });
        throw failure;
      }
      // It looks after the database at night; the start does not wait for it.
      const maintenance = superviseHost(
        () => spawnNodeHost(paths.maintenanceEntry),
        (host) => {
          host.send({ type: 'start', socketPath: maintenanceSocketPath });
        },
      );
      maintenance.catch(() => undefined);
      let hasFailed = false;
      core.onState((state) => {
        hasFailed = state === 'failed';
      });
      const server = await startLoopbackServer({
        screenFolder: paths.screenFolder,
        port,
        recoveryPath: () => {
          const failure = hasFailed ? new StartFailure('CORE_CRASHED') : core.recovery();
          return failure === undefined ? undefined : recoveryPath(failure);
        },
        onScreen: (request, socket, head) => {
          handOver(core.current(), request, socket, head);
        },
      });
      stopAll = async () => {
        // A screen's socket lives in the core and still counts as the server's: it closes only after the core has ended.
        const closed = server.close();
        await core.stop(graceMs);
        // Node never says so when every core that was given a socket has died before: the sockets are gone with them.
        await Promise.race([closed, new Promise((done) => setTimeout(done, closeWaitMs).unref())]);
        await paper.then((supervisor) => supervisor.stop(graceMs)).catch(() => undefined);
        await maintenance.then((supervisor) => supervisor.stop(graceMs)).catch(() => undefined);
        await cards?.then((supervisor) => supervisor.stop(graceMs)).catch(() => undefined);
        await rm(socketFolder, { recursive: true, force: true });
      };
      paper.catch(() => undefined);
      return describe(server, core, { ...parts, ...prefixed('core.', core.parts) });
    },
    async stop() {
      const stop = stopAll;
      stopAll = undefined;
      await stop?.();
    },
  };
}

function describe(server: LoopbackServer, core: HostSupervisor<NodeHost>, parts: Record<string, number>): StartedShell {
  return {
    parts,
    openScreen: () => Promise.resolve({ address: `${server.origin}/open?token=${server.door.issueToken()}` }),
    onCoreState: (listener: (state: CoreState) => void) => {
      core.onState((state) => {
        listener(state);
      });
    },
  };
}

/** Gives the accepted socket to the core and forgets it: the shell is not on the data path. Without a core the window is told to come again. */
function handOver(core: NodeHost | undefined, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const refuse = (): void => void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\r\n');
  if (core === undefined) {
    refuse();
    return;
  }
  core.handOver({
    socket,
    message: { type: 'screen', method: request.method, url: '/desk', headers: request.headers, headBase64: head.toString('base64') },
    // Until then this process reads from the socket as well, and what it reads is lost: the core does not answer the window before.
    whenTaken: { type: 'screenIsYours' },
    refuse,
  });
}

function prefixed(prefix: string, parts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [prefix + name, value]));
}
