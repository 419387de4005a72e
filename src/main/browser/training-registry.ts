import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface TrainingRegistry {
  readonly url: string;
  readonly configPath: string;
  stop(): Promise<void>;
}

/**
 * Starts the training registry as a child process on the port it had before, so that the desk's configuration stays true; another port only
 * when something else holds it. Rejects when the child ends before it serves.
 */
export async function startTrainingRegistry(entry: string, folder: string): Promise<TrainingRegistry> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const portFile = join(folder, 'registry-port');
  const port = await usablePort(Number(await readFile(portFile, 'utf8').catch(() => '0')));
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
  const ready = await new Promise<{ url: string; configPath: string }>((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as { url: string; configPath: string });
    });
    child.once('exit', (code) => {
      reject(new Error(`the training registry ended before it served (${String(code)})`));
    });
    child.send({ type: 'start', folder, port });
  });
  await writeFile(portFile, new URL(ready.url).port);
  return {
    ...ready,
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

/** `wanted` when it is free, else a free one chosen by the system. */
async function usablePort(wanted: number): Promise<number> {
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
