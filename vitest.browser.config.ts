import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

/**
 * The tests that must hold in Chromium and not only in Node: the language module, because Chromium has no Azerbaijani data and a
 * test that passes in Node proves nothing about the program.
 */
export default defineConfig({
  test: {
    include: ['src/shared/language/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.node.test.ts'],
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 30_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
