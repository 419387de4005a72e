import { expect, type Locator, type Page } from '@playwright/test';
import { applicationEntitySchema, changesPageSchema, type ApplicationEntity } from '../../../src/shared/registry-api/endpoints.ts';
import type { Person } from './person.ts';
import type { Program } from './program.ts';
import { castOf } from './walk.ts';

/** The stretches of a case that tests of faults go on their way to the fault. Every one of them is gone with keys alone. */

/** Goes to a field of the form by its name and types over what stands there. */
export async function typeIn(person: Person, field: string, text: string): Promise<Locator> {
  const box = fieldOf(person.page, field);
  await person.tabTo(box, 160);
  await person.press('Control+A');
  if (text === '') await person.press('Delete');
  else await person.type(text);
  return box;
}

/** Chooses in a list with the arrows: letters that the test keyboard has no key for would go astray. */
export async function pick(person: Person, box: Locator, beginning: string): Promise<void> {
  await person.tabTo(box, 160);
  await person.press('Home');
  const now = box.locator('option:checked');
  for (let n = 0; n < 20 && (await now.textContent())?.startsWith(beginning) !== true; n += 1) await person.press('ArrowDown');
  await expect(now).toHaveText(new RegExp(`^${beginning}`, 'u'));
}

/** A field of the application form by the path of its value. */
export function fieldOf(page: Page, path: string): Locator {
  return page.locator(`[data-field="${path}"]:visible`);
}

/** What is said under a field. */
export function problemOf(page: Page, path: string): Locator {
  return page.locator('.field', { has: fieldOf(page, path) }).locator('.mantine-InputWrapper-error');
}

/** A sentence on the page itself; what is spoken to a screen reader and what stands in the timeline says it again. */
export function said(page: Page, sentence: string | RegExp): Locator {
  return page.locator('#main').getByText(sentence).first();
}

/** Everything typed is on the disk. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByText('Yadda saxlanılıb', { exact: true }).last()).toBeVisible();
}

/** A new application with the document read, its bearer confirmed, and the SIM read. */
export async function startCase(person: Person, fin: string, iccid = castOf(fin).sim.iccid): Promise<void> {
  const cast = castOf(fin);
  await person.press('F2');
  await person.arriveAt('Ərizə');
  await expect(fieldOf(person.page, 'mrz')).toBeFocused();
  await person.read(cast.mrz);
  await expect(fieldOf(person.page, 'carrier.phone')).toBeFocused();
  await typePhoneAndReadSim(person, { phone: cast.sim.phone, iccid });
  await person.press('F8');
  await expect(person.page.getByText('Təsdiqlənib')).toBeVisible();
}

/** The number is typed and left; then the SIM goes through the reader. */
export async function typePhoneAndReadSim(person: Person, sim: { readonly phone: string; readonly iccid: string }): Promise<void> {
  await typeIn(person, 'carrier.phone', sim.phone.replace('+994', ''));
  await person.press('Tab');
  await person.read(sim.iccid);
  await expect(fieldOf(person.page, 'carrier.iccid')).toHaveValue(sim.iccid);
}

/** Asks the registers with F3, once what was asked before is answered: until then the key rests. */
export async function askRegisters(person: Person): Promise<void> {
  await expect(person.page.locator('#main').getByRole('button', { name: 'Axtar', exact: true })).toHaveAttribute('aria-disabled', 'false');
  await person.press('F3');
}

/** The registers are asked and their answers taken over. */
export async function lookUpAndAdopt(person: Person): Promise<void> {
  await person.press('F3');
  await expect(person.page.getByRole('row', { name: /^SİM/ })).toContainText('Tapıldı');
  await person.press('F7');
  await expect(person.page.getByText('reyestrdən').first()).toBeVisible();
}

