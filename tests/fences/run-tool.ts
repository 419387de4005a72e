import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface ToolRun {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a locked tool of the project (its script, on this very Node) in `cwd`. */
export function runTool(script: string, args: readonly string[], cwd: string): ToolRun {
  const result = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: result.status ?? 1, stdout: result.stdout, output: `${result.stdout}${result.stderr}` };
}

/**
 * Copies `fixture` (a small tree with `src/`) to a temporary folder together with the project's own `configs`, so that a
 * tool judges it by exactly the rules the project lives by. Returns the folder and what removes it.
 */
export function layOutFixture(fixture: string, configs: readonly string[]): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-fence-'));
  cpSync(path.join(root, 'tests/fixtures/fences', fixture), folder, { recursive: true });
  for (const config of configs) {
    if (!existsSync(path.join(root, config))) continue;
    mkdirSync(path.dirname(path.join(folder, config)), { recursive: true });
    cpSync(path.join(root, config), path.join(folder, config), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
