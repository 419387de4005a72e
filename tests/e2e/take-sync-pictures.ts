import { mkdir } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { fieldOf, pick, saved, stepHeading } from './support/case-walk.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram } from './support/program.ts';
import { enter, signIn, signOut } from './support/walk.ts';
import { refuseAtAnotherDesk } from './support/other-desk.ts';

/**
 * `npm run pictures:sync`: the sync page in each state it has, as the running program shows it, for the manual. Clock and disk are played, everything else
 * happens: the registry is away, slow, busy, too new, the desk is copied back. Only invented people are on them.
 */
const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'manual', 'pictures', 'sinxronizasiya');
await mkdir(folder, { recursive: true });
const hourMs = 60 * 60 * 1000;

const program = await startProgram({ hasPlayedMachine: true });
const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: isRoot ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const person = createPerson(page);
  await takeAll(page, person);
} finally {
  await browser.close();
  await program.stop();
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const png = await page.screenshot({ animations: 'disabled' });
  // A palette keeps the set small; the page has few colours.
  await sharp(png)
    .png({ palette: true, colours: 48, effort: 10 })
    .toFile(join(folder, `${name}.png`));
  console.log(name);
}

async function refuseOne(person: Person): Promise<string> {
  const { page } = person;
  await person.press('F2');
  await expect(fieldOf(page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('Shift+F8');
  await expect(page.getByRole('dialog')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  return /applications\/([0-9a-f-]{36})/u.exec(page.url())?.[1] ?? '';
}

async function toSync(person: Person): Promise<void> {
  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');
  await expect(person.page.getByRole('table', { name: 'Göndərmənin vəziyyəti' })).toBeVisible();
}

async function speak(person: Person, language: string): Promise<void> {
  await pick(person, person.page.getByRole('combobox', { name: /^(?:Dil|Language|Язык)$/u }), language);
}

async function takeAll(page: Page, person: Person): Promise<void> {
  const main = page.getByRole('main');
  const drained = () => expect(main.getByText('Heç nə gözləmir')).toBeVisible({ timeout: 30_000 });
  /** Core and screen are of one machine, so both clocks move. */
  const playTime = async (clockOffsetMs: number, passedMs: number): Promise<void> => {
    await page.clock.setSystemTime(Date.now() + clockOffsetMs + passedMs);
    await program.setMachine({ clockOffsetMs, passedMs });
  };
  await page.clock.install();
  await page.clock.resume();
  await signIn(person, program, 'ziya');
  await refuseOne(person);
  await toSync(person);
  await drained();
  await take(page, '01-bos');

  await program.setFaults({ isUnreachable: true });
  await expect(main.getByText('Əlaqə yoxdur').first()).toBeVisible({ timeout: 30_000 });
  await refuseOne(person);
  await refuseOne(person);
  await toSync(person);
  await take(page, '02-elaqesiz');
  await speak(person, 'Русский');
  await take(page, '02-elaqesiz-ru');
  await speak(person, 'English');
  await take(page, '02-elaqesiz-en');
  await speak(person, 'Azərbaycanca');

  await program.setFaults({ latencyMs: 4000 });
  await expect(main.getByText('Əlaqə var').first()).toBeVisible({ timeout: 30_000 });
  await person.press('Control+Enter');
  await expect(main.getByText('Göndərilir…').first()).toBeVisible();
  await take(page, '03-gonderilir');
  await program.setFaults({});
  await drained();

  await program.setFaults({ failWith: { status: 503, times: 500, retryAfterS: 600 }, onlyPath: '/v1/sync/commands' });
  const shared = await refuseOne(person);
  await toSync(person);
  await expect(main.getByText('Reyestr məşğuldur').first()).toBeVisible({ timeout: 20_000 });
  await take(page, '04-gozleme');

  await program.setFaults({});
  await refuseAtAnotherDesk(program, shared);
  await person.press('Control+Enter');
  await expect(main.getByText('Diqqət tələb edir', { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  await take(page, '05-ziddiyyet');
  await speak(person, 'Русский');
  await take(page, '05-ziddiyyet-ru');
  await speak(person, 'English');
  await take(page, '05-ziddiyyet-en');
  await speak(person, 'Azərbaycanca');
  await person.tabTo(page.getByRole('grid', { name: 'Növbədəki əməllər' }));
  await person.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'İki masa eyni iş üzərində' });
  await expect(dialog.getByRole('button', { name: 'Reyestrdəki qalsın' })).toBeVisible();
  await take(page, '05-ziddiyyet-iki-teref');
  await person.tabTo(dialog.getByRole('button', { name: 'Reyestrdəki qalsın' }));
  await person.press('Enter');
  await expect(dialog).toBeHidden();

  await program.setFaults({ failWith: { status: 413, times: 500 }, onlyPath: '/v1/sync/commands' });
  await refuseOne(person);
  await toSync(person);
  await expect(main.getByText('Kənara qoyulub, dəstəyə məlumat verin').first()).toBeVisible({ timeout: 20_000 });
  await take(page, '06-kenara-qoyulub');
  await program.setFaults({});
  await person.tabTo(page.getByRole('grid', { name: 'Növbədəki əməllər' }));
  await person.press('Enter');
  await expect(page.getByRole('button', { name: 'Yenidən göndər' })).toBeFocused();
  await person.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await drained();

  await program.setFaults({ failWith: { status: 426, times: 500 }, onlyPath: '/v1/sync/commands' });
  await refuseOne(person);
  await toSync(person);
  await expect(main.getByText('Proqramın bu versiyası köhnədir').first()).toBeVisible({ timeout: 20_000 });
  await take(page, '07-proqram-kohnedir');
  await program.setFaults({});
  await person.press('Control+Enter');
  await drained();

  await program.setMachine({ freeDiskBytes: 1.4 * 1024 ** 3 });
  await expect(main.getByText('Tezliklə yer boşaldın').first()).toBeVisible({ timeout: 40_000 });
  await take(page, '08-disk-az');
  await program.setMachine({});
  await signOut(person);

  // Restored from the copy of the night.
  await enter(person, 'nigar');
  await toSync(person);
  await person.tabTo(page.getByRole('button', { name: 'İndi surət çıxar' }));
  await person.press('Enter');
  await expect(page.getByText('Hələ surət yoxdur')).toBeHidden({ timeout: 20_000 });
  await program.whileDown('SIGTERM', () => {
    execFileSync(
      process.execPath,
      [join(root, 'src/core/maintenance/restore-cli.ts'), '--from', 'newest', '--config', join(program.folder, 'desk.json')],
      { cwd: root, env: { ...process.env, TMPDIR: program.temporaryFolder } },
    );
    return Promise.resolve();
  });
  await page.goto('about:blank');
  await signIn(person, program, 'nigar');
  await toSync(person);
  await expect(main.getByText('Baza ehtiyat surətdən bərpa edildi').first()).toBeVisible({ timeout: 20_000 });
  await take(page, '09-berpa');
  await person.tabTo(page.getByRole('button', { name: 'Oxudum' }));
  await person.press('Enter');

  // Somebody has set the clock back ten years.
  await playTime(-3653 * 24 * hourMs, 0);
  await expect(main.getByText('geri çəkilib').first()).toBeVisible({ timeout: 30_000 });
  await expect(main.getByText('Reyestrdən fərqi').first()).toBeVisible({ timeout: 30_000 });
  await take(page, '10-saat');
  await person.press('Alt+Digit7');
  await person.arriveAt('Hadisələr');
  await expect(page.getByRole('region', { name: 'Saat geri çəkilib' })).toBeVisible();
  await take(page, '13-hadisaler');
  await toSync(person);
  await playTime(0, 0);
  await expect(main.getByText('irəli gedib').first()).toBeVisible({ timeout: 30_000 });
  await person.tabTo(main.getByRole('button', { name: 'Oxudum' }));
  await person.press('Enter');
  await expect(main.getByText('irəli gedib')).toBeHidden();
  await signOut(person);

  // Away for sixty hours, then for more than the three days that are allowed.
  await program.setFaults({ isUnreachable: true });
  await playTime(0, 60 * hourMs);
  await enter(person, 'ziya');
  await refuseOne(person);
  await toSync(person);
  await expect(main.getByText('Hədd yaxındır').first()).toBeVisible({ timeout: 30_000 });
  await take(page, '11-hedd-yaxin');
  await signOut(person);
  await playTime(0, 73 * hourMs);
  await enter(person, 'ziya');
  await toSync(person);
  await expect(main.getByText('Həddə çatılıb').first()).toBeVisible({ timeout: 30_000 });
  await take(page, '12-hedde-catilib');
}
