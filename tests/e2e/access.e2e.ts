import { expect, test, type Page } from '@playwright/test';
import { fieldOf, fillCase, printPaper, sendCase, startCase, stepHeading } from './support/case-walk.ts';
import { judgeAccess, listScrolled, listUnreachable } from './support/access.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { enter, shoot, signOut } from './support/walk.ts';

/** Whether everybody can use every page: by axe, by keys alone, enlarged twice, in three languages. */
test.describe('access', () => {
  const personal = ['QYD', 'QULİYEVA', 'QULIYEVA', 'NURAY', '500000001'];
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    // axe looks into a page through a second one of the same context.
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    page = await context.newPage();
    person = createPerson(page);
    await page.goto(program.address);
    await person.arriveAt('Giriş');
  });
  test.afterAll(async () => {
    await page.context().close();
    await program.stop();
  });

  test('the registrar’s pages are accessible, and no title carries a person', async () => {
    await test.step('sign-in', async () => {
      await expect(page.getByRole('region', { name: 'Təlim istifadəçiləri' })).toBeVisible();
      await shoot(page, 'sign-in');
      await judgeAccess(page);
      expect(await listUnreachable(page)).toEqual([]);
      await enter(person, 'leyla');
    });
    await test.step('home', async () => {
      await person.arriveAt('Bu gün');
      await expect(page.getByText('Görüləcək iş yoxdur.')).toBeVisible();
      await shoot(page, 'home-empty');
      await judgeAccess(page);
      expect(await listUnreachable(page)).toEqual([]);
    });
    await test.step('keys of the page', async () => {
      await person.press('F1');
      await expect(page.getByRole('dialog')).toBeVisible();
      await shoot(page, 'keys-help');
      await person.press('Escape');
      await person.press('Control+k');
      await expect(page.getByRole('listbox')).toBeVisible();
      await shoot(page, 'palette');
      await person.press('Escape');
    });
    await test.step('empty form', async () => {
      await person.press('F2');
      await person.arriveAt('Ərizə');
      await expect(fieldOf(page, 'mrz')).toBeFocused();
      await shoot(page, 'form-empty');
      await judgeAccess(page, personal);
      expect(await listScrolled(page, 'down')).toEqual([]);
      expect(await listUnreachable(page)).toEqual([]);
      await person.press('Escape');
      await person.arriveAt('Bu gün');
    });
    await test.step('filled form', async () => {
      await fillCase(person, 'QYD0001');
      await shoot(page, 'form-filled');
      await judgeAccess(page, personal);
      expect(await listScrolled(page, 'down')).toEqual([]);
    });
    await test.step('case and preview', async () => {
      await sendCase(person);
      await printPaper(person);
      await expect(page.getByRole('img', { name: /Səhifə 1/u })).toBeVisible();
      await shoot(page, 'case-preview');
      await judgeAccess(page, personal);
      expect(await listUnreachable(page)).toEqual([]);
    });
    await test.step('lists, register, sync', async () => {
      for (const [key, heading, name] of [
        ['Alt+1', 'Bu gün', 'home'],
        ['Alt+2', 'Ərizələr', 'applications'],
        ['Alt+3', /^Reyestr, /u, 'register'],
        ['Alt+4', 'Sinxronizasiya', 'sync'],
      ] as const) {
        await person.press(key);
        await person.arriveAt(heading);
        if (name !== 'sync') await expect(page.getByRole('row', { selected: true })).toBeVisible();
        await shoot(page, name);
        await judgeAccess(page, personal);
        expect(await listUnreachable(page)).toEqual([]);
      }
    });
    await test.step('lock', async () => {
      await person.press('Control+l');
      await person.arriveAt('Ekran kilidlidir');
      await shoot(page, 'locked');
      await judgeAccess(page, personal);
      await expect(page.getByText('QULİYEVA')).toBeHidden();
      await person.type('Telim-2026-leyla');
      await person.press('Enter');
      await person.arriveAt('Sinxronizasiya');
      await signOut(person);
    });
  });

  test('the pages of administrator and auditor are accessible', async () => {
    await enter(person, 'kamran');
    await person.arriveAt('İstifadəçilər');
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
    await shoot(page, 'operators');
    await judgeAccess(page);
    expect(await listUnreachable(page)).toEqual([]);
    await person.press('Alt+n');
    await expect(page.getByRole('dialog')).toBeVisible();
    await shoot(page, 'operators-new');
    await judgeAccess(page);
    await person.press('Escape');
    await signOut(person);
    await enter(person, 'sevda');
    await person.press('Alt+6');
    await person.arriveAt('Jurnal');
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
    await shoot(page, 'audit-page');
    await judgeAccess(page);
    expect(await listUnreachable(page)).toEqual([]);
    await signOut(person);
  });

  test('the language changes at once, and what was typed stays', async () => {
    await enter(person, 'rashad');
    await person.arriveAt('Bu gün');
    await startCase(person, 'QYD0010');
    await expect(page.locator('html')).toHaveAttribute('lang', 'az');
    await speak('Dil', 'E');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByLabel('Surname')).toHaveValue('ORUCOV');
    await shoot(page, 'form-english');
    await judgeAccess(page, ['ORUCOV']);
    await person.tabTo(page.getByRole('combobox', { name: 'Language', exact: true }), 90);
    await person.press('ArrowDown');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await expect(page.getByLabel('Фамилия')).toHaveValue('ORUCOV');
    await shoot(page, 'form-russian');
    await speak('Язык', 'A');
    await expect(page.locator('html')).toHaveAttribute('lang', 'az');
    await expect(stepHeading(page, 'Müqavilə')).toBeHidden();
    await person.press('Escape');
    await signOut(person);
  });

  test('enlarged twice, the form can be filled and nothing runs out to the side', async () => {
    await page.setViewportSize({ width: 683, height: 384 });
    await enter(person, 'leyla');
    await person.arriveAt('Bu gün');
    await startCase(person, 'QYD0001');
    await shoot(page, 'zoomed-form');
    expect((await listScrolled(page, 'across')).filter((one) => one === 'page')).toEqual([]);
    await person.tabTo(fieldOf(page, 'secretAnswer'), 120);
    const field = await fieldOf(page, 'secretAnswer').boundingBox();
    const bar = await page.locator('.form-bar').boundingBox();
    expect((field?.y ?? Infinity) + (field?.height ?? Infinity)).toBeLessThanOrEqual(bar?.y ?? 0);
    await shoot(page, 'zoomed-form-below');
    await person.press('Alt+1');
    await person.arriveAt('Bu gün');
    await expect(page.getByRole('row', { selected: true })).toBeInViewport();
    await shoot(page, 'zoomed-home');
    expect((await listScrolled(page, 'across')).filter((one) => one === 'page')).toEqual([]);
  });

  /** Chooses a language in the list that has this name in the language of the moment. */
  async function speak(nameOfList: string, beginning: string): Promise<void> {
    await person.tabTo(page.getByRole('combobox', { name: nameOfList, exact: true }));
    await person.type(beginning);
  }
});