/** Everything of the closing block: connection form, documents, consent, secret answer. */
export async function closeForm(person: Person, secretAnswer = 'Lalə müəllimə'): Promise<void> {
  await typeIn(person, 'carrier.connectionFormNumber', 'Q-77');
  await person.press('Alt+KeyS');
  await person.press('Alt+KeyR');
  await expect(person.page.getByText(/Razılıq verilib/)).toBeVisible();
  await person.tabTo(fieldOf(person.page, 'secretAnswer'), 160);
  await person.type(secretAnswer);
  await person.press('Tab');
  await expect(person.page.getByText('yadda saxlanılıb', { exact: true })).toBeVisible();
}

/** A whole form of an individual, ready to be sent. */
export async function fillCase(person: Person, fin: string): Promise<void> {
  await startCase(person, fin);
  await lookUpAndAdopt(person);
  await closeForm(person);
  await saved(person.page);
}

export async function sendCase(person: Person): Promise<void> {
  await person.press('Control+Enter');
  await expect(stepHeading(person.page, 'Müqavilə')).toBeVisible();
}

export function stepHeading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 2, name, exact: true });
}

/** Prepares, prints and confirms the paper of the step on the screen. */
export async function printPaper(person: Person): Promise<void> {
  const { page } = person;
  for (const name of [/^Hazırla/, /^Çap et/]) {
    await expect(page.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'false');
    await person.press('Control+Enter');
  }
  await expect(page.getByRole('button', { name: 'Bəli', exact: true })).toBeFocused();
  await person.press('Enter');
}

/** The contract printed and signed by both. */
export async function signContract(person: Person): Promise<void> {
  await printPaper(person);
  const first = person.page.getByLabel('Mərkəz hər iki nüsxəni imzalayıb və möhürləyib');
  await expect(first).toBeFocused();
  await person.press('Space');
  await expect(person.page.getByLabel('Ərizəçi hər iki nüsxəni imzalayıb')).toBeFocused();
  await person.press('Space');
  await person.press('Control+Enter');
  await expect(stepHeading(person.page, 'Kağız sertifikat')).toBeVisible();
}

/** Opens a case by the search that is under Ctrl+K. */
export async function openCase(person: Person, words: string): Promise<void> {
  await person.press('Control+KeyK');
  await expect(person.page.getByRole('combobox', { name: 'Axtarış və əmrlər' })).toBeFocused();
  await person.type(words);
  await expect(person.page.getByRole('listbox', { name: 'Nəticələr' }).getByRole('option').first()).toContainText('•');
  await person.press('Enter');
  await person.arriveAt('Ərizə');
}

/** The word for the link in the status strip. */
export function linkWord(page: Page): Locator {
  return page.getByRole('contentinfo', { name: 'Vəziyyət sətri' });
}

/** Goes along the steps of the case to one of them. */
export async function goToStep(person: Person, name: string): Promise<void> {
  const wanted = stepHeading(person.page, name);
  for (let n = 0; n < 13 && !(await wanted.isVisible()); n += 1) await person.press('Alt+ArrowRight');
  await expect(wanted).toBeVisible();
}

/** What the registry has of a person's newest case in its change feed: the newest version of it. */
export async function registeredCase(program: Program, fin: string): Promise<ApplicationEntity> {
  const { body } = await program.askRegistry('/v1/sync/changes?limit=500');
  const page = changesPageSchema.parse(JSON.parse(body.toString('utf8')));
  const bodies = page.changes
    .filter((change) => change.entity === 'application')
    .map((change) => applicationEntitySchema.parse(change.body));
  const found = bodies.filter((one) => one.data.person.fin === fin);
  // The feed keeps the order of each case and none between them.
  const last = found.toSorted((left, right) => left.sentAtMs - right.sentAtMs).at(-1);
  if (last === undefined) throw new Error(`the registry has no case of ${fin}`);
  return last;
}

/** From the printed certificates to the documents that go back. */
export async function activateAndHandOver(person: Person): Promise<void> {
  const { page } = person;
  await printPaper(person);
  await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
  await printPaper(person);
  await expect(stepHeading(page, 'Təhvil')).toBeVisible();
  await person.press('Alt+KeyS');
  await person.press('Control+Enter');
  await expect(stepHeading(page, 'Skanlar')).toBeVisible();
}
