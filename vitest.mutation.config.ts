import { defineConfig } from 'vitest/config';

/** The tests that have to notice a change of a rule: those beside the rules and the language, and no others. */
export default defineConfig({
  test: {
    include: ['src/shared/rules/**/*.test.ts', 'src/shared/language/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    environment: 'node',
    allowOnly: false,
    passWithNoTests: false,
  },
});
