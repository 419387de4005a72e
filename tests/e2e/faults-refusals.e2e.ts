import { expect, type Page } from '@playwright/test';
import { wellKnown } from '../../src/registry/index.ts';
import { fieldOf, fillCase, pick, printPaper, said, saved, sendCase, startCase, stepHeading, typeIn } from './support/case-walk.ts';
import { deskTest as test } from './support/fault-test.ts';
import type { Person } from './support/person.ts';
import { choose, shoot } from './support/walk.ts';

/** Refuses the case on the screen; every document that was shown is ticked as given back already. */
async function refuse(person: Person, reason: string): Promise<void> {
  const { page } = person;
  await person.press('Alt+KeyI');
  await expect(page.getByRole('dialog', { name: 'Sertifikatın verilməsindən imtina' })).toBeVisible();
  await pick(person, page.getByRole('combobox', { name: 'Səbəb' }), reason);
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  await expect(said(page, reason)).toBeVisible();
}

function returned(page: Page, document: string) {
  return page.getByRole('listitem').filter({ hasText: document });
}

/** Nothing of the case reached the registers: the next search is still the first. */
async function expectNoAttempt(page: Page): Promise<void> {
  await expect(page.getByRole('table', { name: 'Dövlət reyestrləri' }).getByRole('row', { name: /^Şəxs/ })).toContainText('cəhd 1/3');
}

test('SIM-04 COM-02 M-02: an expired identity document makes no request; it is refused and given back', async ({ page, person }) => {
  await startCase(person, 'QYD0006');
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('F3');
  const sentence = 'Şəxsiyyəti təsdiq edən sənədin müddəti 09.09.2025 tarixində bitib. Sorğu yaradıla bilməz.';
  await expect(said(page, sentence)).toBeVisible();
  await expectNoAttempt(page);
  await person.press('Control+Enter');
  await expect(page.getByRole('button', { name: /Sertifikat sorğusunu göndər/ })).toBeVisible();
  await expect(fieldOf(page, 'document.validUntilOn')).toHaveAttribute('aria-invalid', 'true');
  await shoot(page, 'refused-expired');
  await refuse(person, 'Sənədin müddəti bitib');
  await expect(said(page, sentence)).toBeVisible();
  await expect(returned(page, 'D-02')).toBeVisible();
  await shoot(page, 'refused-expired-ended');
});

