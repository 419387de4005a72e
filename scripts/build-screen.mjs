// Builds the screen (src/renderer) to dist/screen, unless the build there came from these very sources.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { hashSources, readStamp } from './lib/source-stamp.mjs';

const sources = ['src/renderer', 'src/shared', 'assets', 'vite.config.ts', 'scripts/lib/product-files.mjs', 'package-lock.json'];

/** Exit code of the build; 0 at once when the last build is current. `product`: what ships, to dist/product/screen. */
export async function buildScreen({ product = false } = {}) {
  const folder = product ? 'dist/product/screen' : 'dist/screen';
  const wanted = hashSources(sources);
  if (readStamp(at(folder, '.stamp')) === wanted) return 0;
  // Built aside and put in place whole: a program that runs meanwhile never serves half a screen.
  const made = `${folder}.${String(process.pid)}`;
  const args = [tools.vite, 'build', '--logLevel', 'warn', '--outDir', at(made)];
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
