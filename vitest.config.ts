import { defineConfig } from 'vitest/config';

/** Unit tests beside the code and integration tests, on Node 24. What needs a page runs by vitest.browser.config.ts. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/fixtures/**', 'tests/e2e/**', '**/*.browser.test.ts', 'src/renderer/**/*.test.tsx'],
    environment: 'node',
    // Native code and process-wide state (SQLite, sharp, signals) stay apart: one process per file, as many as two cores carry.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default'],
  },
});
