import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { judgeAccess } from './support/access.ts';
import { fieldOf, linkWord, saved, startCase, stepHeading, typeIn } from './support/case-walk.ts';
import { test as base } from './support/fault-test.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { enter, shoot, signIn, signOut } from './support/walk.ts';

const test = base.extend<{ readonly program: Program }>({
  program: async ({ page }, use) => {
    const program = await startProgram({ hasPlayedMachine: true });
    await use(program);
    await page.close();
    await program.stop();
  },
});

const tenYearsMs = 3653 * 24 * 60 * 60 * 1000;
const root = resolve(import.meta.dirname, '..', '..');

/** One act that goes through the queue: an application refused before it was sent. */
async function refuseOne(person: Person): Promise<void> {
  await person.press('F2');
  await expect(fieldOf(person.page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(person.page);
  await person.press('Shift+F8');
  await expect(person.page.getByRole('dialog')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(person.page, 'İmtina edilib')).toBeVisible();
}

/** Goes to the list and down to the incident; answers the story below it. */
async function readStory(person: Person, title: string): Promise<Locator> {
  const { page } = person;
  await person.press('Alt+Digit7');
  await person.arriveAt('Hadisələr');
  const grid = page.getByRole('grid', { name: 'Hadisələrin siyahısı' });
  await expect(grid.getByRole('row').filter({ hasText: title })).toHaveCount(1, { timeout: 15_000 });
  await person.tabTo(grid);
  const story = page.getByRole('region', { name: title });
  await person.press('Home');
  for (let n = 0; n < 10 && !(await story.isVisible()); n += 1) await person.press('ArrowDown');
  await expect(story).toBeVisible();
  return story;
}

async function backUp(page: Page, person: Person): Promise<void> {
  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');
  await person.tabTo(page.getByRole('button', { name: 'İndi surət çıxar' }));
  await person.press('Enter');
  await expect(page.getByText('Hələ surət yoxdur')).toBeHidden();
}

test('I-16 fault 25 fault 19: a desk is killed, cloned, restored and its clock set back ten years, and the supervisor reads each story with keys alone', async ({
  page,
  person,
  program,
  browser,
}) => {
  // Five starts of the whole program: under a minute alone, more on a machine that does other things too.
  test.setTimeout(240_000);
  // A copy of the morning, to come back to.
  await signIn(person, program, 'nigar');
  await backUp(page, person);
  await signOut(person);

  // Killed in the middle of a draft; somebody copies the desk while it is down.
  await enter(person, 'leyla');
  await refuseOne(person);
  await startCase(person, 'QYD0003');
  await typeIn(person, 'contact.email', 'gunel@example.az');
  await saved(page);
  const copy = await program.whileDown('SIGKILL', () => program.copyDesk());
  await page.goto('about:blank');

  // Both are used: the desk first, then its copy.
  await signIn(person, program, 'leyla');
  await refuseOne(person);
  await expect(linkWord(page)).toContainText('Növbədə: 0');
  await signOut(person);
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const other = createPerson(await context.newPage());
  await other.page.goto(await program.startCopy(copy));
  await enter(other, 'leyla');
  await refuseOne(other);
  await expect(linkWord(other.page)).toContainText('Göndərmə dayandırılıb');
  await signOut(other);
  await enter(other, 'nigar');
  const atCopy = await readStory(other, 'Masanın surəti işləyir');
  await expect(atCopy).toContainText('Reyestr bu kompüterin göndərdiyini qəbul etmədi, göndərmə dayandırılıb.');
  await expect(atCopy).toContainText('Heç nə itməyib və iki dəfə yazılmayıb: gözləyən 1 əməl bu kompüterdə saxlanılıb.');
  await expect(atCopy).toContainText('Hansı kompüterin əsl masa olduğunu müəyyən edin və o birini söndürün.');
  await shoot(other.page, 'demonstration-copy');
  await context.close();

  // The supervisor at the desk itself hears of both.
  await enter(person, 'nigar');
  await expect(linkWord(page)).toContainText('Hadisə: 2');
  const killed = await readStory(person, 'Proqram iş zamanı dayanıb');
  await expect(killed).toContainText('Proqram bağlanmadan dayanıb: cərəyan kəsilib və ya proses öldürülüb.');
  await expect(killed).toContainText('“Yadda saxlanılıb” deyilən heç nə itməyib');
  await expect(killed).toContainText('Açıq qaralama: 1, göndərilməyi gözləyən əməl: 0.');
  await shoot(page, 'demonstration-killed');
  const cloned = await readStory(person, 'Masanın surəti işləyir');
  await expect(cloned).toContainText('Bu masanın adı ilə ikinci kompüter işləyir');
  await expect(cloned).toContainText('Reyestrdəki yazılar dəyişməyib, heç nə iki dəfə yazılmayıb.');
  await judgeAccess(page);
  await person.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Hadisəyə baxış' });
  await expect(dialog.getByLabel('Qeyd')).toBeFocused();
  await person.type('Ikinci komputer tapildi ve sonduruldu');
  await person.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(await readStory(person, 'Masanın surəti işləyir')).toContainText('Ikinci komputer tapildi ve sonduruldu');
  await expect(linkWord(page)).toContainText('Növbədə: 0');
  await shoot(page, 'demonstration-cloned');

  // Restored from the copy of the morning.
  await program.whileDown('SIGTERM', () => {
    const file = join(program.folder, 'desk.json');
    execFileSync('npm', ['run', '--silent', 'desk:restore', '--', '--from', 'newest', '--config', file], {
      cwd: root,
      env: { ...process.env, TMPDIR: program.temporaryFolder },
    });
    return Promise.resolve();
  });
  await page.goto('about:blank');
  await signIn(person, program, 'nigar');
  const restored = await readStory(person, 'Masa ehtiyat surətdən bərpa edilib');
  await expect(restored).toContainText('Masa istəklə ehtiyat surətdən bərpa edilib');
  await expect(restored).toContainText(/Əvvəlki bazadan götürülən əməllər: [23]\./u);
  await expect(restored).toContainText('Bərpa olunmayan əməl yoxdur.');
  await expect(restored).toContainText('Əvvəlki fayllar kənarda saxlanılıb, heç nə silinməyib.');
  await shoot(page, 'demonstration-restored');

  // Somebody sets the clock back while the program runs.
  await program.setMachine({ clockOffsetMs: -tenYearsMs });
  const back = await readStory(person, 'Saat geri çəkilib');
  await expect(back).toContainText(/Kompüterin saatı 10 il 3 gün geri çəkilib; ondan sonra \d\d\.\d\d\.2016/u);
  await expect(back).toContainText('əməllərin sırası saatdan asılı deyil');
  await expect(back).toContainText('Kompüterin tarixini və saatını düzəltdirin');
  await shoot(page, 'demonstration-clock');
});
