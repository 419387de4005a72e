import { expect, type Page } from '@playwright/test';
import { wellKnown } from '../../src/registry/index.ts';
import {
  activateAndHandOver,
  closeForm,
  fieldOf,
  fillCase,
  pick,
  printPaper,
  registeredCase,
  said,
  saved,
  sendCase,
  signContract,
  startCase,
  stepHeading,
  typeIn,
} from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import type { Person } from './support/person.ts';
import { castOf, choose, shoot, signIn } from './support/walk.ts';

/** What comes after a first certificate: a second try, a new card of the same number, another kind on the same card. By keys and readers alone. */
async function expectAnswered(page: Page, kinds: readonly RegExp[]): Promise<void> {
  for (const name of kinds) await expect(page.getByRole('row', { name })).toContainText('Tapıldı');
}

/** The registers are asked, their answers taken over, and everything else of the form given. */
async function lookUpAndClose(person: Person, kinds: readonly RegExp[]): Promise<void> {
  await person.press('F3');
  await expectAnswered(person.page, kinds);
  await person.press('F7');
  await expect(person.page.getByText('reyestrdən').first()).toBeVisible();
  await closeForm(person);
  await saved(person.page);
}

test('COM-13 SIM-16: an activation that fails once succeeds by its one renewal, and the case goes on', async ({
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
  await expect(said(page, /Aktivləşdirmə alınmadı \([^_]+\)\. Sorğunu bir daha yeniləyin\./u)).toBeVisible();
  await expect(page.getByRole('button', { name: /Aktivləşdirməni yenilə/u })).toBeVisible();
  expect((await registeredCase(program, 'QYD0001')).certificates.map(({ state }) => state)).not.toContain('ACTIVE');
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
  await expect(page.getByText('Aktivləşmə uğursuzdur')).toHaveCount(0);
  await shoot(page, 'again-renewed');
  const registered = await registeredCase(program, 'QYD0001');
  expect(registered.activationAttempts).toBe(2);
  expect(registered.certificates.map(({ kind, state }) => [kind, state])).toEqual([
    ['AUT', 'ACTIVE'],
    ['PER', 'ACTIVE'],
  ]);
  await printPaper(person);
  await expect(stepHeading(page, 'Təhvil')).toBeVisible();
});

test('SIM-10 SIM-16: a duplicate of the SIM keeps the certificates of its number and activates them on the new card', async ({
  page,
  person,
  program,
}) => {
  const { sim } = castOf('QYD0001');
  await signIn(person, program, 'leyla');
  await fillCase(person, 'QYD0001');
  await sendCase(person);
  await signContract(person);
  await activateAndHandOver(person);
  const first = await registeredCase(program, 'QYD0001');

  await startCase(person, 'QYD0001', sim.duplicateIccid);
  await pick(person, page.getByRole('combobox', { name: 'Məqsəd' }), 'SİM kartın dublikatı');
  await saved(page);
  await lookUpAndClose(person, [/^Şəxs/u, /^SİM/u]);
  await expect(fieldOf(page, 'carrier.iccid')).toHaveValue(sim.duplicateIccid);
  await shoot(page, 'again-duplicate-form');
  await sendCase(person);
  await signContract(person);
  await activateAndHandOver(person);
  await shoot(page, 'again-duplicate-handed');

  const second = await registeredCase(program, 'QYD0001');
  expect(second.applicationId).not.toBe(first.applicationId);
  expect(second.data.carrier.iccid).toBe(sim.duplicateIccid);
  // The same certificates on another card: none was made a second time, and the number keeps its User ID.
  expect(second.certificates.map(({ serial }) => serial)).toEqual(first.certificates.map(({ serial }) => serial));
  expect(second.certificates.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE']);
  expect(second.userId).toBe(first.userId);
  expect(second.userId).toMatch(/^\d{6}$/u);
});

test('M-29 CR-23 CR-21: Business is added to a Personal that is there, which itself cannot be asked for twice', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await fillCase(person, 'QYD0003');
  await sendCase(person);
  await signContract(person);
  await activateAndHandOver(person);
  const first = await registeredCase(program, 'QYD0003');
  expect(first.certificates.map(({ kind, state }) => [kind, state])).toEqual([
    ['AUT', 'ACTIVE'],
    ['PER', 'ACTIVE'],
  ]);

  await startCase(person, 'QYD0003');
  await choose(person, 'Ərizəçinin kateqoriyası', 'K1b');
  await pick(person, page.getByRole('combobox', { name: 'Məqsəd' }), 'Əlavə sertifikat');
  await typeIn(person, 'organisation.voen', wellKnown.voen.individualTaxpayer);
  await person.tabTo(fieldOf(page, 'kinds.PER'), 160);
  if (!(await fieldOf(page, 'kinds.PER').isChecked())) await person.press('Space');
  await expect(fieldOf(page, 'kinds.PER')).toBeChecked();
  await saved(page);
  await person.press('F3');
  await expect(said(page, 'Bu SİM kartda "Şəxsi" sertifikat artıq mövcuddur.')).toBeVisible();
  await shoot(page, 'again-second-personal');
  await person.tabTo(fieldOf(page, 'kinds.PER'), 160);
  await person.press('Space');
  await expect(fieldOf(page, 'kinds.PER')).not.toBeChecked();
  await expect(fieldOf(page, 'kinds.BUS')).toBeChecked();
  await saved(page);
  await expect(page.locator('#main').getByText('Bu SİM kartda "Şəxsi" sertifikat artıq mövcuddur.')).toHaveCount(0);
  await lookUpAndClose(person, [/^Şəxs/u, /^VÖEN/u, /^SİM/u]);
  await sendCase(person);
  await signContract(person);
  await activateAndHandOver(person);
  await shoot(page, 'again-business-handed');

  const second = await registeredCase(program, 'QYD0003');
  expect(second.certificates.map(({ kind, state, voen }) => [kind, state, voen])).toEqual([
    ['BUS', 'ACTIVE', wellKnown.voen.individualTaxpayer],
  ]);
  // What was there lives on as it was.
  expect(second.applicationId).not.toBe(first.applicationId);
});
