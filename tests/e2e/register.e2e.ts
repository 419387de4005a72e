import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fillCase, sendCase } from './support/case-walk.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { enter, shoot, signIn, signOut, wordsOf } from './support/walk.ts';

/** The supervisor's day: what was done at the desk, looked through, returned, compared and printed. */
test.describe.serial('the day’s register', () => {
  const reason = 'Ünvan vəsiqədəki ilə uyğun deyil';
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
    await fillCase(person, 'QYD0001');
    await sendCase(person);
    await signOut(person);
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('R-31: the supervisor sees today’s acts with the person masked', async () => {
    await enter(person, 'nigar');
    await openRegister();
    const row = page.getByRole('row', { selected: true });
    await expect(row).toContainText('Sertifikat sorğusu');
    await expect(row).toContainText('Leyla Əhmədova');
    await expect(row).toContainText('Qeydiyyata alınıb');
    await expect(row).not.toContainText('NURAY');
    await shoot(page, 'register-supervisor');
  });

  test('a row opens its case, where the supervisor can change nothing', async () => {
    await person.press('Enter');
    await person.arriveAt('Ərizə');
    await expect(page.getByRole('region', { name: 'Tarixçə' })).toContainText('Sertifikat sorğusu');
    await expect(page.getByRole('button', { name: /^İmtina et/u })).toBeHidden();
    await openRegister();
  });

  test('an act is marked as reviewed', async () => {
    await person.press('Alt+y');
    await expect(page.getByRole('row', { selected: true })).toContainText('Baxılıb');
  });

  test('an act is returned with a reason, without which it stays', async () => {
    await person.press('Alt+q');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Leyla Əhmədova');
    await person.press('Control+Enter');
    await expect(dialog).toBeVisible();
    await person.tabTo(dialog.getByLabel('Səbəb'));
    await person.type(reason);
    await person.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('row', { selected: true })).toContainText('Qaytarılıb');
    await expect(page.getByRole('row', { selected: true })).toContainText(reason);
  });

  test('the counts are compared with the registry’s', async () => {
    await person.press('Alt+t');
    const panel = page.getByRole('region', { name: 'Reyestrlə tutuşdur' });
    await expect(panel.getByRole('row', { name: /Sertifikat sorğusu/u })).toContainText('Eynidir');
    await expect(panel).toContainText('Tutuşdurulma vaxtı');
    await shoot(page, 'register-compared');
  });

  test('the register is printed, and no FİN stands on it', async () => {
    await person.press('Control+p');
    await expect(page.getByRole('dialog')).toContainText('Günün reyestri');
    await expect(page.getByRole('button', { name: /^Çap et \(1/u })).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByRole('dialog')).toContainText('Printerə göndərildi');
    await shoot(page, 'register-paper');
    const folder = join(program.folder, 'prints');
    const [name, ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    const words = wordsOf(join(folder, name ?? ''));
    expect(words).toContain('Sertifikat sorğusu');
    expect(words).toContain('Leyla Əhmədova');
    expect(words).not.toContain('QYD0001');
    await expect(page.getByRole('button', { name: 'Bəli' })).toBeFocused();
    await person.press('Enter');
    await expect(page.getByRole('dialog')).toContainText('Düzgün çap olunub');
    await person.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('the registrar finds it in the list with its reason and reports the correction', async () => {
    await signOut(person);
    await enter(person, 'leyla');
    await person.arriveAt('Bu gün');
    const row = page.getByRole('row', { selected: true });
    await expect(row).toContainText(reason);
    await shoot(page, 'home-returned');
    await expect(page.getByRole('grid')).toBeFocused();
    await person.press('Enter');
    await person.arriveAt('Ərizə');
    await expect(page.getByText(/^Düzəliş üçün qaytarılıb/u)).toContainText(reason);
    await person.tabTo(page.getByLabel('Nə düzəldildi'));
    await person.type('Ünvan dəqiqləşdirildi');
    await person.press('Enter');
    await expect(page.getByText(/^Düzəliş üçün qaytarılıb/u)).toBeHidden();
    await signOut(person);
    await enter(person, 'nigar');
    await openRegister();
    await expect(page.getByRole('row').filter({ hasText: 'Sertifikat sorğusu' })).toContainText('Düzəldilib');
  });

  async function openRegister(): Promise<void> {
    await person.press('Alt+3');
    await person.arriveAt(/^Reyestr, /u);
    await expect(page.getByRole('grid')).toBeFocused();
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
  }
});
