// Bundles what Electron loads (main, preload, core, paper host, maintenance, card host) to dist/electron, one file each; skipped when nothing changed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { hashSources, readStamp } from './lib/source-stamp.mjs';

const sources = [
  'src/main',
  'src/preload',
  'src/core',
  'src/card-host',
  'src/channel',
  'src/shared',
  'vite.electron.config.ts',
  'scripts/lib/product-files.mjs',
  'package-lock.json',
];
const targets = ['main', 'preload', 'core', 'paper-host', 'maintenance-host', 'card-host'];

/** Exit code of the build; 0 at once when the last build is current. `product`: what ships, to dist/product/electron. */
export async function buildElectron({ product = false } = {}) {
  const folder = product ? 'dist/product/electron' : 'dist/electron';
  const stampFile = at(folder, '.stamp');
  const wanted = hashSources(sources);
  if (readStamp(stampFile) === wanted) return 0;
  rmSync(at(folder), { recursive: true, force: true });
  for (const target of targets) {
    const args = [tools.vite, 'build', '--config', 'vite.electron.config.ts', '--mode', target, '--logLevel', 'warn'];
    const code = await runOnNode24(args, { stdio: ['ignore', 2, 2], env: { QEYD_PRODUCT: product ? '1' : '' } });
    if (code !== 0) return code;
  }
  mkdirSync(at(folder), { recursive: true });
  writeFileSync(stampFile, `${wanted}\n`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await buildElectron());
