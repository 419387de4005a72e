import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** A process of its own whose loop is kept busy, or not, after the watchdog was started with so much patience. */
function run(stillMs: number, busyMs: number): Promise<NodeJS.Signals | number | null> {
  const watchdog = pathToFileURL(path.join(import.meta.dirname, 'watchdog.ts')).href;
  const script = `
    const { startWatchdog } = await import('${watchdog}');
    startWatchdog(${stillMs});
    setTimeout(() => { const until = Date.now() + ${busyMs}; while (Date.now() < until); process.exit(7); }, 1500);`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], {
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

it('a process whose loop stands still is ended, one that is only busy for a moment is not', async () => {
  expect(await Promise.all([run(2000, 60_000), run(10_000, 500)])).toEqual(['SIGKILL', 7]);
});
