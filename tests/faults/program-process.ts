import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const startWithinMs = 90_000;

/** What dies: every process at once, or one of them alone. */
export type Part = 'everything' | 'shell' | 'core' | 'paper' | 'maintenance' | 'registry';
const wordsOf: Readonly<Record<Exclude<Part, 'everything' | 'shell'>, string>> = {
  core: path.join('src', 'core', 'entry-node.ts'),
  paper: 'paper-host-node.ts',
  maintenance: 'maintenance-host-node.ts',
  registry: 'registry-child.ts',
};

/** The whole program without a window: shell, training registry, core, paper host and maintenance. */
export interface ProgramProcess {
  /** Resolves with the single-use address when it serves; with what it said when it ended before that. */
  readonly served: Promise<{ readonly address: string } | { readonly ended: string }>;
  kill(part: Part): void;
  /** In order. */
  stop(): Promise<void>;
}

export function startProgramProcess(folder: string): ProgramProcess {
  // A group of its own, so that all can be killed at once.
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'src', 'main', 'start.ts'), '--no-window', '--folder', folder], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  let output = '';
  const served = new Promise<{ readonly address: string } | { readonly ended: string }>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The program neither served nor ended:\n${output}`));
    }, startWithinMs);
    const settle = (how: { readonly address: string } | { readonly ended: string }): void => {
      clearTimeout(timer);
      resolve(how);
    };
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/u.exec(output);
      if (found !== null) settle({ address: found[0] });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void exited.then(() => {
      settle({ ended: output });
    });
  });
  served.catch(() => undefined);
  const end = (pid: number | undefined, signal: 'SIGKILL' | 'SIGTERM'): void => {
    try {
      if (pid !== undefined) process.kill(pid, signal);
    } catch {
      // It went before.
    }
  };
  return {
    served,
    kill(part) {
      if (part === 'everything') end(child.pid === undefined ? undefined : -child.pid, 'SIGKILL');
      else if (part === 'shell') end(child.pid, 'SIGKILL');
      else for (const { pid, words } of listProcesses(folder)) if (words.includes(wordsOf[part])) end(pid, 'SIGKILL');
    },
    async stop() {
      end(child.pid, 'SIGTERM');
      await exited;
    },
  };
}

/** Processes that live in this folder: those of the program, and none of anybody else. */
export function listProcesses(folder: string): { readonly pid: number; readonly words: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return words !== '' && readlinkSync(`/proc/${name}/cwd`) === folder ? [{ pid: Number(name), words }] : [];
      } catch {
        return [];
      }
    });
}

/** Waits until nothing of the program lives any more; answers what does. */
export async function listLeft(folder: string, withinMs: number): Promise<string[]> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const left = listProcesses(folder).map(({ pid, words }) => `${pid} ${words}`);
    if (left.length === 0 || performance.now() > untilMs) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
