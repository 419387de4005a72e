// A build is skipped when nothing it reads has changed: one hash over the contents of its sources.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { at, root } from './paths.mjs';

/** Every file under `folder`, relative to the checkout with forward slashes, in a fixed order. */
export function listFiles(folder, accept = () => true) {
  const base = at(folder);
  if (!existsSync(base)) return [];
  if (statSync(base).isFile()) return [folder];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path
        .relative(root, path.join(entry.parentPath ?? entry.path, entry.name))
        .split(path.sep)
        .join('/'),
    )
    .filter((file) => !file.includes('node_modules/') && accept(file))
    .sort();
}

/** Hash over the names and contents of all files under `folders`. Tests are no part of a build. */
export function hashSources(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of listFiles(folder, (name) => !/\.test\.tsx?$/u.test(name))) {
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(at(file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** The hash written beside the last build, or undefined. */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
