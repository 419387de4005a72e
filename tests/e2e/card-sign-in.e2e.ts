import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { connectCardControl, type CardControl } from '../../src/core/virtual-card-control.ts';
import { CardStore } from '../../src/training/virtual-card/card-store.ts';
import { makeOperatorCard, type OperatorCard } from '../support/operator-card.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { enter, shoot, signIn, signOut } from './support/walk.ts';

/** A card from its binding to the locked screen, at the keyboard; only the plastic is put in and pulled by the test, as a hand would. */
test.describe.serial('an operator and his card', () => {
  let program: Program;
  let page: Page;
  let person: Person;
  let control: CardControl;
  let card: OperatorCard;
  let reader: string;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    card = await program.whileDown('SIGTERM', async () => {
      const made = await makeOperatorCard(join(program.folder, 'registry'));
      new CardStore(join(program.folder, 'cards')).save(made.state);
      return made;
    });
    const config = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as { training: { cardControl: string } };
    control = await connectCardControl(config.training.cardControl);
    reader = (await control.status()).readers[0]?.name ?? '';
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
  });
  test.afterAll(async () => {
    control.close();
    await page.close();
    await program.stop();
  });

  const insert = () => control.insert(reader, card.chipSerialHex);
  const pull = () => control.eject(reader);
  /** The PIN window opens by itself; its owner types there and nowhere else. */
  const typePin = async (pin: string, open: () => Promise<void>): Promise<void> => {
    const opening = page.context().waitForEvent('page');
    await open();
    const window = await opening;
    await expect(window.locator('#current')).toBeFocused();
    await window.keyboard.type(pin);
    await window.keyboard.press('Enter');
  };

  test('everybody reads how the cards of the machine stand', async () => {
    await signIn(person, program, 'sevda');
    await person.press('Alt+9');
    await person.arriveAt('Kart diaqnostikası');
    await expect(page.getByRole('table', { name: 'Kartlarla bağlı vəziyyət' })).toContainText('Təlim virtual kartlarla birbaşa işləyir');
    await expect(page.getByRole('table', { name: 'Kartın cavab kodları' })).toContainText('PIN bağlıdır');
    await shoot(page, 'card-diagnosis');
    await signOut(person);
  });

  test('R-08: the rights administrator binds the card in the reader to an operator', async () => {
    await insert();
    await person.arriveAt('Giriş');
    await expect(page.getByRole('button', { name: /^Kartla daxil ol/u })).toBeVisible();
    await shoot(page, 'card-sign-in-page');
    await enter(person, 'kamran');
    await person.arriveAt('İstifadəçilər');
    const list = page.getByRole('grid');
    await person.tabTo(page.getByRole('textbox', { name: 'Süzgəc' }));
    await person.type('leyla');
    await expect(page.getByRole('row', { selected: true })).toContainText('leyla');
    await person.press('Enter');
    await expect(list).toBeFocused();
    await person.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('Kart bağlanmayıb')).toBeVisible();
    await expect(dialog.getByRole('combobox', { name: /Oxuyucudakı kart/u })).toContainText(card.cardSerial);
    await person.tabTo(dialog.getByRole('button', { name: 'Kartı bağla' }));
    await person.press('Enter');
    await expect(dialog.getByText(`Bağlı kart: ${card.cardSerial}`)).toBeVisible();
    await shoot(page, 'card-bound');
    await person.press('Escape');
    await expect(dialog).toBeHidden();
    await signOut(person);
  });

  test('the operator signs in with the card and PIN1, and the screen locks when the card is pulled', async () => {
    await typePin(card.pin1, () => person.press('Alt+c'));
    await person.arriveAt('Bu gün');
    await person.press('Alt+8');
    await person.arriveAt('Kart xidməti');
    await expect(page.getByRole('table', { name: 'Sertifikatlar' })).toContainText('Aktiv');
    await expect(page.getByText(card.cardSerial).first()).toBeVisible();
    await expect(page.getByText('PIN1: 3 · PIN2: 3 · PUK: 3 / 3')).toBeVisible();
    await shoot(page, 'card-service');

    const pulledAtMs = Date.now();
    await pull();
    await person.arriveAt('Ekran kilidlidir');
    expect(Date.now() - pulledAtMs).toBeLessThan(1_500);
    await expect(page.getByText(card.cardSerial).first()).toBeHidden();
    await expect(page.getByText('Oxuyucuda kart yoxdur: öz kartınızı taxın.')).toBeVisible();
    await shoot(page, 'card-locked');

    await insert();
    const unlock = page.getByRole('button', { name: /^Kartla kilidi aç/u });
    await expect(unlock).toBeVisible();
    await person.tabTo(unlock);
    await typePin(card.pin1, () => person.press('Enter'));
    await person.arriveAt('Kart xidməti');
  });

  test('T-10: the holder changes a PIN in his own window; wrong ones are warned of, and the PUK opens what was blocked', async () => {
    const [wrong, next] = ['90909', '47261'];
    const opening = page.context().waitForEvent('page');
    await person.press('F4');
    const window = await opening;
    await expect(window.locator('#current')).toBeFocused();
    await expect(page.getByText('Kart sahibi PIN pəncərəsində yazır.')).toBeVisible();
    await shoot(page, 'card-typing');
    for (let tried = 0; tried < 3; tried += 1) {
      for (const code of [wrong === card.pin2 ? '90908' : wrong, next, next]) {
        await window.keyboard.type(code);
        await window.keyboard.press('Enter');
      }
      if (tried < 2) await expect(window.getByText(`Qalan cəhd: ${String(2 - tried)}`).or(window.getByText('son cəhddir'))).toBeVisible();
    }
    await expect(page.getByText('PIN bağlanıb: üç dəfə səhv yazılıb.')).toBeVisible();
    await expect(page.getByText('Bağlanıb: PIN2. PUK kodu ilə açılır.')).toBeVisible();
    await shoot(page, 'card-blocked');
    await expect(page.getByRole('button', { name: /^PIN2-ni PUK ilə aç/u })).toBeEnabled();
  });
});
