import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const browsers = [process.env['QEYD_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/**
 * End-to-end tests. Each test starts a program of its own with a fresh profile (tests/e2e/support), so one worker keeps
 * the times honest on two cores. A second try would hide a fault, so there is none.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/e2e/support/run-folder.ts',
  testMatch: '**/*.e2e.ts',
  outputDir: '.run/e2e',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    headless: true,
    viewport: { width: 1366, height: 768 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browsers.find((file) => existsSync(file)) ?? '/usr/bin/chromium',
      // Chromium refuses its sandbox to root, and build machines run as root.
      // The tone of a scan would have the sound service of the machine make a folder of its own.
      args: ['--disable-audio-output', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
  },
});
