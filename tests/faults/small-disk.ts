import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';

/**
 * A file system of a fixed size that a program sees at `folder`. It lives in a mount namespace of its own, so it goes with the process that
 * holds it and can never be left behind; nothing of the machine is changed, and no right is needed where users may have namespaces.
 */
export interface SmallDisk {
  /** The folder as other processes reach it. */
  readonly outside: string;
  /** Starts a program, as a group of its own (`setsid`), that sees the disk; it ends with the disk at the latest. */
  spawn(words: readonly string[], environment?: NodeJS.ProcessEnv): ChildProcess;
  freeBytes(): number;
  /** Writes into the disk until no more than that is free. */
  fill(leaveBytes: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  grow(sizeMib: number): void;
  end(): Promise<void>;
}

const isRoot = process.getuid?.() === 0;
const blockBytes = 4096;

export async function mountSmallDisk(folder: string, sizeMib: number): Promise<SmallDisk> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mount = 'mount -t tmpfs -o "size=$1m,mode=700" qeyd-small-disk "$2" && echo mounted && exec cat';
  // Ends when its input ends, so also when this process dies.
  const holder = spawn('unshare', [isRoot ? '-m' : '-Urm', 'sh', '-c', mount, 'sh', String(sizeMib), folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(holder, 'exit');
  let said = '';
  holder.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const isMounted = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    ended.then(() => false),
    once(holder, 'error').then(() => false),
  ]);
  if (!isMounted || holder.pid === undefined) throw new Error(notPossible(said));
  const outside = path.join(`/proc/${String(holder.pid)}/root`, folder);
  const filler = path.join(outside, 'filler');
  const enter = ['-t', String(holder.pid), '-m', ...(isRoot ? [] : ['-U', '--preserve-credentials']), '--'];
  const children: ChildProcess[] = [];
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(outside);
    return bavail * bsize;
  };
  return {
    outside,
    spawn(words, environment = process.env) {
      const child = spawn('nsenter', [...enter, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    },
    freeBytes,
    fill(leaveBytes) {
      const handle = openSync(filler, 'a', 0o600);
      writeUntilFull(handle);
      ftruncateSync(handle, Math.max(0, fstatSync(handle).size - leaveBytes));
      closeSync(handle);
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    grow: (mib) => void execFileSync('nsenter', [...enter, 'mount', '-o', `remount,size=${String(mib)}m`, folder]),
    async end() {
      // A test that failed may not have come to the end of its program: it goes with the disk.
      for (const child of children) if (child.exitCode === null && child.signalCode === null) killGroup(child);
      holder.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function killGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

function writeUntilFull(handle: number): void {
  for (const piece of [Buffer.alloc(256 * blockBytes), Buffer.alloc(blockBytes)]) {
    try {
      for (;;) writeSync(handle, piece);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

function notPossible(reason: string): string {
  return [
    `A disk that is really full cannot be made here: ${reason.trim()}`,
    'Run the tests as root, or let users have namespaces and run them again:',
    '  sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_mnt_namespaces=10000',
  ].join('\n');
}
