import { expect, test, type Page } from '@playwright/test';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { enter, shoot, signIn, signOut, typeSignIn } from './support/walk.ts';

/** The rights administrator's work, and what the auditor sees of it. */
test.describe.serial('operators and rights', () => {
  const first = 'Birinci-2026';
  const own = 'Özümün-2026-q';
  const second = 'İkinci-2026-x';
  let program: Program;
  let page: Page;
  let person: Person;
  const dialog = () => page.getByRole('dialog');

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'kamran');
    await person.arriveAt('İstifadəçilər');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('R-08: a supervisor cannot be a registrar, and a new operator gets a role', async () => {
    await person.press('Alt+n');
    await person.tabTo(dialog().getByLabel('Ad və soyad'));
    await person.type('Sınaq Operatorov');
    await person.press('Tab');
    await person.type('sinaq');
    await person.press('Tab');
    await person.type(first);
    await tick('Nəzarətçi');
    await tick('QM təmsilçisi (qeydiyyatçı)');
    await expect(dialog().getByText('Bir şəxs həm nəzarətçi, həm qeydiyyatçı ola bilməz.')).toBeVisible();
    await person.press('Control+Enter');
    await expect(dialog()).toBeVisible();
    await shoot(page, 'operators-conflict');
    await tick('Nəzarətçi');
    await person.press('Control+Enter');
    await expect(dialog()).toBeHidden();
    await expect(rowOf('sinaq')).toContainText('QM təmsilçisi');
  });

  test('R-08: appointing adds a role beside the first', async () => {
    await open('sinaq');
    await tick('Sənədləri daxil edən şəxs');
    await pressButton('Rolları təyin et');
    await expect(dialog().getByRole('row', { name: /Sənədləri daxil edən şəxs/u })).toContainText('kamran');
    await close();
    await expect(rowOf('sinaq')).toContainText('Sənədləri daxil edən şəxs');
  });

  test('the new operator replaces the given password and signs in; a disabled one does not', async () => {
    await signOut(person);
    await typeSignIn(person, 'sinaq', first);
    await replacePassword(first, own);
    await person.arriveAt('Bu gün');
    await signOut(person);
    await enter(person, 'kamran');
    await person.arriveAt('İstifadəçilər');
    await open('sinaq');
    await person.tabTo(dialog().getByLabel('Bağlanma səbəbi'));
    await person.type('Məzuniyyət');
    await person.press('Enter');
    await expect(dialog().getByRole('button', { name: 'Yenidən aç' })).toBeVisible();
    await close();
    await expect(rowOf('sinaq')).toContainText('Bağlanıb');
    await signOut(person);
    await typeSignIn(person, 'sinaq', own);
    await expect(page.getByRole('alert')).toBeVisible();
    await shoot(page, 'sign-in-disabled');
    await person.arriveAt('Giriş');
  });

  test('an operator is opened again and locked out by wrong passwords', async () => {
    await enter(person, 'kamran');
    await person.arriveAt('İstifadəçilər');
    await open('sinaq');
    await pressButton('Yenidən aç');
    await expect(dialog().getByRole('button', { name: 'Yenidən aç' })).toBeHidden();
    await close();
    await signOut(person);
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      await typeSignIn(person, 'sinaq', `sehv-parol-${String(wrong)}`);
      await expect(page.getByRole('button', { name: 'Daxil ol' })).toBeEnabled();
      await expect(page.getByRole('alert')).toBeVisible();
    }
    await typeSignIn(person, 'sinaq', own);
    await expect(page.getByRole('alert')).toContainText('müvəqqəti bağlanıb');
    await shoot(page, 'sign-in-locked-out');
  });

  test('unlocking and a new password bring the operator back', async () => {
    await enter(person, 'kamran');
    await person.arriveAt('İstifadəçilər');
    await expect(rowOf('sinaq')).toContainText('Bloklanıb');
    await open('sinaq');
    await pressButton('Blokdan çıxar');
    await expect(dialog().getByRole('button', { name: 'Blokdan çıxar' })).toBeHidden();
    await person.tabTo(dialog().getByLabel('Yeni şifrə', { exact: true }));
    await person.type(second);
    await person.press('Enter');
    await expect(dialog().getByLabel('Yeni şifrə', { exact: true })).toHaveValue('');
    await expect(dialog().getByRole('alert')).toBeHidden();
    await close();
    await expect(rowOf('sinaq')).toContainText('Aktivdir');
    await signOut(person);
    await typeSignIn(person, 'sinaq', second);
    await replacePassword(second, `${own}-2`);
    await person.arriveAt('Bu gün');
    await signOut(person);
  });

  test('the auditor sees who had which right when, and can change nothing', async () => {
    await enter(person, 'sevda');
    await person.press('Alt+5');
    await person.arriveAt('İstifadəçilər');
    await open('sinaq');
    const history = dialog().getByRole('row').filter({ hasText: 'kamran' });
    await expect(history).toHaveCount(2);
    await expect(history.first()).toContainText(/\d{2}\.\d{2}\.\d{4}/u);
    await expect(dialog().getByRole('button', { name: 'Rolları təyin et' })).toBeHidden();
    await shoot(page, 'operators-history');
    await close();
    await person.press('Alt+6');
    await person.arriveAt('Jurnal');
    await expect(page.getByRole('row').filter({ hasText: 'Öz şifrəsini dəyişdi' }).first()).toBeVisible();
    await person.press('Control+Enter');
    await expect(page.getByText(/^Zəncir bütövdür/u)).toBeVisible();
    await shoot(page, 'audit');
  });

  /** Whoever got his password from somebody else sees nothing but this page. */
  async function replacePassword(current: string, next: string): Promise<void> {
    await person.arriveAt('Şifrəni dəyiş');
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expect(page.getByLabel('Hazırkı şifrə', { exact: true })).toBeFocused();
    await person.type(current);
    await person.tabTo(page.getByLabel('Yeni şifrə', { exact: true }));
    await person.type(next);
    await person.tabTo(page.getByLabel('Yeni şifrə təkrar', { exact: true }));
    await person.type(next);
    await shoot(page, 'change-password');
    await person.press('Enter');
  }
  function rowOf(login: string) {
    return page.getByRole('row').filter({ has: page.getByRole('gridcell', { name: login, exact: true }) });
  }
  /** Filters the list down to one operator and opens it. */
  async function open(login: string): Promise<void> {
    const filter = page.getByRole('textbox', { name: 'Süzgəc' });
    await person.tabTo(filter);
    await person.press('Control+A');
    await person.type(login);
    await expect(page.getByRole('row', { selected: true })).toContainText(login);
    await person.press('Enter');
    await expect(page.getByRole('grid')).toBeFocused();
    await person.press('Enter');
    await expect(dialog()).toBeVisible();
  }
  async function close(): Promise<void> {
    await person.press('Escape');
    await expect(dialog()).toBeHidden();
  }
  async function tick(role: string): Promise<void> {
    await person.tabTo(dialog().getByRole('checkbox', { name: role, exact: true }));
    await person.press('Space');
  }
  async function pressButton(name: string): Promise<void> {
    await person.tabTo(dialog().getByRole('button', { name }));
    await person.press('Enter');
  }
});
