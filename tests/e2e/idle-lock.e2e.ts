import { expect, test } from '@playwright/test';
import { fieldOf, saved, startCase, typeIn } from './support/case-walk.ts';
import { createPerson } from './support/person.ts';
import { startProgram } from './support/program.ts';
import { shoot, signIn } from './support/walk.ts';

/** The shortest that a desk may be set to. */
const idleLockMs = 60_000;
/** The screen tells of input at most this often and looks at the clock every few seconds. */
const toldEveryMs = 30_000;
const lookedEveryMs = 5_000;

test('a desk that nobody touches locks by the clock, keeps the work, and after the password it goes on', async ({ page }) => {
  const program = await startProgram({ idleLockMs });
  try {
    const person = createPerson(page);
    await signIn(person, program, 'leyla');
    await startCase(person, 'QYD0003');
    await typeIn(person, 'contact.actualAddress', 'Gəncə, Şıxlı küçəsi 5');
    await saved(page);
    await typeIn(person, 'contact.email', 'gunel@example.az');
    const touchedAtMs = Date.now();
    await expect(page.getByRole('heading', { level: 1, name: 'Ekran kilidlidir' })).toBeVisible({
      timeout: idleLockMs + 4 * lookedEveryMs,
    });
    const idleMs = Date.now() - touchedAtMs;
    expect(idleMs).toBeGreaterThan(idleLockMs - toldEveryMs - lookedEveryMs);
    expect(idleMs).toBeLessThan(idleLockMs + 4 * lookedEveryMs);
    await expect(page.getByText('QYD0003')).toHaveCount(0);
    await expect(page.getByText('Şıxlı küçəsi')).toHaveCount(0);
    await expect(fieldOf(page, 'contact.email')).toHaveCount(0);
    await shoot(page, 'idle-locked');

    // A key at a locked desk does nothing but type the password.
    await person.press('F2');
    await person.arriveAt('Ekran kilidlidir');
    await person.type('Telim-2026-leyla');
    await person.press('Enter');
    await person.arriveAt('Ərizə');
    await expect(fieldOf(page, 'person.fin')).toHaveValue('QYD0003');
    await expect(fieldOf(page, 'contact.actualAddress')).toHaveValue('Gəncə, Şıxlı küçəsi 5');
    await expect(fieldOf(page, 'contact.email')).toHaveValue('gunel@example.az');
    await typeIn(person, 'carrier.connectionFormNumber', 'F-2026/0451');
    await saved(page);
    await expect(fieldOf(page, 'carrier.connectionFormNumber')).toHaveValue('F-2026/0451');
  } finally {
    await page.close();
    await program.stop();
  }
});
