import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInFolder } from '../e2e/support/clear-text.ts';

/**
 * A crash writes no memory to the disk. The program is started where the system would allow it: no limit on core files, in a folder in which a
 * plain process that crashes leaves one.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const allowed = 'ulimit -S -c "$(ulimit -H -c)" && exec "$0" "$@"';
const secret = 'Zülmətqartalı1907';
let folder: string;
let place: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-core-dump-'));
  place = path.join(folder, 'place');
  mkdirSync(place);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const dumps = (): string[] => readdirSync(place).filter((name) => name.startsWith('core'));
const coreLimit = (pid: number): string =>
  /^Max core file size\s+(\S+)\s+(\S+)/mu
    .exec(readFileSync(`/proc/${String(pid)}/limits`, 'utf8'))
    ?.slice(1)
    .join(' ') ?? '';

describe('a crash', () => {
  it('of a plain process does leave its memory here, so that the next test proves something', async () => {
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    const program = `globalThis.kept = Buffer.from('${secret}'); process.abort();`;
    spawnSync('sh', ['-c', allowed, process.execPath, '-e', program], { cwd: place, stdio: 'ignore' });
    const isAllowed = spawnSync('sh', ['-c', 'ulimit -H -c'], { encoding: 'utf8' }).stdout.trim() !== '0';
    // Where dumps go to a collector or another folder, or nobody may have one, nothing can be seen here; the limits of the next test still hold.
    if (isAllowed && !/^[|/]/u.test(pattern)) {
      expect(dumps()).not.toEqual([]);
      expect(await findInFolder(place, [secret])).not.toEqual([]);
    }
    for (const name of dumps()) rmSync(path.join(place, name));
  });

  it.each(['SIGABRT', 'SIGSEGV'] as const)('of any process of the program by %s leaves nothing of its memory', async (signal) => {
    const words = [path.join(root, 'src', 'main', 'start.ts'), '--no-window', '--folder', path.join(folder, 'desk')];
    const child = spawn('sh', ['-c', allowed, process.execPath, ...words], {
      cwd: place,
      env: { ...process.env, TMPDIR: place },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    let output = '';
    const served = new Promise<boolean>((resolve) => {
      const read = (chunk: Buffer): void => {
        output += chunk.toString('utf8');
        if (output.includes('/open?token=')) resolve(true);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void exited.then(() => {
        resolve(false);
      });
    });
    expect(await served, output).toBe(true);
    const pids = listGroup(child.pid ?? 0);
    // Shell, registry, core and paper host at least.
    expect(pids.length).toBeGreaterThanOrEqual(4);
    expect(pids.map(coreLimit).filter((limit) => !['1 1', '0 0'].includes(limit))).toEqual([]);
    // The last one is the shell: it would start the others again.
    for (const pid of pids.reverse()) process.kill(pid, signal);
    await exited;
    await wait(500);
    if (listGroup(child.pid ?? 0).length > 0) process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(output).not.toContain('prlimit');
    expect(dumps()).toEqual([]);
    expect((await listNames(folder)).filter((name) => /(?:^|\/)(?:core|report\.|Heap\.)[^/]*$/u.test(name))).toEqual([]);
  });
});

/** Every process of the group, the shell first. */
function listGroup(leader: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
          .replace(/^.*\) /su, '')
          .split(' ');
        return Number(fields[2]) === leader && fields[0] !== 'Z';
      } catch {
        return false;
      }
    })
    .sort((left, right) => left - right);
}

function listNames(where: string): Promise<string[]> {
  return Promise.resolve(readdirSync(where, { recursive: true, encoding: 'utf8' }));
}
