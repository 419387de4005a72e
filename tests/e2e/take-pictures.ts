import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, expect } from '@playwright/test';
import { createPerson } from './support/person.ts';
import { startProgram } from './support/program.ts';

/**
 * `npm run pictures`: walks the running program by keyboard and takes the pictures of the README and of the manual's first chapter. Only invented
 * people of the training cast are on them.
 */
const root = resolve(import.meta.dirname, '..', '..');
const manual = join(root, 'docs', 'manual', 'pictures');
const readme = join(root, 'docs', 'pictures');
await mkdir(manual, { recursive: true });
await mkdir(readme, { recursive: true });

const program = await startProgram();
const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: isRoot ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const person = createPerson(page);
  const take = async (path: string) => {
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path, animations: 'disabled' });
    console.log(path.slice(root.length + 1));
  };
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor();

  await page.goto(program.address);
  await page.getByRole('textbox', { name: 'İstifadəçi adı' }).waitFor();
  await take(join(manual, '01-giris.png'));
  await person.type('ziya');
  await person.press('Tab');
  await person.type('Telim-2026-ziya');
  await person.press('Enter');
  await person.arriveAt('Bu gün');
  await take(join(manual, '02-bu-gun.png'));

  await person.press('F2');
  await person.arriveAt('Ərizə');
  await person.read('I<AZEAA00000125QYD0001<<<<<<<<\n9001158F3101148AZE<<<<<<<<<<<4\nQULIYEVA<<NURAY<<<<<<<<<<<<<<<');
  await see('Oxundu, yoxlama rəqəmləri düzgündür');
  await take(join(manual, '03-mrz.png'));
  await person.type('500000001');
  await person.read('8999401000000000018');
  await person.press('F8');
  await see('Təsdiqlənib');
  await person.press('F3');
  await expect(page.getByText('Tapıldı, uyğundur')).toHaveCount(2);
  await expect(page.getByRole('button', { name: /Cavabı götür/ })).toBeEnabled();
  await person.press('F7');
  await see('reyestrdən');
  await take(join(manual, '04-reyestr.png'));
  await take(join(readme, 'application-form.png'));
  await person.press('Alt+s');
  await person.press('Alt+r');
  await see(/Razılıq verilib/);
  await person.type('Elçin');
  await person.press('Enter');
  await see('yadda saxlanılıb');
  await person.press('Control+Enter');
  await page.getByRole('button', { name: /Hazırla/ }).waitFor();
  await take(join(manual, '05-muqavile-hazirla.png'));
  await person.press('Control+Enter');
  await page.getByRole('button', { name: /Çap et/ }).waitFor();
  await page.locator('canvas').first().waitFor();
  await take(join(manual, '06-muqavile.png'));
  await person.press('Control+Enter');
  await see('Hər iki nüsxə düzgün çap olundu?');
  await take(join(manual, '07-cap-suali.png'));
  await take(join(readme, 'case.png'));
} finally {
  await browser.close();
  await program.stop();
}
