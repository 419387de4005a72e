import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  fillCase,
  goToStep,
  linkWord,
  openCase,
  printPaper,
  registeredCase,
  said,
  sendCase,
  signContract,
  stepHeading,
} from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { scanPdf } from './support/scan-files.ts';
import { attach, shoot, signIn, signOut, takeRole, typeSignIn } from './support/walk.ts';

const isDown = { isUnreachable: true } as const;
const queued = 'Növbədədir, hələ qeydiyyata alınmayıb';

test('SIM-16 COM-10 SIM-12: the link goes between contract and activation, work goes on, and everything drains when it is back', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'ziya');
  await fillCase(person, 'QYD0001');
  await sendCase(person);

  await program.setFaults(isDown);
  await signContract(person);
  await expect(linkWord(page)).toContainText('Əlaqə yoxdur');
  await expect(said(page, queued)).toBeVisible();
  await printPaper(person);
  await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
  await expect(said(page, 'Mərkəzi reyestrlə əlaqə lazımdır. Məlumat qalır, əlaqə olanda davam edin.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Sertifikatları aktivləşdir/ })).toBeHidden();
  await expect(page.locator('#main').getByRole('status').filter({ hasText: /san/ })).toHaveCount(0);
  await shoot(page, 'network-activation-waits');

  await goToStep(person, 'Skanlar');
  const file = join(program.folder, 'skan.pdf');
  const kinds = ['Ərizə (Əlavə 1)', 'Şəxsiyyəti təsdiq edən sənədin surəti', 'Asan İmza mobil xidmətinə qoşulma forması', 'Müqavilə'];
  for (const kind of kinds) {
    await writeFile(file, scanPdf(kind));
    await attach(person, file);
    await expect(page.getByRole('table', { name: 'Tələb olunan skanlar' }).getByRole('row').filter({ hasText: kind })).toContainText(
      'Yadda saxlanılıb',
    );
  }
  await shoot(page, 'network-scans-offline');

  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');
  const summary = page.getByRole('table', { name: 'Göndərmənin vəziyyəti' });
  await expect(summary.getByRole('row', { name: /^Gözləyir/ })).toContainText(/[1-9]\d* əməl/);
  await expect(summary.getByRole('row', { name: /^Ən köhnə/ })).toContainText(/\d\d\.\d\d\.\d{4} .*əvvəl/);
  await expect(summary.getByRole('row', { name: /^Növbəti cəhd/ })).toContainText('sonra');
  await expect(summary.getByRole('row', { name: /^Mərkəzi reyestrlə əlaqə/ })).toContainText('Əlaqə yoxdur');
  await expect(page.getByRole('main').getByText(queued).first()).toBeVisible();
  await shoot(page, 'network-sync-page');

  await program.setFaults({});
  await expect(linkWord(page)).toContainText('Əlaqə var', { timeout: 5_000 });
  await expect(linkWord(page)).toContainText('Növbədə: 0');
  await expect(said(page, 'Heç nə gözləmir')).toBeVisible();

  await openCase(person, 'QYD0001');
  await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
  await printPaper(person);
  await expect(stepHeading(page, 'Təhvil')).toBeVisible();
  await person.press('Alt+KeyS');
  await person.press('Control+Enter');
  await expect(page.getByText('Təqdim olunub').first()).toBeVisible();
  await takeRole(person, 'QM-in səlahiyyətli şəxsi');
  await openCase(person, 'QYD0001');
  await goToStep(person, 'Skanlar');
  await person.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Tarixçə' }).getByText('Skanlar göndərildi')).toBeVisible();
  await takeRole(person, 'Sənədləri daxil edən şəxs');
  await openCase(person, 'QYD0001');
  await expect(page.getByRole('table', { name: 'Tələb olunan skanlar' }).getByText('Göndərilib')).toHaveCount(kinds.length);
  await shoot(page, 'network-scans-uploaded');

  const registered = await registeredCase(program, 'QYD0001');
  expect(registered.certificates.map(({ kind, state }) => [kind, state])).toEqual([
    ['AUT', 'ACTIVE'],
    ['PER', 'ACTIVE'],
  ]);
  const acts = registered.acts.map(({ kind }) => kind);
  expect(acts).toEqual([
    'application.send',
    'application.sign_contract',
    'application.activate',
    'application.hand_over',
    'application.send_scans',
  ]);
  expect(registered.attachments).toHaveLength(kinds.length);
});

test('without the link those seen online at this desk may sign in, and a stranger is refused', async ({ page, person, program }) => {
  await signIn(person, program, 'leyla');
  await program.setFaults(isDown);
  await signOut(person);
  await expect(page.getByText(/Son 7 gündə bu masada onlayn daxil olanlar işə başlaya bilər/)).toBeVisible({ timeout: 20_000 });
  await typeSignIn(person, 'rashad', 'Telim-2026-rashad');
  await expect(page.getByText('Əlaqə yoxdur və siz son 7 gündə bu masada onlayn olmamısınız. Əlaqə olanda daxil olun.')).toBeVisible({
    timeout: 20_000,
  });
  await shoot(page, 'network-sign-in-refused');
  await typeSignIn(person, 'leyla', 'Telim-2026-leyla');
  await person.arriveAt('Bu gün');
  await person.press('F2');
  await person.arriveAt('Ərizə');
});

test('SIM-11 COM-12: a lost answer to the sending is told as unknown, and asking for it brings the one set of certificates', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await fillCase(person, 'QYD0001');
  await program.setFaults({ loseAnswers: 50, onlyPath: '/v1/sync' });
  await person.press('Control+Enter');
  await expect(said(page, /nəticəsi məlum deyil/i)).toBeVisible();
  await shoot(page, 'network-outcome-unknown');
  await program.setFaults({});
  // The program asks by itself too; whoever is first, the outcome is one.
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
  const registered = await registeredCase(program, 'QYD0001');
  expect(registered.certificates.map(({ kind }) => kind)).toEqual(['AUT', 'PER']);
  expect(registered.acts.map(({ kind }) => kind)).toEqual(['application.send']);
});

test('COM-13 M-12: a failed activation is tried once more by the registrar; after the second failure support activates', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await fillCase(person, 'QYD0001');
  await sendCase(person);
  await signContract(person);
  await printPaper(person);
  await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
  await program.setFaults({ failActivations: 1 });
  await person.press('Control+Enter');
  await expect(said(page, /Aktivləşdirmə alınmadı \([^_]+\)\. Sorğunu bir daha yeniləyin\./)).toBeVisible();
  await expect(page.getByRole('button', { name: /Aktivləşdirməni yenilə/ })).toBeVisible();
  await shoot(page, 'network-activation-failed-once');
  await program.setFaults({ failActivations: 1 });
  await person.press('Control+Enter');
  await expect(page.getByText('Aktivləşmə uğursuzdur').first()).toBeVisible();
  await shoot(page, 'network-activation-failed-twice');
  await signOut(person);
  await typeSignIn(person, 'farid', 'Telim-2026-farid');
  await expect(page.getByRole('navigation', { name: 'Bölmələr' })).toBeVisible();
  await openCase(person, 'QYD0001');
  await person.press('Alt+KeyB');
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
  const registered = await registeredCase(program, 'QYD0001');
  expect(registered.certificates.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
  await shoot(page, 'network-activation-by-support');
});
