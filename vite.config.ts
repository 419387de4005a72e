import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { bundleFolder, productFiles } from './scripts/lib/product-files.mjs';

const renderer = fileURLToPath(new URL('./src/renderer', import.meta.url));
/** A page of its own for the moment when the core cannot start: it shares no bundle with the screen that failed. */
const pages = { index: `${renderer}/index.html`, recovery: `${renderer}/recovery/index.html` };

/**
 * Build of the screen. Both shells serve it under a Content-Security-Policy without inline scripts, from their own
 * scheme or a loopback port, so every address is relative and nothing is written into the page itself.
 */
export default defineConfig({
  root: renderer,
  base: './',
  plugins: [productFiles(), react()],
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL(`./${bundleFolder}/screen`, import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts and images stay files: a data: address would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(pages).filter(([name, file]) => name === 'index' || existsSync(file))),
    },
  },
});
