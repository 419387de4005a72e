import { expect } from '@playwright/test';
import { fieldOf, linkWord, saved, stepHeading } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { shoot, signIn } from './support/walk.ts';

test('F-22 b5: an act that the registry cannot take is set aside, told in plain words, kept, and sent again with the keyboard', async ({
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
