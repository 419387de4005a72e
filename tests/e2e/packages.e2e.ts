import { expect, test, type Page } from '@playwright/test';
import { courier, type MadeCard } from '../integration/registry/card-cases.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { sendPackage } from './support/sent-package.ts';
import { shoot, signIn } from './support/walk.ts';

/** The courier brings a package: keyboard and scanner from his document to the applicants’ cards. */
test.describe.serial('a package at the desk', () => {
  const packageNumber = 'TLM-P-2026-0042';
  const wrongSerial = '00000000DEADBEEF';
  let program: Program;
  let page: Page;
  let person: Person;
  let cards: MadeCard[];

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    cards = await sendPackage(program, packageNumber, ['QYD0001', 'QYD0002', 'QYD0003']);
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  const field = (name: string) => page.getByRole('textbox', { name });
  const verdict = (text: string | RegExp) => expect(page.getByRole('status').getByText(text).first()).toBeVisible();

  test('PKG-07: an unknown number is told and nothing changes; the right one opens its package', async () => {
    await person.press('Alt+a');
    await person.arriveAt('Paketlər');
    await expect(page.getByRole('grid').getByText(packageNumber)).toBeVisible();
    await expect(field('Paketin nömrəsi')).toBeFocused();
    await person.read('YOX-0001');
    await expect(page.getByRole('alert')).toContainText('Heç nə dəyişməyib');
    await shoot(page, 'packages-unknown');
    await person.press('Control+A');
    await person.read(packageNumber);
    await person.arriveAt(new RegExp(packageNumber, 'u'));
    await shoot(page, 'package-courier');
  });

  test('PKG-03 PKG-06 COU-03: the courier, the act and the officer’s own password', async () => {
    await expect(field('Kuryerin sənədindəki FİN')).toBeFocused();
    await person.type(courier.courierFin);
    await person.tabTo(page.getByRole('radio', { name: 'Paket bütövdür' }));
    await person.press('Space');
    await person.press('Control+Enter');
    await expect(page.getByText('Ofisdə').first()).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByRole('button', { name: /^Çap et \(2/u })).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByText('Hər iki nüsxə düzgün çap olundu?')).toBeVisible();
    await person.press('Enter');
    await expect(field('Səlahiyyətli şəxsin istifadəçi adı')).toBeFocused();
    await person.type('aygun');
    await person.press('Tab');
    await person.type('Telim-2026-aygun');
    await shoot(page, 'package-act');
    await person.press('Control+Enter');
    await expect(field('Kuryerin soyadı, adı')).toBeFocused();
    await expect(page.getByRole('region', { name: 'Əməllər' })).toContainText('Aygün Mürsəlova');
    await person.press('Control+Enter');
  });

  test('PKG-09 PKG-12 M-18: every scan is answered, and a wrong serial stops the confirmation by its number', async () => {
    const [first, second, third] = cards as [MadeCard, MadeCard, MadeCard];
    const scan = field('Kartın və ya zərfin nömrəsi');
    await expect(scan).toBeFocused();
    for (const code of [first.cardSerial, first.envelopeNumber, second.cardSerial, second.envelopeNumber, third.envelopeNumber]) {
      await person.read(code);
      await verdict(`${code}: düzgündür`);
    }
    await person.read(first.cardSerial);
    await verdict('ikinci dəfə oxundu');
    await person.read(wrongSerial);
    await verdict('bu paketdə yoxdur');
    await expect(page.getByText(`Çatışmayan kartlar: ${third.cardSerial}`)).toBeVisible();
    await expect(page.getByText(/açıq sətir 2/u)).toBeVisible();
    await expect(page.getByRole('button', { name: /^Yoxlamanı bitir/u })).toHaveAttribute('aria-disabled', 'true');
    await shoot(page, 'package-count-red');
    // The right card lay under the wrong one.
    await person.read(third.cardSerial);
    await verdict(`${third.cardSerial}: düzgündür`);
    await expect(page.getByText(/açıq sətir 1/u)).toBeVisible();
  });

  test('PKG-09 F-26: what does not belong here goes back with its register, and only then is the package confirmed', async () => {
    const list = page.getByRole('grid');
    await person.tabTo(list);
    await person.press('Home');
    await expect(page.getByRole('row', { selected: true })).toContainText(wrongSerial);
    await person.press('Alt+q');
    await expect(page.getByRole('row', { selected: true })).toContainText('Qaytarılır');
    await person.press('Control+p');
    await expect(page.getByRole('button', { name: /^Çap et \(2/u })).toBeVisible();
    await person.press('Control+p');
    await expect(page.getByText('Hər iki nüsxə düzgün çap olundu?')).toBeVisible();
    await person.press('Enter');
    await expect(page.getByRole('button', { name: /^Yoxlamanı bitir/u })).toHaveAttribute('aria-disabled', 'false');
    await shoot(page, 'package-count-done');
    await person.press('Control+Enter');
    await expect(page.getByRole('button', { name: /^Qeydiyyatı təsdiqlə \(3\)/u })).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByText('Təsdiqlənib').first()).toBeVisible();
    await expect(page.getByText('Paket üzrə iş bitib.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Əməllər' }).getByText('Növbədədir')).toHaveCount(0, { timeout: 20_000 });
    await shoot(page, 'package-confirmed');
  });

  test('PIN-01: the list of requests for new codes opens by a key, and a new request begins with the document', async () => {
    await person.press('Alt+w');
    await person.arriveAt('Yeni PİN müraciətləri');
    await person.press('Control+Enter');
    await expect(page.getByRole('dialog')).toContainText('Şəxsin sənədlə tutuşdurulması');
    await shoot(page, 'pin-new');
  });
});
