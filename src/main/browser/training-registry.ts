import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cardPlacesOf } from './training-cards.ts';

export interface TrainingRegistry {
  /** True when the desk's configuration of the last start holds: a desk may be started beside the registry, not after it. */
  readonly isConfigured: boolean;
  readonly configPath: string;
  /** Resolves when it serves; rejects when it ends before that. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/** A folder of an earlier version knows no public port. */
const portsSchema = z.object({ main: z.number().int(), control: z.number().int(), public: z.number().int().optional() });

/**
 * Starts the training registry as a child process on the ports it had before, so that the desk's configuration stays true, and so do the
 * addresses of the revocation list and OCSP in the certificates already issued; others only when something else holds them.
 */
export async function startTrainingRegistry(entry: string, folder: string): Promise<TrainingRegistry> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const portsPath = join(folder, 'registry-ports.json');
  const configPath = join(folder, 'desk.json');
  const known = portsSchema.safeParse(await readJson(portsPath));
  const ports = {
    main: await usablePort(known.data?.main),
    control: await usablePort(known.data?.control),
    public: await usablePort(known.data?.public),
  };
  const isConfigured =
    (await readJson(configPath)) !== undefined && known.data?.main === ports.main && known.data.control === ports.control;
  await writeWhole(portsPath, JSON.stringify(ports));

  const child = fork(entry, [], {
    execPath: process.execPath,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => {
      resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`the training registry ended before it served (${String(code)})`));
    });
    child.send({
      type: 'start',
      folder,
      port: ports.main,
      controlPort: ports.control,
      publicPort: ports.public,
      cards: cardPlacesOf(folder),
    });
  });
  ready.catch(() => undefined);
  return {
    isConfigured,
    configPath,
    ready,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
      }, 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Undefined when it is not there, or not whole: an earlier version was killed while it wrote. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A start that is killed here leaves the old file or the new one. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = await open(`${file}.new`, 'w', 0o600);
  await draft.writeFile(text);
  await draft.sync();
  await draft.close();
  await rename(`${file}.new`, file);
}

/** `wanted` when it is free, else a free one chosen by the system. */
async function usablePort(wanted = 0): Promise<number> {
  const listen = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => {
        resolve(undefined);
      });
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => {
          resolve(typeof address === 'object' ? address?.port : undefined);
        });
      });
    });
  return (wanted > 0 ? await listen(wanted) : undefined) ?? (await listen(0)) ?? 0;
}
