import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { provisionDesk, type RunningRegistry } from '../../src/registry/index.ts';
import { trainingOffice } from '../../src/training/training-desk.ts';
import { refusalOf, TestDesk } from '../integration/registry/test-desk.ts';
import { fieldOf, linkWord, saved, stepHeading } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import type { Program } from './support/program.ts';
import { shoot, signIn } from './support/walk.ts';

/** Leyla refuses the same case at a second desk of the office, which has its own key. */
async function refuseAtAnotherDesk(program: Program, applicationId: string): Promise<void> {
  const credentials = await provisionDesk(join(program.folder, 'registry'), { deskId: 'baki-1-02', officeId: trainingOffice.id });
  const { registry } = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { registry: Pick<RunningRegistry, 'url'> };
  const desk = new TestDesk(registry as RunningRegistry, credentials);
  const { status, body } = await desk.call('POST', '/v1/sync/commands', { commands: [refusalOf(desk, { desk_seq: 1 }, applicationId)] });
  await desk.close();
  expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('"applied"')]);
}

test('fault 22 b5: an act that the registry cannot take is set aside, told in plain words, kept, and sent again with the keyboard', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'ziya');
  await program.setFaults({ failWith: { status: 413, times: 500 }, onlyPath: '/v1/sync/commands' });
  await person.press('F2');
  await expect(fieldOf(page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('Shift+F8');
  await expect(page.getByRole('dialog')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();

  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');
  await expect(page.getByRole('main').getByText('Kənara qoyulub, dəstəyə məlumat verin').first()).toBeVisible();
  await shoot(page, 'sync-parked');
  const rows = page.getByRole('grid', { name: 'Növbədəki əməllər' });
  await person.tabTo(rows);
  await expect(rows).toBeFocused();
  await person.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Əməlin vəziyyəti' });
  await expect(dialog.getByText('Göndəriş çox böyükdür')).toBeVisible();
  await shoot(page, 'sync-parked-dialog');
  await program.setFaults({});
  await expect(dialog.getByRole('button', { name: 'Yenidən göndər' })).toBeFocused();
  await person.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(linkWord(page)).toContainText('Növbədə: 0');
  await expect(page.getByText('Növbə boşdur')).toBeVisible();
});

test('b4 fault 20: two desks at one case: both sides stand beside each other, and mine goes again or theirs stays, with the keyboard', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'ziya');
  // The registry asks the desk to wait, so another desk is quicker.
  await program.setFaults({ failWith: { status: 503, times: 500, retryAfterS: 600 }, onlyPath: '/v1/sync/commands' });
  await person.press('F2');
  await expect(fieldOf(page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('Shift+F8');
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  const applicationId = /applications\/([0-9a-f-]{36})/u.exec(page.url())?.[1] ?? '';
  await program.setFaults({});
  await refuseAtAnotherDesk(program, applicationId);

  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');
  await person.press('Control+Enter');
  await expect(page.getByRole('main').getByText('Diqqət tələb edir', { exact: true }).first()).toBeVisible();
  await person.tabTo(page.getByRole('grid', { name: 'Növbədəki əməllər' }));
  await person.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'İki masa eyni iş üzərində' });
  const sides = dialog.getByRole('table', { name: 'İki masa eyni iş üzərində' });
  await expect(sides.getByRole('row', { name: /^Kim/ })).toContainText('Leyla');
  await shoot(page, 'sync-conflict');
  await person.tabTo(dialog.getByRole('button', { name: 'Reyestrdəki qalsın' }));
  await person.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Növbə boşdur')).toBeVisible();
});
