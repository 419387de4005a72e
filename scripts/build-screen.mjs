// Builds the screen (src/renderer) to dist/screen, unless the build there came from these very sources.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, tools } from './lib/paths.mjs';
import { runOnNode24 } from './lib/run-child.mjs';
import { hashSources, readStamp } from './lib/source-stamp.mjs';

const sources = ['src/renderer', 'src/shared', 'assets', 'vite.config.ts', 'scripts/lib/product-files.mjs', 'package-lock.json'];

/** Exit code of the build; 0 at once when the last build is current. `product`: what ships, to dist/product/screen. */
export async function buildScreen({ product = false } = {}) {
  const folder = product ? 'dist/product/screen' : 'dist/screen';
  const stampFile = at(folder, '.stamp');
  const wanted = hashSources(sources);
  if (readStamp(stampFile) === wanted) return 0;
  rmSync(stampFile, { force: true });
  const code = await runOnNode24([tools.vite, 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2], env: { QEYD_PRODUCT: product ? '1' : '' } });
  if (code === 0) {
    mkdirSync(at(folder), { recursive: true });
    writeFileSync(stampFile, `${wanted}\n`);
  }
  return code;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await buildScreen());