test('SIM-03 COM-01 M-01: a document of somebody else stops the identification and goes back', async ({ page, person }) => {
  await person.press('F2');
  await expect(fieldOf(page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('Shift+F8');
  const sentence = 'Təqdim olunan sənəd bu şəxsə aid deyil. İdentifikasiya dayandırıldı, sənədləri geri qaytarın.';
  await expect(page.getByRole('dialog').getByText(sentence)).toBeVisible();
  await shoot(page, 'refused-not-bearer');
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  await expect(said(page, sentence)).toBeVisible();
  await expect(returned(page, 'D-10')).toBeVisible();
});

test('M-28 CR-24: Business and State on one SIM are refused before anything is sent', async ({ page, person }) => {
  await startCase(person, 'QYD0003');
  await choose(person, 'Ərizəçinin kateqoriyası', 'K1b');
  await person.tabTo(fieldOf(page, 'kinds.STA'), 160);
  await person.press('Space');
  await expect(fieldOf(page, 'kinds.STA')).toBeChecked();
  await typeIn(person, 'organisation.voen', wellKnown.voen.individualTaxpayer);
  await saved(page);
  await person.press('F3');
  const sentence = 'Eyni SİM kartda həm "İş", həm də "Dövlət və bələdiyyə" sertifikatı ola bilməz.';
  await expect(said(page, sentence)).toBeVisible();
  await shoot(page, 'refused-business-and-state');
  await person.press('Control+Enter');
  await expect(said(page, sentence)).toBeVisible();
  await expect(page.getByText('Qaralama').first()).toBeVisible();
  await person.press('Alt+KeyS');
  await saved(page);
  await refuse(person, 'İş və Dövlət sertifikatı bir SİM-də');
});

test('M-11 CR-27 SIM-10: a kind that the service of the SIM does not carry is refused', async ({ page, person }) => {
  await startCase(person, 'QYD0001');
  await choose(person, 'Ərizəçinin kateqoriyası', 'K1b');
  await typeIn(person, 'organisation.voen', wellKnown.voen.individualTaxpayer);
  await saved(page);
  await person.press('F3');
  await expect(said(page, 'Seçilən sertifikat növü SİM kartın xidmət tipinə uyğun deyil (Şəxsi).')).toBeVisible();
  await shoot(page, 'refused-kind-not-for-service');
});

test('M-38 M-37 COM-16: a power of attorney not certified and a foreign one not legalised are told and refused', async ({
  page,
  person,
}) => {
  await startCase(person, 'QYD0008');
  await choose(person, 'Ərizəçinin kateqoriyası', 'K2');
  await person.press('Alt+KeyS');
  await pick(person, fieldOf(page, 'powersOfAttorney.0.certification'), 'blankda');
  await saved(page);
  // Said at the try to send, and from then on at once.
  await person.press('Control+Enter');
  await expect(said(page, 'Etibarnamə tələb olunan qaydada təsdiq edilməyib (notarial qaydada təsdiq edilmiş).')).toBeVisible();
  await shoot(page, 'refused-power-not-certified');
  await pick(person, fieldOf(page, 'powersOfAttorney.0.certification'), 'notarial');
  await typeIn(person, 'powersOfAttorney.0.country', 'TUR');
  await saved(page);
  const sentence = 'Xarici rəsmi sənəd leqallaşdırılmayıb və ya apostillə təsdiq edilməyib.';
  await expect(said(page, sentence)).toBeVisible();
  await expect(page.getByText('Etibarnamə tələb olunan qaydada təsdiq edilməyib')).toBeHidden();
  await shoot(page, 'refused-not-legalised');
  await refuse(person, 'Xarici sənəd leqallaşdırılmayıb');
  await expect(said(page, sentence)).toBeVisible();
  await expect(returned(page, 'D-05')).toBeVisible();
});

test('M-04 COM-03 COM-14: a missing document is named, nothing is sent, and the rest goes back on refusal', async ({ page, person }) => {
  await startCase(person, 'QYD0001');
  await person.press('Alt+KeyS');
  await person.tabTo(fieldOf(page, 'presented.D-09'), 160);
  await person.press('Space');
  await expect(fieldOf(page, 'presented.D-09')).not.toBeChecked();
  await saved(page);
  await person.press('Control+Enter');
  await expect(
    said(page, 'Sənədlərdə çatışmazlıq var: Asan İmza mobil xidmətinə qoşulma forması. Sertifikatın verilməsindən imtina olunur.'),
  ).toBeVisible();
  await shoot(page, 'refused-document-missing');
  await refuse(person, 'Sənədlərdə çatışmazlıq var');
  await expect(returned(page, 'D-02')).toBeVisible();
  await expect(returned(page, 'D-09')).toHaveCount(0);
});

test('SIM-14 M-44 M-29: a contract that the holder did not sign stops the case; a second Personal on the same SIM is refused', async ({
  page,
  person,
}) => {
  await fillCase(person, 'QYD0001');
  await sendCase(person);
  await printPaper(person);
  await expect(page.getByLabel('Mərkəz hər iki nüsxəni imzalayıb və möhürləyib')).toBeFocused();
  await person.press('Space');
  await person.press('Control+Enter');
  await expect(said(page, 'Müqavilənin hər iki nüsxəsi imzalanmadan davam etmək olmaz.')).toBeVisible();
  await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
  await shoot(page, 'refused-contract-not-signed');

  await startCase(person, 'QYD0001');
  await saved(page);
  await person.press('F3');
  await expect(said(page, 'Bu SİM kartda "Şəxsi" sertifikat artıq mövcuddur.')).toBeVisible();
  await shoot(page, 'refused-second-personal');
});
