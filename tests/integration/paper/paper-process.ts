import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { joinPaperAt } from '../../../src/core/documents/index.ts';
import type { PaperWorker } from '../../../src/core/documents/ports.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';

const entry = path.join(import.meta.dirname, '../../../src/core/documents/paper-host-node.ts');

export interface PaperProcess {
  readonly worker: PaperWorker;
  /** Kills the process as a crash does; the shell would start it again. */
  kill(): Promise<void>;
  /** Starts a new process at the same address, as the shell does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The real paper process, forked as the browser shell forks it, with the core's side joined to it. */
export async function startPaperProcess(): Promise<PaperProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-paper-'));
  const socketPath = path.join(folder, 'paper');
  let child = await launch(socketPath);
  const worker = joinPaperAt(socketPath, systemClock);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  return {
    worker,
    kill,
    async restart() {
      child = await launch(socketPath);
    },
    async close() {
      worker.close();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(socketPath: string): Promise<ChildProcess> {
  const child = fork(entry, [], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The paper process ended with ${code ?? 'a signal'}`)));
    child.once('message', () => resolve(child));
    child.send({ type: 'start', socketPath });
  });
}
