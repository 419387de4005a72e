import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-product-'));
  writeFileSync(path.join(folder, 'entry.ts'), "import { menu } from './menu.ts';\nconsole.log(menu);\n");
  writeFileSync(path.join(folder, 'menu.ts'), "export const menu = 'with a fault switch';\n");
  writeFileSync(path.join(folder, 'menu.product.ts'), "export const menu = 'without';\n");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function bundle(product: string): string {
  const plugin = pathToFileURL(path.join(root, 'scripts/lib/product-files.mjs')).href;
  const vite = pathToFileURL(path.join(root, 'node_modules/vite/dist/node/index.js')).href;
  const script = `
    const { build } = await import('${vite}');
    const { productFiles } = await import('${plugin}');
    await build({ root: process.cwd(), configFile: false, logLevel: 'error', plugins: [productFiles()],
      build: { ssr: 'entry.ts', outDir: 'out', rolldownOptions: { output: { entryFileNames: 'out.js' } } } });`;
  const env = { ...process.env, QEYD_PRODUCT: product };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(path.join(folder, 'out/out.js'), 'utf8');
}

describe('a file x.product.ts', () => {
  it('stands in for x.ts in the bundles that ship', () => {
    const text = bundle('1');
    expect(text).toContain('without');
    expect(text).not.toContain('fault switch');
  });

  it('is left aside in the bundles of development', () => {
    expect(bundle('')).toContain('with a fault switch');
  });
});
