import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { fillCase, goToStep, said, sendCase } from './support/case-walk.ts';
import { test } from './support/fault-test.ts';
import { encryptedPdf, scanPdf, sparseFile } from './support/scan-files.ts';
import { attach, shoot, signIn } from './support/walk.ts';

const megabyte = 1024 * 1024;

test('SIM-18 COM-10: a file too large, a text named .pdf, an encrypted and a cut PDF are told in words and leave nothing behind', async ({
  page,
  person,
  program,
}) => {
  await signIn(person, program, 'leyla');
  await fillCase(person, 'QYD0001');
  await sendCase(person);
  await goToStep(person, 'Skanlar');
  await expect(said(page, /^Qəbul olunur: PDF, JPEG, PNG; fayl ən çoxu \d/)).toBeVisible();

  const text = join(program.folder, 'müqavilə.pdf');
  await writeFile(text, 'Bu, mətn faylıdır, PDF deyil.\n');
  const cut = join(program.folder, 'kəsik.pdf');
  await writeFile(cut, scanPdf().subarray(0, 60));
  const empty = join(program.folder, 'boş.pdf');
  await writeFile(empty, '');
  const rows: readonly (readonly [string, string])[] = [
    [
      await sparseFile(program.folder, 'nəhəng.pdf', 200 * megabyte),
      'Fayl icazə verilən həcmdən böyükdür. Əlavə edilmədi, kiçildib təkrar skan edin.',
    ],
    [text, 'Faylın məzmunu PDF, JPEG və ya PNG deyil. Əlavə edilmədi, düzgün fayl seçin.'],
    [encryptedPdf(program.folder), 'PDF şifrə ilə qorunur. Əlavə edilmədi, qorunmayan surəti seçin.'],
    [cut, 'Fayl zədələnib və oxunmur. Əlavə edilmədi, yenidən skan edin.'],
    [empty, 'Fayl zədələnib və oxunmur. Əlavə edilmədi, yenidən skan edin.'],
  ];
  const list = page.getByRole('table', { name: 'Tələb olunan skanlar' });
  const missing = await list.getByText('Hələ yoxdur').count();
  for (const [file, sentence] of rows) {
    await attach(person, file);
    await expect(said(page, sentence), file).toBeVisible();
    await shoot(page, `bad-scan-${String(rows.findIndex(([one]) => one === file))}`);
    await expect(list.getByText('Hələ yoxdur')).toHaveCount(missing);
  }
  const good = join(program.folder, 'düzgün.pdf');
  await writeFile(good, scanPdf());
  await attach(person, good);
  await expect(list.getByText('düzgün.pdf')).toBeVisible();
  await expect(list.getByText('Hələ yoxdur')).toHaveCount(missing - 1);
});
