import { expect, test, type Page } from '@playwright/test';
import { sendAsanIds } from './support/asan-id-requests.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { shoot, signIn } from './support/walk.ts';

const serialOf = (index: number): string => `01000000${String(index).padStart(8, '0')}`;

/** The personalisation operator’s day by keyboard: stock, a batch with one spoilt card, envelopes, a package and its courier. */
test.describe.serial('the personalisation desk', () => {
  let program: Program;
  let page: Page;
  let person: Person;

  const batch = () => page.getByRole('region', { name: 'Kart dəstəsi' });
  const dialog = () => page.getByRole('dialog');

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await sendAsanIds(program, ['QYD0001', 'QYD0002', 'QYD0003']);
    await signIn(person, program, 'tural');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('PRS-02: the work list opens by itself and has every request', async () => {
    await person.arriveAt('Fərdiləşdirmə');
    await expect(page.getByText('QYD0003')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('row').filter({ hasText: 'kart gözləyir' })).toHaveCount(3);
    await shoot(page, 'centre-work');
  });

  test('PRS-01: a delivery is scanned into the stock', async () => {
    await person.press('Alt+o');
    await expect(dialog()).toBeVisible();
    await person.type('D-2026-1');
    await person.press('Tab');
    for (const index of [1, 2, 3, 4, 5]) await person.read(serialOf(index));
    await expect(dialog()).toContainText('Oxunub: 5');
    await person.press('Control+Enter');
    await expect(dialog()).toContainText('Qəbul edildi: 5');
    await shoot(page, 'centre-stock');
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
  });

  test('PRS-03: every request is chosen and the batch asks for the first card', async () => {
    await person.press('Alt+c');
    await person.press('Control+Enter');
    await expect(batch()).toContainText(`Boş kartı taxın: ${serialOf(1)}`);
    await shoot(page, 'centre-batch');
  });

  const chooseBlank = async (): Promise<void> => {
    const box = page.getByRole('combobox', { name: /^Kart: /u }).first();
    await person.tabTo(box);
    for (let n = 0; n < 12 && !(await box.locator('option:checked').innerText()).includes('boş kart'); n += 1)
      await person.press('ArrowDown');
  };
  /** By the training menu, as a trainee without hardware has it in his hands. */
  const turnCard = async (word: 'Tax' | 'Çıxar'): Promise<void> => {
    await person.press('F9');
    const button = page.getByRole('button', { name: new RegExp(`^${word}: `, 'u') }).first();
    await expect(button).toBeVisible();
    if (word === 'Tax') await chooseBlank();
    await person.tabTo(button);
    await person.press('Enter');
    await expect(page.getByRole('button', { name: new RegExp(`^${word === 'Tax' ? 'Çıxar' : 'Tax'}: `, 'u') }).first()).toBeVisible();
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
  };
  const newBlank = async (): Promise<void> => {
    await person.press('F9');
    const button = page.getByRole('button', { name: 'Yeni boş kart' });
    await person.tabTo(button);
    await person.press('Enter');
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
  };
  /** `made`: how many cards wait for their envelopes afterwards. */
  const makeOne = async (made: number): Promise<void> => {
    await expect(batch()).toContainText('Boş kartı taxın');
    await newBlank();
    await turnCard('Tax');
    await expect(page.getByRole('row').filter({ hasText: 'hazırdır, zərflə tutuşdurulmayıb' })).toHaveCount(made, { timeout: 30_000 });
  };

  test('PRS-03 PRS-06: card after card goes in and comes out made', async () => {
    for (const n of [1, 2, 3]) {
      await makeOne(n);
      if (n === 1) await shoot(page, 'centre-remove');
      await turnCard('Çıxar');
    }
    await expect(page.getByRole('row').filter({ hasText: 'hazırdır, zərflə tutuşdurulmayıb' })).toHaveCount(3);
    await expect(page.getByText('Zərf: 3 çap olunub, 0 xarab')).toBeVisible();
    await shoot(page, 'centre-made');
  });

  const scan = async (card: number, envelope: number): Promise<void> => {
    await person.read(serialOf(card));
    await expect(page.getByLabel('Zərfin ştrix-kodu')).toBeFocused();
    await person.read(`${serialOf(envelope)}-01`);
  };

  test('PRS-07 M-18: envelopes are matched by scanner, and a card without its envelope is scrapped', async () => {
    await person.press('Alt+e');
    await expect(page.getByLabel('Kartın ştrix-kodu')).toBeFocused();
    await scan(1, 1);
    await expect(dialog()).toContainText('Uyğundur');
    await scan(2, 3);
    await expect(dialog().getByRole('alert')).toContainText('Kartın seriya nömrəsi uyğun gəlmir');
    await shoot(page, 'centre-mismatch');
    await person.press('Alt+z');
    await expect(page.getByText('bir daha işlənməyəcək')).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByText('bir daha işlənməyəcək')).toBeHidden();
    await scan(3, 3);
    await expect(dialog()).toContainText('Uyğundur');
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
    await expect(page.getByRole('row').filter({ hasText: 'kart gözləyir' })).toHaveCount(1);
  });

  test('the request of the scrapped card gets another one', async () => {
    await person.press('Alt+c');
    await person.press('Control+Enter');
    await makeOne(1);
    await turnCard('Çıxar');
    await person.press('Alt+e');
    await scan(4, 4);
    await expect(dialog()).toContainText('Uyğundur');
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
    await expect(page.getByRole('row').filter({ hasText: 'zərflə tutuşdurulub' })).toHaveCount(3);
  });

  test('PRS-05: the faces are looked at and printed', async () => {
    await person.press('Alt+v');
    await expect(dialog().getByRole('button', { name: /^Çap et \(3\)/u })).toBeVisible();
    await page.locator('canvas').first().waitFor();
    await shoot(page, 'centre-faces');
    await person.press('Control+Enter');
    await expect(dialog()).toContainText('Üzü çap olunmamış hazır kart yoxdur');
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
  });

  test('PRS-10 PRS-12 PRS-13: one package for the office, its courier, its papers, and it is gone', async () => {
    await person.press('Alt+d');
    await person.arriveAt('Göndəriş');
    await expect(page.getByRole('button', { name: /^Göndərişə hazırla \(3\)/u })).toBeVisible();
    await shoot(page, 'centre-ready');
    await person.press('Control+Enter');
    await expect(dialog()).toContainText('Paketə qoyulan kartlar');
    await person.press('Control+Enter');
    await expect(dialog()).toContainText('1. Kuryer');
    await person.tabTo(page.getByLabel('Kuryerin adı, soyadı'));
    await person.type('Rüfət Kazımov');
    await person.press('Tab');
    await person.type('qyd0077');
    await person.press('Enter');
    await expect(dialog().getByRole('button', { name: /^Sənədləri hazırla/u })).toBeVisible();
    await person.press('Control+Enter');
    await expect(dialog().getByRole('button', { name: /^Çap et \(5 nüsxə\)/u })).toBeVisible({ timeout: 20_000 });
    await page.locator('canvas').first().waitFor();
    await shoot(page, 'centre-package');
    await person.press('Control+Enter');
    await expect(dialog()).toContainText('Bütün 5 nüsxə düzgün çap olundu?');
    await person.press('Enter');
    const address = dialog().getByRole('checkbox', { name: /ünvan yoxlanılıb/u });
    await expect(address).toBeVisible();
    await person.tabTo(address);
    await person.press('Space');
    await person.press('Tab');
    await person.press('Space');
    await shoot(page, 'centre-send');
    await person.press('Control+Enter');
    await expect(dialog()).toBeHidden();
    await expect(page.getByRole('row').filter({ hasText: 'kuryerdədir' })).toHaveCount(1);
    await shoot(page, 'centre-sent');
  });
});
