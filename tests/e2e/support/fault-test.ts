import { test as base } from '@playwright/test';
import { createPerson, type Person } from './person.ts';
import { startProgram, type Program } from './program.ts';

interface Fixtures {
  /** A program of the test's own, ended with it however it ends. */
  readonly program: Program;
  readonly person: Person;
}

/** The test of Playwright with a running program and a person in front of it. */
export const test = base.extend<Fixtures>({
  program: async ({ page }, use) => {
    const program = await startProgram();
    await use(program);
    await page.close();
    await program.stop();
  },
  person: async ({ page }, use) => {
    await use(createPerson(page));
  },
});
