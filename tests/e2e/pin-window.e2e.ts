import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startCardHost, type RunningCardHost } from '../support/card-host.ts';
import { createTestCa } from '../support/cards/test-ca.ts';
import { makeCardThrough } from '../support/host-card-maker.ts';
import { startDirectCards, type VirtualCards } from '../support/pcsc/virtual-cards.ts';

/** The holder of a card at the PIN window: real page, real browser, real card host, a virtual card. */
test.describe('the PIN window', () => {
  const serial = '0D'.repeat(10);
  const names = { readerName: 'Qeyd Virtual Reader 0', chipSerialHex: serial, cardSerial: '0100000000000088' };
  let cards: VirtualCards;
  let running: RunningCardHost;
  let envelope = '';
  const codeOnEnvelope = (name: string) => new RegExp(`^${name}: +([0-9]+)`, 'mu').exec(envelope)![1]!;

  test.beforeAll(async () => {
    cards = await startDirectCards({ readerNames: [names.readerName] });
    await cards.control.createCard({ chipSerialHex: serial });
    await cards.control.insert(names.readerName, serial);
    const folder = test.info().outputPath('envelopes');
    running = await startCardHost(
      { directLink: cards.directSocketPath, mailer: { kind: 'file', folder } },
      { pinPageFolder: path.join(import.meta.dirname, '../../dist/pin-window') },
    );
    await running.event((event) => event.kind === 'card_inserted');
    await makeCardThrough(running.host, await createTestCa(), { names, algorithm: 'p-256', envelopeNumber: 'Z-1' });
    envelope = readFileSync(path.join(folder, 'Z-1.txt'), 'latin1');
  });
  test.afterAll(async () => {
    await running.stop();
    await cards.close();
  });

  /** Asks for the window and opens it as the screen would. */
  async function openWindow(page: Page, kind: 'change_pin' | 'unblock_pin', pin: 'pin1' | 'pin2', bornOn?: string) {
    const from = running.events.length;
    const more = { readerName: names.readerName, chipSerialHex: serial, pin, ...(bornOn === undefined ? {} : { bornOn }) };
    const asked = kind === 'change_pin' ? running.host.ask({ kind, ...more }) : running.host.ask({ kind, ...more });
    const event = await running.event((each) => each.kind === 'pin_window', from);
    await page.goto(event.kind === 'pin_window' ? event.address : '');
    return { asked };
  }
  async function type(page: Page, ...codes: string[]) {
    for (const code of codes) {
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
    }
  }

  test('a PIN is changed with the keyboard alone, weak codes and slips are told, and nothing of it leaves the window', async ({ page }) => {
    const { asked } = await openWindow(page, 'change_pin', 'pin1', '1984-03-27');
    await expect(page.getByRole('heading', { name: 'PIN1 kodunun dəyişdirilməsi' })).toBeVisible();
    await expect(page.locator('#current')).toBeFocused();
    await page.screenshot({ path: test.info().outputPath('pin-window.png') });
    const old = codeOnEnvelope('PIN1');

    await type(page, old, '4738', '4739');
    await expect(page.getByRole('alert')).toContainText('iki dəfə eyni yazılmayıb');
    await type(page, old, '1234', '1234');
    await expect(page.getByRole('alert')).toContainText('ardıcıldır');
    await type(page, old, '2703', '2703');
    await expect(page.getByRole('alert')).toContainText('doğum tarixindən');
    await type(page, 'abcd', '4738', '4738');
    await expect(page.getByRole('alert')).toContainText('yalnız rəqəmlərdən');
    await type(page, old === '9160' ? '9161' : '9160', '4738', '4738');
    await expect(page.getByRole('alert')).toContainText('Kod düzgün deyil');
    await expect(page.getByText('Qalan cəhd: 2')).toBeVisible();
    for (const field of ['#current', '#next', '#again']) await expect(page.locator(field)).toHaveValue('');
    await type(page, old, '4738', '4738');
    await expect(page.getByRole('alert')).toContainText('Hazırdır');

    const done = await asked;
    expect(done.ok && done.value).toMatchObject({ kind: 'pin_done', tries: { pin1: 3 } });
    const everything = JSON.stringify(running.messages) + filesOf(running.folder);
    for (const secret of ['4738', '2703']) expect(new RegExp(`(?<![0-9.])${secret}(?![0-9])`, 'u').test(everything)).toBe(false);
  });

  test('the last try is told before it is made; Esc leaves the card as it was; a blocked PIN comes back with the PUK', async ({
    page,
    context,
  }) => {
    const { asked: first } = await openWindow(page, 'change_pin', 'pin2');
    const wrong = codeOnEnvelope('PIN2') === '91604' ? '91605' : '91604';
    await expect(page.locator('#current')).toBeFocused();
    await type(page, wrong, '47382', '47382');
    await expect(page.getByText('Qalan cəhd: 2')).toBeVisible();
    await type(page, wrong, '47382', '47382');
    await expect(page.getByText('Diqqət: bu, son cəhddir. Kod səhv olsa, PIN2 bağlanacaq.')).toBeVisible();
    await page.screenshot({ path: test.info().outputPath('pin-window-last-try.png') });
    await page.keyboard.press('Escape');
    expect((await first).ok).toBe(false);

    const again = await context.newPage();
    const { asked: second } = await openWindow(again, 'change_pin', 'pin2');
    await expect(again.getByText('Diqqət: bu, son cəhddir.')).toBeVisible();
    await type(again, wrong, '47382', '47382');
    await expect(again.getByRole('alert')).toContainText('PIN2 bağlandı');
    const blocked = await second;
    expect(blocked.ok ? '' : blocked.failure.code).toBe('PIN_BLOCKED');

    const unblocking = await context.newPage();
    const { asked: third } = await openWindow(unblocking, 'unblock_pin', 'pin2');
    await expect(unblocking.getByRole('heading', { name: 'PIN2 kodunun PUK ilə açılması' })).toBeVisible();
    await expect(unblocking.locator('#current')).toBeFocused();
    await type(unblocking, codeOnEnvelope('PUK'), '47382', '47382');
    await expect(unblocking.getByRole('alert')).toContainText('Hazırdır');
    const unblocked = await third;
    expect(unblocked.ok && unblocked.value).toMatchObject({ kind: 'pin_done', tries: { pin2: 3, puk2: 3 } });
  });

  test('speaks three languages', async ({ page }) => {
    const { asked } = await openWindow(page, 'change_pin', 'pin1');
    await expect(page.locator('#current')).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Смена кода PIN1' })).toBeVisible();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Change PIN1' })).toBeVisible();
    await page.keyboard.press('Escape');
    const ended = await asked;
    expect(ended.ok ? '' : ended.failure.code).toBe('PIN_CANCELLED');
  });
});

function filesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
