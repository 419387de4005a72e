import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { bundleFolder, productFiles } from './scripts/lib/product-files.mjs';

/** Build of the PIN window: a page of its own with a bundle of its own, served by the card host under a policy without inline scripts. */
export default defineConfig({
  root: fileURLToPath(new URL('./src/pin-window', import.meta.url)),
  base: './',
  plugins: [productFiles()],
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL(`./${bundleFolder}/pin-window`, import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
