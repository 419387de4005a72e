import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path of Electron's binary in the installed package, or undefined where it could not be fetched. Never imports the package: that would download. */
export function findElectron(root: string): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the desk in Electron until its window is closed; answers the exit code. `ended` closes it earlier. */
export function runInElectron(binary: string, root: string, configPath: string, ended: Promise<void>): Promise<number> {
  const isRoot = process.getuid?.() === 0;
  const child = spawn(binary, [root, `--desk=${configPath}`, ...(isRoot ? ['--no-sandbox'] : [])], { stdio: 'inherit' });
  void ended.then(() => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 0);
    });
  });
}
