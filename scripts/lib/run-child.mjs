// Starts a child that takes over this terminal: same streams, same signals, same exit code.
import { spawn } from 'node:child_process';
import { node24, root, toolEnvironment } from './paths.mjs';

/** Resolves with the exit code to leave with; a child ended by a signal counts as 128 + its number, as in a shell. */
export function runOnNode24(args, { env = {}, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, args, { cwd: root, stdio, env: toolEnvironment(env) });
    const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
      // A terminal sends Ctrl+C to both; waiting for the child lets it close its files.
      const forward = () => void (signal === 'SIGINT' && process.stdin.isTTY ? true : child.kill(signal));
      process.on(signal, forward);
      return () => process.off(signal, forward);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const stop of forwarded) stop();
      const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
      resolve(code ?? 128 + (numbers[signal] ?? 0));
    });
  });
}
