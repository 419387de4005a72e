import { Worker } from 'node:worker_threads';

/**
 * Ends this process when its loop stands still: a file made to keep a parser busy for ever must not hold the only paper process. The shell
 * starts a new one; the call under way fails as retryable.
 */
export function startWatchdog(stillMs = 25_000): void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), 1000).unref();
  const watch = `
    const { workerData } = require('node:worker_threads');
    let last = -1, since = Date.now();
    setInterval(() => {
      const now = Atomics.load(workerData.beats, 0);
      if (now !== last) { last = now; since = Date.now(); }
      else if (Date.now() - since > workerData.stillMs) process.kill(process.pid, 'SIGKILL');
    }, 1000);`;
  new Worker(watch, { eval: true, execArgv: [], workerData: { beats, stillMs } }).unref();
}
