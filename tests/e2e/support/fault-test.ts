import { test as base, type Page } from '@playwright/test';
import { createPerson, type Person } from './person.ts';
import { startProgram, type Program } from './program.ts';
import { shoot, signIn } from './walk.ts';

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

interface Shared {
  /** One program for the tests of a worker that only make cases of their own; signed in as a registrar. */
  readonly sharedDesk: { readonly program: Program; readonly page: Page };
}

/** A test at a desk that is running already: each begins with a case of its own. */
export const deskTest = base.extend<Fixtures, Shared>({
  sharedDesk: [
    async ({ browser }, use) => {
      const program = await startProgram();
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
      const page = await context.newPage();
      await signIn(createPerson(page), program, 'leyla');
      await use({ program, page });
      await context.close();
      await program.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  program: async ({ sharedDesk }, use) => {
    await use(sharedDesk.program);
  },
  page: async ({ sharedDesk }, use, testInfo) => {
    await use(sharedDesk.page);
    if (testInfo.status !== testInfo.expectedStatus)
      await shoot(
        sharedDesk.page,
        `failed-${testInfo.titlePath
          .join(' ')
          .replace(/[^\p{L}\p{N}]+/gu, '-')
          .slice(0, 60)}`,
      );
  },
  person: async ({ page }, use) => {
    await use(createPerson(page));
  },
});
