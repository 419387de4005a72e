import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

const startWithinMs = 60_000;

/** The reference registry as a program of its own, always on the same ports, so that its desks and its certificates lead to it after every death. */
export interface RegistryProcess {
  readonly url: string;
  /** Begins a new life; resolves when it serves, or when it ended before that. */
  start(): Promise<'serves' | 'ended'>;
  pid(): number;
  /** SIGKILL; resolves when nothing of it is left. */
  kill(): Promise<void>;
  /** In order, as at the end of a day. */
  stop(): Promise<void>;
}

export async function createRegistryProcess(options: {
  readonly folder: string;
  readonly officeId: string;
  readonly database?: string;
  readonly compileCache: string;
}): Promise<RegistryProcess> {
  const port = await freePort();
  const args = [
    path.resolve(import.meta.dirname, '../../src/registry/main.ts'),
    ...['--data', options.folder, '--training', '--office', options.officeId],
    ...['--port', String(port), '--public-port', String(await freePort())],
    ...(options.database === undefined ? [] : ['--database', options.database]),
  ];
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child?.kill(signal);
    await exited;
  };
  return {
    url: `https://127.0.0.1:${port}`,
    pid: () => child?.pid ?? 0,
    start() {
      const life = spawn(process.execPath, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_COMPILE_CACHE: options.compileCache },
      });
      child = life;
      exited = new Promise((resolve) => life.once('close', resolve));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error('The registry neither served nor ended.'));
        }, startWithinMs);
        const settle = (how: 'serves' | 'ended') => {
          clearTimeout(timer);
          resolve(how);
        };
        createInterface(life.stdout).on('line', (line) => {
          if (line.startsWith('registry ')) settle('serves');
        });
        void exited.then(() => {
          settle('ended');
        });
      });
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}
