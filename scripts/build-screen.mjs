// Builds the pages: the screen (src/renderer) to dist/screen and the PIN window (src/pin-window) to dist/pin-window, each unless the build there
// came from these very sources.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { hashSources, readStamp } from './lib/source-stamp.mjs';

const common = ['src/shared', 'scripts/lib/product-files.mjs', 'package-lock.json'];
const pages = [
  { name: 'screen', config: 'vite.config.ts', sources: ['src/renderer', 'assets'] },
  { name: 'pin-window', config: 'vite.pin-window.config.ts', sources: ['src/pin-window'] },
];

/** Exit code of the build; 0 at once when the last builds are current. `product`: what ships, to dist/product. */
export async function buildScreen({ product = false } = {}) {
  for (const page of pages) {
    const code = await buildPage(page, product);
    if (code !== 0) return code;
  }
  return 0;
}

async function buildPage({ name, config, sources }, product) {
  const folder = product ? `dist/product/${name}` : `dist/${name}`;
  const wanted = hashSources([...sources, config, ...common]);
  if (readStamp(at(folder, '.stamp')) === wanted) return 0;
  // Built aside and put in place whole: a program that runs meanwhile never serves half a page.
  const made = `${folder}.${String(process.pid)}`;
  const args = [tools.vite, 'build', '--config', config, '--logLevel', 'warn', '--outDir', at(made)];
  const code = await runOnNode24(args, { stdio: ['ignore', 2, 2], env: { QEYD_PRODUCT: product ? '1' : '' } });
  if (code !== 0) {
    rmSync(at(made), { recursive: true, force: true });
    return code;
  }
  mkdirSync(at(made), { recursive: true });
  writeFileSync(at(made, '.stamp'), `${wanted}\n`);
  const old = `${made}.old`;
  try {
    renameSync(at(folder), at(old));
  } catch {
    // The first build has nothing to put aside.
  }
  renameSync(at(made), at(folder));
  rmSync(at(old), { recursive: true, force: true });
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await buildScreen());
