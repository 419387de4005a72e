import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { quietFlags } from '../../src/main/browser/chromium.ts';
import { forbidCoreDumps } from '../../src/main/core-dumps.ts';
import { connectCardControl } from '../../src/core/virtual-card-control.ts';
import { CardStore } from '../../src/training/virtual-card/card-store.ts';
import { makeOperatorCard } from '../support/operator-card.ts';
import { findInBytes, findInFolder } from './support/clear-text.ts';
import { createPerson } from './support/person.ts';
import { crash, listTree } from './support/processes.ts';
import { startProgram } from './support/program.ts';
import { runFolder } from './support/run-folder.ts';
import { signIn } from './support/walk.ts';

/** Long enough to be found by no chance; typed by a holder at the PIN window of the whole program. */
const [wrong, chosen] = ['80417263', '60318274'];

test('a typed PIN is in clear text nowhere, not in database, log, temporary files or profile, and not after a crash', async ({
  launchOptions,
}) => {
  test.setTimeout(240_000);
  const program = await startProgram();
  const profile = await mkdtemp(join(runFolder(), 'profile-'));
  const card = await program.whileDown('SIGTERM', async () => {
    const made = await makeOperatorCard(join(program.folder, 'registry'));
    new CardStore(join(program.folder, 'cards')).save(made.state);
    return made;
  });
  const config = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { training: { cardControl: string } };
  const control = await connectCardControl(config.training.cardControl);
  expect(forbidCoreDumps()).toBe(true);
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), ...quietFlags],
    headless: true,
    viewport: { width: 1366, height: 768 },
    env: { ...process.env, TMPDIR: program.temporaryFolder },
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const person = createPerson(page);
    await signIn(person, program, 'leyla');
    await control.insert((await control.status()).readers[0]?.name ?? '', card.chipSerialHex);
    await person.press('Alt+8');
    await person.arriveAt('Kart xidməti');
    await expect(page.getByText('PIN1: 3 · PIN2: 3 · PUK: 3 / 3')).toBeVisible();

    const opening = context.waitForEvent('page');
    await person.press('F4');
    const window = await opening;
    const type = async (...codes: string[]) => {
      for (const code of codes) {
        await window.keyboard.type(code);
        await window.keyboard.press('Enter');
      }
    };
    await expect(window.locator('#current')).toBeFocused();
    await type(wrong, chosen, chosen);
    await expect(window.getByText('Qalan cəhd: 2')).toBeVisible();
    const closed = window.waitForEvent('close');
    await type(card.pin2, chosen, chosen);
    await expect(page.getByText('PIN1: 3 · PIN2: 3 · PUK: 3 / 3')).toBeVisible();
    // It closes by itself; nobody has to touch it again.
    await closed;

    const words = [wrong, chosen, card.puk];
    // The card knows its own codes: the search finds what is there.
    const states = await readdir(join(program.folder, 'cards'));
    expect(states.length).toBeGreaterThan(0);
    expect(await findInFolder(join(program.folder, 'cards'), [chosen])).not.toEqual([]);

    // Again into the memory of window, shell, host and core; then all of them crash.
    const again = context.waitForEvent('page');
    await person.press('F4');
    const second = await again;
    await expect(second.locator('#current')).toBeFocused();
    await second.keyboard.type(chosen);
    for (const moment of ['running', 'crashed'] as const) {
      if (moment === 'crashed') {
        const [browser, desk] = [listTree(`--user-data-dir=${profile}`), listTree(`--folder ${program.folder}`)];
        expect(desk.length, 'shell, registry, core, paper host, maintenance and card host').toBeGreaterThanOrEqual(6);
        await crash(browser, 'SIGSEGV');
        await crash(desk, 'SIGABRT');
      }
      for (const folder of [program.temporaryFolder, profile])
        expect(await findInFolder(folder, words), `${folder}, ${moment}`).toEqual([]);
      expect(await findInFolder(program.folder, words, ['cards']), `the desk's folder, ${moment}`).toEqual([]);
      expect(findInBytes(Buffer.from(program.output), words), `the logs, ${moment}`).toEqual([]);
    }
  } finally {
    control.close();
    await context.close().catch(() => undefined);
    await program.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    // A crash leaves the sockets of the virtual cards behind.
    await rm(dirname(config.training.cardControl), { recursive: true, force: true });
  }
});
