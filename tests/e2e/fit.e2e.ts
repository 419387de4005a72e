import { expect, test, type Page } from '@playwright/test';
import { fieldOf, pick, startCase } from './support/case-walk.ts';
import { groundOf, listCut } from './support/fit.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { signIn } from './support/walk.ts';

/** Every word has its room in all three languages on the two smallest screens. */
test.describe.serial('words and their room', () => {
  const sizes = [
    { width: 1366, height: 768 },
    { width: 1280, height: 720 },
  ];
  const languages = ['English', 'Русский', 'Azərbaycanca'];
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  /** In every language and size, on the page that is open; back in Azerbaijani afterwards. */
  async function expectRoom(): Promise<void> {
    for (const language of languages) {
      await pick(person, page.getByRole('combobox', { name: /^(?:Dil|Language|Язык)$/u }), language);
      for (const size of sizes) {
        await page.setViewportSize(size);
        expect(await listCut(page), `${language}, ${String(size.width)} px`).toEqual([]);
      }
    }
  }

  test('the top strip, the rail and an empty list', async () => {
    await person.arriveAt('Bu gün');
    await expectRoom();
  });

  test('SIM-03: a case whose document has the longest name', async () => {
    await startCase(person, 'QYD0001');
    await pick(person, fieldOf(page, 'document.kind'), 'Hərbi');
    await expectRoom();
  });

  test('SIM-08: while the registers are asked, the key stays as it looks and says that it works', async () => {
    await pick(person, fieldOf(page, 'document.kind'), 'Şəxsiyyət vəsiqəsi');
    const key = page.locator('#main').getByRole('button', { name: 'Axtar', exact: true });
    await expect(key).toHaveAttribute('aria-disabled', 'false');
    const before = await groundOf(key);
    await program.setFaults({ latencyMs: 2500 });
    await person.press('F3');
    await expect(key).toHaveAttribute('aria-busy', 'true');
    await expect(key).toContainText('Axtar');
    expect(await groundOf(key)).toBe(before);
    await program.setFaults({});
    await expect(page.getByRole('row', { name: /^SİM/u })).toContainText('Tapıldı', { timeout: 20_000 });
    await expect(key).not.toHaveAttribute('aria-busy', 'true');
  });

  test('a list with a case in it', async () => {
    await person.press('Alt+2');
    await person.arriveAt('Ərizələr');
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
    await expectRoom();
  });

  test('under the lock no key of the work does anything', async () => {
    await page.setViewportSize({ width: 1366, height: 768 });
    await person.press('Control+l');
    await person.arriveAt('Ekran kilidlidir');
    for (const key of ['F2', 'Alt+1', 'Control+k', 'Control+Enter']) await person.press(key);
    await person.tabTo(page.getByLabel('Şifrə', { exact: true }));
    await person.press('Control+A');
    await person.type('Telim-2026-leyla');
    await person.press('Enter');
    await person.arriveAt('Ərizələr');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
