import { readFileSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loaded before the program (`--import`): every module of which the folder QEYD_PATCHED holds a copy comes from there, under its own address, so
 * that the product needs no switch to be made faulty.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const folder = process.env['QEYD_PATCHED'];
if (folder === undefined) throw new Error('QEYD_PATCHED names no folder');
const copies = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [pathToFileURL(path.join(root, name)).href, path.join(folder, name)]),
);
if (copies.size === 0) throw new Error('QEYD_PATCHED holds no module');

const used = new Set<string>();
registerHooks({
  load(url, context, next) {
    const copy = copies.get(url);
    if (copy === undefined) return next(url, context);
    used.add(url);
    return { format: 'module-typescript', source: readFileSync(copy), shortCircuit: true };
  },
});
process.on('exit', () => {
  if (used.size < copies.size) process.exitCode = 3;
});
