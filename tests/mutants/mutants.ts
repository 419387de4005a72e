import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimulationSummary } from '../simulation/run.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A fault that the product must not have, kept as a patch. */
export interface Mutant {
  readonly name: string;
  readonly patch: string;
}

export function listMutants(): readonly Mutant[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => ({ name: path.basename(file, '.patch'), patch: path.join(import.meta.dirname, file) }));
}

/** Copies of the modules that the patch changes, changed; throws when it does not apply any more. */
export function applyPatch(mutant: Mutant): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), `qeyd-mutant-${mutant.name}-`));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const files = [...readFileSync(mutant.patch, 'utf8').matchAll(/^\+\+\+ b\/(\S+)$/gmu)].map((match) => match[1] ?? '');
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(folder, file));
  }
  // A repository above the temporary folder would make git look elsewhere and say nothing.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(folder) };
  const applied = spawnSync('git', ['apply', '--whitespace=nowarn', mutant.patch], { cwd: folder, env, encoding: 'utf8' });
  const isChanged = (file: string): boolean =>
    readFileSync(path.join(folder, file), 'utf8') !== readFileSync(path.join(root, file), 'utf8');
  if (applied.status === 0 && files.length > 0 && files.every(isChanged)) return { folder, remove };
  remove();
  throw new Error(`The patch ${mutant.name} does not apply any more: ${applied.stderr}`);
}

/** Plays schedules in a process of its own until one breaks a promise, with the modules of `folder` in place of the product's. */
export async function simulate(options: {
  readonly folder: string | null;
  readonly runs: number;
  readonly seed: number;
}): Promise<SimulationSummary> {
  const hook = options.folder === null ? [] : ['--import', path.join(import.meta.dirname, 'serve-patched.ts')];
  const run = path.join(root, 'tests/simulation/run.ts');
  const child = spawn(process.execPath, [...hook, run, '--no-shrink', '--runs', String(options.runs), '--seed', String(options.seed)], {
    cwd: root,
    env: { ...process.env, ...(options.folder === null ? {} : { QEYD_PATCHED: options.folder }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  const [line = ''] = text.split('\n');
  if (!line.startsWith('{') || (code !== 0 && code !== 1))
    throw new Error(`The simulation ended with code ${String(code)}: ${text}${errors}`);
  return JSON.parse(line) as SimulationSummary;
}
