import { expect } from '@playwright/test';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAccess, listScrolled, listUnreachable } from './support/access.ts';
import { fieldOf, openCase, startCase, typeIn } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { enter, shoot, signIn, signOut } from './support/walk.ts';

const pageBytes = 4096;

/** The disk spoils a page of the database, as a disk does: without asking anybody. */
function spoilPage(file: string, page: number): void {
  const bytes = readFileSync(file);
  const at = page * pageBytes + 700;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}

test('a damaged database is restored with keys alone, and the draft of the morning is there again', async ({ page, person, program }) => {
  const file = join(program.folder, 'desk', 'desk.db');
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0003');
  await typeIn(person, 'contact.email', 'gunel@example.az');
  await page.waitForTimeout(500);
  await program.restart();
  expect(statSync(file).size).toBeGreaterThan(20 * pageBytes);
  await page.goto('about:blank');
  // The page of the settings: not one that the draft stands on.
  spoilPage(file, 2);
  await program.crashAndRestart();

  await page.goto(program.address);
  await person.arriveAt('Qeyd bazanı aça bilmir');
  await expect(page.getByLabel('İstifadəçi adı')).toBeFocused();
  await judgeAccess(page, ['QYD0003']);
  expect(await listScrolled(page, 'across')).toEqual([]);
  await shoot(page, 'recovery-offered');
  expect(await listUnreachable(page)).toEqual([]);

  await person.tabTo(page.getByLabel('İstifadəçi adı'));
  await person.type('leyla');
  await person.press('Tab');
  await person.type('Telim-2026-leyla');
  await person.press('Enter');
  await expect(page.getByText('Bu əməl sizin rolunuza icazə verilmir.', { exact: false })).toBeVisible();
  await shoot(page, 'recovery-refused');

  await person.press('Shift+Tab');
  await person.press('Control+KeyA');
  await person.type('nigar');
  await person.press('Tab');
  await person.type('Telim-2026-nigar');
  await person.press('Enter');
  await expect(page.getByText('Baza bərpa edildi.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Davam et' })).toBeFocused();
  await judgeAccess(page);
  await shoot(page, 'recovery-done');
  await person.press('Enter');

  await enter(person, 'nigar');
  await expect(page.getByText('Baza zədələnmişdi və bərpa edildi', { exact: false })).toBeVisible();
  await shoot(page, 'recovery-notice');
  await person.tabTo(page.getByRole('button', { name: 'Oxudum' }));
  await person.press('Enter');
  await expect(page.getByText('Baza zədələnmişdi', { exact: false })).toBeHidden();
  await signOut(person);
  await enter(person, 'leyla');
  await openCase(person, 'QYD0003');
  await expect(fieldOf(page, 'contact.email')).toHaveValue('gunel@example.az');
});

test('fault 11: a computer that lost the key of its database gets it back by two people, with keys alone, and the draft is there again', async ({
  page,
  person,
  program,
}) => {
  const dataFolder = join(program.folder, 'desk');
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0003');
  await typeIn(person, 'contact.email', 'gunel@example.az');
  await expect.poll(() => existsSync(join(dataFolder, 'desk.db.recovery-key')), { timeout: 20_000 }).toBe(true);
  await page.waitForTimeout(500);
  await page.goto('about:blank');
  rmSync(join(dataFolder, 'secrets.json'));
  await program.crashAndRestart();

  await page.goto(program.address);
  await person.arriveAt('Qeyd bazanın açarını tapmır');
  const names = page.getByLabel('İstifadəçi adı');
  await expect(names.first()).toBeFocused();
  await expect(page.getByText(/Yoxlama nömrəsi: \d{4}-\d{4}-\d{4}/u)).toBeVisible();
  await judgeAccess(page, ['QYD0003']);
  expect(await listScrolled(page, 'across')).toEqual([]);
  await shoot(page, 'key-asked');
  expect(await listUnreachable(page)).toEqual([]);

  const typeBoth = async (second: string): Promise<void> => {
    for (const [at, login] of ['leyla', second].entries()) {
      await person.tabTo(names.nth(at));
      await person.press('Control+KeyA');
      await person.type(login);
      await person.press('Tab');
      await person.press('Control+KeyA');
      await person.type(`Telim-2026-${login}`);
    }
    await person.press('Enter');
  };
  await program.setFaults({ isUnreachable: true });
  await typeBoth('nigar');
  await expect(page.getByText('Açarı yalnız o qaytara bilər', { exact: false })).toBeVisible();
  await shoot(page, 'key-no-link');
  await program.setFaults({});
  await typeBoth('rashad');
  await expect(page.getByText('İkinci şəxs nəzarətçi olmalıdır', { exact: false })).toBeVisible();
  await expect(names.last()).toBeFocused();
  await shoot(page, 'key-refused');
  await typeBoth('nigar');
  await expect(page.getByText('Açar qaytarıldı və bu kompüterdə saxlanıldı.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Davam et' })).toBeFocused();
  await judgeAccess(page);
  await shoot(page, 'key-returned');
  await person.press('Enter');

  await enter(person, 'leyla');
  await openCase(person, 'QYD0003');
  await expect(fieldOf(page, 'contact.email')).toHaveValue('gunel@example.az');
});
