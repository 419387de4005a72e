import { builtinModules } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { bundleFolder, productFiles } from './scripts/lib/product-files.mjs';

interface Target {
  readonly entry: string;
  readonly file: string;
  readonly format: 'cjs' | 'es';
}

const targets: Readonly<Record<string, Target>> = {
  main: { entry: 'src/main/electron/main.ts', file: 'main.cjs', format: 'cjs' },
  // A sandboxed preload has no ES modules and may load nothing but `electron`: it must be one CommonJS file.
  preload: { entry: 'src/preload/preload.ts', file: 'preload.cjs', format: 'cjs' },
  core: { entry: 'src/core/entry-utility.ts', file: 'core.js', format: 'es' },
  'paper-host': { entry: 'src/core/documents/paper-host-utility.ts', file: 'paper-host.js', format: 'es' },
  'maintenance-host': { entry: 'src/core/maintenance/maintenance-host-utility.ts', file: 'maintenance-host.js', format: 'es' },
  'card-host': { entry: 'src/card-host/entry-utility.ts', file: 'card-host.js', format: 'es' },
};

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
/** Runtime dependencies travel in the archive beside the bundles: some are native, some read files of their own. */
const shipped = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).map((name) => new RegExp(`^${name}(/|$)`, 'u'));
const platform = ['electron', /^node:/u, ...builtinModules];

/** One process per run: `vite build --config vite.electron.config.ts --mode main`. */
export default defineConfig(({ mode }) => {
  const target = targets[mode];
  if (target === undefined) throw new Error(`Unknown target "${mode}". Known: ${Object.keys(targets).join(', ')}`);
  const isProgram = target.format === 'es';
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    publicDir: false,
    plugins: [productFiles()],
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: target.entry,
      outDir: fileURLToPath(new URL(`./${bundleFolder}/electron`, import.meta.url)),
      emptyOutDir: false,
      minify: false,
      target: 'node24',
      rolldownOptions: {
        // A schema nobody uses goes: the registry's fault switches are described beside the protocol the core speaks.
        treeshake: { manualPureFunctions: ['z'] },
        external: isProgram ? [...platform, ...shipped] : platform,
        output: { format: target.format, entryFileNames: target.file, codeSplitting: false },
      },
    },
  };
});
