// Where things are in a checkout. Works on Node 20 with nothing installed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Absolute path of something in the checkout. */
export function at(...parts) {
  return path.join(root, ...parts);
}

/** Node 24 from the `node` package: the only Node that may load the project's native code. */
export const node24 = process.platform === 'win32' ? at('node_modules/node/bin/node.exe') : at('node_modules/.bin/node');

/** The environment `npm run` would give: the project's tools first in PATH, so that a bare `node` is Node 24. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, ...extra, PATH: `${at('node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}` };
}

/** Script behind a locked tool, started with Node 24 itself: the same on every system, no shell in between. */
export const tools = {
  tsc: at('node_modules/@typescript/native/bin/tsc'),
  eslint: at('node_modules/eslint/bin/eslint.js'),
  prettier: at('node_modules/prettier/bin/prettier.cjs'),
  depcruise: at('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
  knip: at('node_modules/knip/bin/knip.js'),
  vitest: at('node_modules/vitest/vitest.mjs'),
  playwright: at('node_modules/@playwright/test/cli.js'),
  stryker: at('node_modules/@stryker-mutator/core/bin/stryker.js'),
  vite: at('node_modules/vite/bin/vite.js'),
  'electron-builder': at('node_modules/electron-builder/cli.js'),
};

/** Electron's binary, or undefined. Never asks the `electron` package: importing it starts a download. */
export function findElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? at('node_modules/electron/dist');
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
  const binary = path.join(folder, names[process.platform] ?? 'electron');
  return existsSync(binary) ? binary : undefined;
}
