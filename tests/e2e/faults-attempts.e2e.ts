import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { askRegisters, fieldOf, linkWord, openCase, said, printPaper, saved, startCase, stepHeading, typeIn } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import type { Person } from './support/person.ts';
import type { Program } from './support/program.ts';
import { choose, shoot, signIn, wordsOf } from './support/walk.ts';

/** The line of one register in the table of look-ups. */
function lineOf(page: Page, register: 'Şəxs' | 'VÖEN') {
  return page.getByRole('table', { name: 'Dövlət reyestrləri' }).getByRole('row', { name: new RegExp(`^${register}`, 'u') });
}

/** The power goes, the program is started again, the same person signs in and opens the same case. */
async function powerCut(person: Person, program: Program, words: string): Promise<void> {
  // The window goes with the power too.
  await person.page.goto('about:blank');
  await program.crashAndRestart();
  await signIn(person, program, 'leyla');
  await expect(linkWord(person.page)).toContainText('Əlaqə var');
  await openCase(person, words);
}

async function printRefusal(person: Person, program: Program): Promise<string> {
  await printPaper(person);
  await expect(said(person.page, 'Düzgün çap olunub')).toBeVisible();
  const prints = join(program.folder, 'prints');
  const [file = ''] = await readdir(prints);
  return wordsOf(join(prints, file));
}

test('COM-04 COM-07 M-06: a FİN that no register knows fails three times, with the power cut between the tries', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0001');
  await person.press('Alt+KeyS');
  await typeIn(person, 'person.fin', 'QYD9Z9Z');
  await saved(page);
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 1/3');

  await askRegisters(person);
  await expect(said(page, 'Məlumat tapılmadı (cəhd 1/3). Daxil edilən məlumatı yoxlayıb yenidən axtarın.')).toBeVisible();
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 2/3');
  await shoot(page, 'attempts-first');

  await powerCut(person, program, 'QYD9Z9Z');
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 2/3');
  await askRegisters(person);
  await expect(said(page, 'Məlumat tapılmadı (cəhd 2/3). Daxil edilən məlumatı yoxlayıb yenidən axtarın.')).toBeVisible();
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 3/3');

  await powerCut(person, program, 'QYD9Z9Z');
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 3/3');
  await askRegisters(person);
  await expect(
    said(page, '3 cəhddən sonra məlumat tapılmadı. Prosedur dayandırıldı, sənədin etibarsızlığı barədə qeyd aparıldı.'),
  ).toBeVisible();
  await expect(said(page, 'Sənədin etibarsızlığı barədə qeyd saxlanılıb (J-05).')).toBeVisible();
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'D-02 · Şəxsiyyəti təsdiq edən sənədin surəti' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'D-10 · Asan İmza SİM kartı' })).toBeVisible();
  await shoot(page, 'attempts-ended');

  await powerCut(person, program, 'QYD9Z9Z');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  const paper = await printRefusal(person, program);
  expect(paper).toContain('QYD9Z9Z');
  expect(paper).toContain('Şəxsiyyəti təsdiq edən sənəd');
  await shoot(page, 'attempts-refusal-paper');
});

test('COM-07 M-05 M-43: while the register is out nothing is counted, and the next real failure is attempt 1', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0001');
  await typeIn(person, 'person.fin', 'QYD9Z9Z');
  await program.setFaults({ outages: ['İAMAS'] });
  for (const time of ['first', 'second', 'third', 'fourth']) {
    await askRegisters(person);
    await expect(said(page, 'İAMAS cavab vermir. Bu, axtarış cəhdi sayılmır.'), time).toBeVisible();
    await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 1/3');
  }
  await shoot(page, 'attempts-outage');
  await powerCut(person, program, 'QYD9Z9Z');
  await program.setFaults({ outages: [] });
  await expect(lineOf(page, 'Şəxs')).toContainText('cəhd 1/3');
  await askRegisters(person);
  await expect(said(page, 'Məlumat tapılmadı (cəhd 1/3). Daxil edilən məlumatı yoxlayıb yenidən axtarın.')).toBeVisible();
  await typeIn(person, 'person.fin', 'QYD0001');
  await askRegisters(person);
  await expect(lineOf(page, 'Şəxs')).toContainText('istifadə olunub: 1/3');
});

test('COM-05 M-07 M-08: a VÖEN that no register knows ends the case at the third try, across a power cut', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0003');
  await choose(person, 'Ərizəçinin kateqoriyası', 'K1b');
  await person.press('Alt+KeyS');
  // Right by its check digit, unknown to the register.
  await typeIn(person, 'organisation.voen', '9990000222');
  await saved(page);
  await expect(fieldOf(page, 'organisation.voen')).toHaveValue('9990000222');
  await expect(lineOf(page, 'VÖEN')).toContainText('cəhd 1/3');
  await askRegisters(person);
  await expect(said(page, 'VÖEN üzrə məlumat tapılmadı (cəhd 1/3).')).toBeVisible();
  await expect(lineOf(page, 'Şəxs')).toContainText('Tapıldı');
  await expect(lineOf(page, 'VÖEN')).toContainText('cəhd 2/3');
  await powerCut(person, program, 'QYD0003');
  await expect(lineOf(page, 'VÖEN')).toContainText('cəhd 2/3');
  await askRegisters(person);
  await expect(lineOf(page, 'VÖEN')).toContainText('cəhd 3/3');
  await program.setFaults({ outages: ['VÖEN'] });
  await askRegisters(person);
  await expect(said(page, 'VÖEN cavab vermir. Bu, axtarış cəhdi sayılmır.')).toBeVisible();
  await program.setFaults({});
  await askRegisters(person);
  await expect(said(page, '3 cəhddən sonra VÖEN üzrə məlumat tapılmadı. Prosedur dayandırıldı.')).toBeVisible();
  await expect(said(page, 'Sənədin etibarsızlığı barədə qeyd saxlanılıb (J-05).')).toBeVisible();
  await shoot(page, 'attempts-voen-ended');
  expect(await printRefusal(person, program)).toContain('QYD0003');
});
