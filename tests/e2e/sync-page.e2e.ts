import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { fieldOf, linkWord, saved, stepHeading } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { refuseAtAnotherDesk } from './support/other-desk.ts';
import { enter, shoot, signIn, signOut } from './support/walk.ts';

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

test('I-3: the supervisor writes the unsent acts to a file and makes the support file with the keyboard; the registry takes the file, and the link doubles nothing', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await program.setFaults({ failWith: { status: 503, times: 500, retryAfterS: 600 }, onlyPath: '/v1/sync/commands' });
  await person.press('F2');
  await expect(fieldOf(page, 'mrz')).toBeFocused();
  await person.press('Alt+KeyS');
  await saved(page);
  await person.press('Shift+F8');
  await expect(page.getByRole('dialog')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'İmtina edilib')).toBeVisible();
  await signOut(person);
  await enter(person, 'nigar');
  await person.press('Alt+Digit4');
  await person.arriveAt('Sinxronizasiya');

  await person.press('Alt+KeyX');
  const dialog = page.getByRole('dialog', { name: 'Göndərilməmiş əməllər faylda' });
  await expect(dialog.getByText('Göndərilməmiş 1 əməl və 0 skan')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Ləğv et' })).toBeFocused();
  await shoot(page, 'sync-export-dialog');
  await person.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Yazıldı: 1 əməl, 0 skan')).toBeVisible();
  await shoot(page, 'sync-export-done');
  await person.press('Alt+KeyK');
  await expect(page.getByText('Dəstək faylı hazırdır')).toBeVisible();
  await shoot(page, 'sync-help-done');
  await expect(linkWord(page)).toContainText('Növbədə: 1');

  const exports = join(program.folder, 'exports');
  const names = await readdir(exports);
  const file = names.find((name) => name.endsWith('.qeydq')) ?? '';
  expect(names.filter((name) => name.endsWith('.json.gz'))).toHaveLength(1);
  const importOnce = () =>
    execFileSync(
      process.execPath,
      ['src/registry/queue-files/import-cli.ts', join(exports, file), '--data', join(program.folder, 'registry')],
      {
        encoding: 'utf8',
      },
    );
  expect(importOnce()).toContain('acts 1: applied 1, already known 0, refused 0, conflict 0, deferred 0');
  expect(importOnce()).toContain('acts 1: applied 0, already known 1, refused 0, conflict 0, deferred 0');
  await program.setFaults({});
  await person.press('Control+Enter');
  await expect(linkWord(page)).toContainText('Növbədə: 0');
  await expect(page.getByText('Növbə boşdur')).toBeVisible();
  await person.press('Alt+KeyX');
  await expect(dialog.getByText('Göndərilməmiş əməl yoxdur')).toBeVisible();
  await shoot(page, 'sync-export-nothing');
  await person.press('Escape');
  await expect(dialog).toBeHidden();
});
