import { expect } from '@playwright/test';
import { fieldOf, openCase, saved, startCase, typeIn } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { shoot, signIn } from './support/walk.ts';

/** What is promised: no more than this is lost. */
const promisedMs = 300;

test('SIM-07 SIM-06: half an application survives the death of every process, up to the last 300 ms', async ({ page, person, program }) => {
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0003');
  await typeIn(person, 'contact.actualAddress', 'Gəncə, Şıxlı küçəsi 5, mənzil 12');
  await typeIn(person, 'contact.email', 'gunel@example.az');
  await typeIn(person, 'document.issuedBy', 'ASAN xidmət 2');
  await typeIn(person, 'carrier.connectionFormNumber', 'F-2026/0451');
  // Nothing is waited for but the time that is promised: not the word "saved", not the leaving of the field.
  await page.waitForTimeout(promisedMs);
  await program.crashAndRestart();
  await page.goto('about:blank');

  await signIn(person, program, 'leyla');
  await openCase(person, 'QYD0003');
  await expect(fieldOf(page, 'carrier.connectionFormNumber')).toHaveValue('F-2026/0451');
  await expect(fieldOf(page, 'document.issuedBy')).toHaveValue('ASAN xidmət 2');
  await expect(fieldOf(page, 'contact.email')).toHaveValue('gunel@example.az');
  await expect(fieldOf(page, 'contact.actualAddress')).toHaveValue('Gəncə, Şıxlı küçəsi 5, mənzil 12');
  await expect(fieldOf(page, 'person.fin')).toHaveValue('QYD0003');
  await expect(page.getByText('Təsdiqlənib')).toBeVisible();
  await shoot(page, 'crash-draft-is-back');
});

test('the lock hides the work and keeps it; a reload of the screen keeps it too', async ({ page, person, program }) => {
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0003');
  await typeIn(person, 'contact.actualAddress', 'Gəncə, Şıxlı küçəsi 5');
  await person.press('Control+KeyL');
  await person.arriveAt('Ekran kilidlidir');
  await expect(page.getByText('QYD0003')).toBeHidden();
  await expect(fieldOf(page, 'contact.actualAddress')).toHaveCount(0);
  await expect(page).toHaveTitle(/^[^Q]*kilidli[^Q]*/);
  await shoot(page, 'crash-locked');

  await person.type('Yanlış şifrə');
  await person.press('Enter');
  await expect(page.getByText('İstifadəçi adı və ya şifrə düzgün deyil. Yoxlayıb yenidən yazın.')).toBeVisible();
  await person.tabTo(page.getByLabel('Şifrə', { exact: true }));
  await person.type('Telim-2026-leyla');
  await person.press('Enter');
  await person.arriveAt('Ərizə');
  await expect(fieldOf(page, 'contact.actualAddress')).toHaveValue('Gəncə, Şıxlı küçəsi 5');

  await typeIn(person, 'contact.email', 'gunel@example.az');
  await saved(page);
  await page.reload();
  await person.arriveAt('Ərizə');
  await expect(fieldOf(page, 'contact.email')).toHaveValue('gunel@example.az');
  await expect(fieldOf(page, 'contact.actualAddress')).toHaveValue('Gəncə, Şıxlı küçəsi 5');

  await person.press('Control+KeyL');
  await person.arriveAt('Ekran kilidlidir');
  await page.reload();
  await person.arriveAt('Ekran kilidlidir');
  await expect(fieldOf(page, 'contact.email')).toHaveCount(0);
});
