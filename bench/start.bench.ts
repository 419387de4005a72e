import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { atMost, median, type Figure } from './bench.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const repeats = 3;

/** The whole command as a person types it, from the key to the first usable page; the first run provisions and is not counted. */
export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'qeyd-bench-start-'));
  const check = async () => {
    const beganMs = performance.now();
    const { stdout } = await run('npm', ['start', '--silent', '--', '--check', '--folder', folder], { cwd: root });
    return { seconds: (performance.now() - beganMs) / 1000, parts: listParts(stdout) };
  };
  try {
    await check();
    const runs = [];
    for (let n = 0; n < repeats; n += 1) runs.push(await check());
    return [atMost('second start to the first usable page', median(runs.map(({ seconds }) => seconds)), 's', 5, runs.at(-1)?.parts ?? '')];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `registry 1277 ms, core 1771 ms, …` from the lines that `--check` prints. */
function listParts(output: string): string {
  return [...output.matchAll(/^ {2}([\w.]+) +(\d+) ms$/gm)].map(([, name, ms]) => `${name ?? ''} ${ms ?? ''} ms`).join(', ');
}
