import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: string;
}

function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const parent = Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        return words === '' ? [] : [{ pid: Number(name), parent, words }];
      } catch {
        return [];
      }
    });
}

/** The first process with these words and everything below it, children before their parents. */
export function listTree(words: string): number[] {
  const all = listProcesses();
  const below = (pid: number): number[] => [...all.filter(({ parent }) => parent === pid).flatMap((child) => below(child.pid)), pid];
  const top = all.find((one) => one.pid !== process.pid && one.words.includes(words));
  return top === undefined ? [] : below(top.pid);
}

/** Ends each of them as a fault of its own would, and waits until none is left. */
export async function crash(pids: readonly number[], signal: 'SIGSEGV' | 'SIGABRT'): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It went with the one before it.
    }
  }
  const isLeft = () => listProcesses().some(({ pid }) => pids.includes(pid));
  for (let waits = 0; waits < 200 && isLeft(); waits += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  if (isLeft()) throw new Error('a process outlived its crash');
}
