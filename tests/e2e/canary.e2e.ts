import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, expect, test, type BrowserContext, type LaunchOptions } from '@playwright/test';
import { quietFlags } from '../../src/main/browser/chromium.ts';
import { forbidCoreDumps } from '../../src/main/core-dumps.ts';
import { askRegisters, fieldOf, openCase, printPaper, said, saved, startCase, stepHeading, typeIn } from './support/case-walk.ts';
import { findInBytes, findInFolder } from './support/clear-text.ts';
import { createPerson, type Person } from './support/person.ts';
import { crash, listTree } from './support/processes.ts';
import { startProgram, type Program } from './support/program.ts';
import { runFolder } from './support/run-folder.ts';
import { signIn, wordsOf } from './support/walk.ts';

const fin = 'ZQ7XK4P';
const surname = 'Kanaryevskaya';
const address = 'Qumrovqaya 919';
const answer = 'Zülmətqartalı1907';

test('the search of this test finds what is really there, in every form', () => {
  for (const form of [
    Buffer.from(answer),
    Buffer.from(answer, 'utf16le'),
    ...['', 'x', 'xy'].map((before) => Buffer.from(Buffer.from(`${before}${answer}zz`).toString('base64'))),
  ]) {
    expect(findInBytes(Buffer.concat([Buffer.alloc(7), form, Buffer.alloc(3)]), [answer])).not.toEqual([]);
  }
  expect(findInBytes(Buffer.from('Zülmətqartalı1908'), [answer])).toEqual([]);
});

test('a FİN, a surname and a secret answer are in clear text nowhere but on the screen and the papers, not even after a crash', async ({
  launchOptions,
}) => {
  test.setTimeout(360_000);
  const program = await startProgram();
  const profile = await mkdtemp(join(runFolder(), 'profile-'));
  let context = await openWindow(program, profile, launchOptions);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const person = createPerson(page);
    await typeCanaries(person, program);
    await page.reload();
    await person.arriveAt('Ərizə');
    await openCase(person, surname);
    // Three failed searches send both words over the wire, into the queue, the journal and the paper of refusal.
    for (const attempt of ['2/3', '3/3']) {
      await askRegisters(person);
      await expect(page.getByRole('table', { name: 'Dövlət reyestrləri' })).toContainText(`cəhd ${attempt}`);
    }
    await askRegisters(person);
    await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
    await printPaper(person);
    await expect(said(page, 'Düzgün çap olunub')).toBeVisible();
    await person.press('Alt+Digit3');
    await person.arriveAt('Reyestr');

    // Both while everything runs (the write-ahead log and the temporary files are there) and after the window closed (its profile is written).
    for (const moment of ['running', 'window closed'] as const) {
      if (moment === 'window closed') await context.close();
      const words = [fin, surname, address, answer];
      expect(await findInFolder(program.folder, words, ['registry', 'prints']), `the desk's folder, ${moment}`).toEqual([]);
      expect(await findInFolder(program.folder, [answer]), `registry and papers, ${moment}`).toEqual([]);
      expect(await findInFolder(program.temporaryFolder, words), `temporary files, ${moment}`).toEqual([]);
      expect(await findInFolder(profile, words), `the profile of Chromium, ${moment}`).toEqual([]);
    }
    expect(findInBytes(Buffer.from(program.output), [fin, surname, address, answer]), 'the logs').toEqual([]);

    const data = await readdir(join(program.folder, 'desk'));
    expect(
      data.some((name) => name.endsWith('-wal')),
      'the write-ahead log was there to be searched',
    ).toBe(true);
    const prints = join(program.folder, 'prints');
    const papers = (await readdir(prints)).map((name) => wordsOf(join(prints, name))).join('\n');
    expect(papers).toContain(fin);
    expect(papers.toLowerCase()).toContain(surname.toLowerCase());
    expect(papers).not.toContain(answer);

    // The words are in the memory of window and core again, and all of them crash.
    await program.restart();
    context = await openWindow(program, profile, launchOptions);
    await typeCanaries(createPerson(context.pages()[0] ?? (await context.newPage())), program);
    const window = listTree(`--user-data-dir=${profile}`);
    const desk = listTree(`--folder ${program.folder}`);
    expect(window.length, 'browser and renderer').toBeGreaterThan(1);
    expect(desk.length, 'shell, registry, core and paper host').toBeGreaterThanOrEqual(4);
    const before = await readdir(process.cwd());
    await crash(window, 'SIGSEGV');
    await crash(desk, 'SIGABRT');
    const words = [fin, surname, address, answer];
    for (const folder of [program.temporaryFolder, profile]) {
      expect(await findInFolder(folder, words), `${folder} after the crash`).toEqual([]);
      expect((await readdir(folder, { recursive: true })).filter(isDump)).toEqual([]);
    }
    expect(await findInFolder(program.folder, words, ['registry', 'prints']), 'the desk’s folder after the crash').toEqual([]);
    expect((await readdir(program.folder, { recursive: true })).filter(isDump)).toEqual([]);
    // The window worked in the folder of this test run, the program in its own temporary one.
    expect((await readdir(process.cwd())).filter((name) => !before.includes(name) && isDump(name))).toEqual([]);
    expect(findInBytes(Buffer.from(program.output), words), 'the logs after the crash').toEqual([]);
  } finally {
    await context.close().catch(() => undefined);
    await program.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** A core file of the system, a minidump of Chromium, a report or a snapshot of Node. */
const isDump = (path: string): boolean => /(?:^|\/)(?:core(?:\.\d+)?|report\..*\.json|[^/]*\.(?:dmp|heapsnapshot))$/u.test(path);

/** Chromium as the program opens it, on a profile that can be searched: its flags, and no more leave to dump than the program gives it. */
function openWindow(program: Program, profile: string, options: LaunchOptions): Promise<BrowserContext> {
  expect(forbidCoreDumps()).toBe(true);
  return chromium.launchPersistentContext(profile, {
    ...options,
    args: [...(options.args ?? []), ...quietFlags],
    headless: true,
    viewport: { width: 1366, height: 768 },
    env: { ...process.env, TMPDIR: program.temporaryFolder },
  });
}

/** Signs in and types all the words into a new case. */
async function typeCanaries(person: Person, program: Program): Promise<void> {
  const { page } = person;
  await signIn(person, program, 'leyla');
  await startCase(person, 'QYD0001');
  await typeIn(person, 'person.surname', surname);
  await typeIn(person, 'contact.actualAddress', address);
  await typeIn(person, 'person.fin', fin);
  await person.press('Alt+KeyS');
  await person.tabTo(fieldOf(page, 'secretAnswer'), 120);
  await person.type(answer);
  await person.press('Tab');
  await expect(page.getByText('yadda saxlanılıb', { exact: true })).toBeVisible();
  await saved(page);
}
