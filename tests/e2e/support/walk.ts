import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { wellKnown } from '../../../src/registry/index.ts';
import { writeMrz } from '../../../src/training/mrz-writer.ts';
import type { Person } from './person.ts';
import type { Program } from './program.ts';

const shotsFolder = resolve(import.meta.dirname, '..', '..', '..', '.run', 'e2e-shots');

/** A picture for people to look at; nothing is compared with it. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(shotsFolder, { recursive: true });
  await page.screenshot({ path: join(shotsFolder, `${name}.png`) });
}

/** Opens the program and signs in by name and password, as everybody does in the morning. */
export async function signIn(person: Person, program: Program, login: string, password = `Telim-2026-${login}`): Promise<void> {
  await person.page.goto(program.address);
  await enter(person, login, password);
}

/** Fills the sign-in page that is on the screen; says nothing of what comes of it. */
export async function typeSignIn(person: Person, login: string, password: string): Promise<void> {
  await person.arriveAt('Giriş');
  await person.tabTo(person.page.getByRole('textbox', { name: 'İstifadəçi adı' }));
  await person.press('Control+A');
  await person.type(login);
  await person.tabTo(person.page.getByLabel('Şifrə', { exact: true }));
  await person.type(password);
  await person.press('Enter');
}

/** Signs in from the page that is on the screen, and is in. */
export async function enter(person: Person, login: string, password = `Telim-2026-${login}`): Promise<void> {
  await typeSignIn(person, login, password);
  await expect(person.page.getByRole('navigation', { name: 'Bölmələr' })).toBeVisible();
}

/** Leaves the session by keyboard. */
export async function signOut(person: Person): Promise<void> {
  await person.tabTo(person.page.getByRole('button', { name: 'Çıxış' }));
  await person.press('Enter');
  await expect(person.page.getByRole('dialog')).toBeVisible();
  await person.press('Control+Enter');
  await person.arriveAt('Giriş');
}

/** Takes another role of the same person; `letter` is the first one of its name in the list. */
export async function takeRole(person: Person, name: string): Promise<void> {
  const field = person.page.getByRole('combobox', { name: 'Rol' });
  await person.tabTo(field);
  await person.type(name);
  await expect(field.locator('option:checked')).toHaveText(new RegExp(`^${name}`, 'u'));
  await person.arriveAt('Bu gün');
}

/** Chooses in a closed list by typing the beginning of the wanted line. */
export async function choose(person: Person, label: string, beginning: string): Promise<void> {
  const field = person.page.getByRole('combobox', { name: label });
  await person.tabTo(field);
  await person.type(beginning);
  await expect(field.locator('option:checked')).toHaveText(new RegExp(`^${beginning}`, 'u'));
}

/** Everything a person of the cast lays on the desk. */
export function castOf(fin: string) {
  const person = wellKnown.people.find((one) => one.fin === fin);
  const document = person?.documents[0];
  const sim = wellKnown.sims.find((one) => one.ownerFin === fin);
  if (person === undefined || document === undefined || sim === undefined) throw new Error(`${fin} is not of the cast`);
  return { person, document, sim, mrz: writeMrz({ ...person, ...document }) };
}

/** The body for which a person of the cast works or which he leads. */
export function organisationOf(fin: string, bodyKind: string) {
  const found = wellKnown.organisations.find((one) => one.bodyKind === bodyKind && (one.headFin === fin || one.employeeFins.includes(fin)));
  if (found === undefined) throw new Error(`${fin} has no such organisation`);
  return found;
}

/** Gives a file through the file dialog that F4 opens. */
export async function attach(person: Person, file: string): Promise<void> {
  const asked = person.page.waitForEvent('filechooser', { timeout: 20_000 });
  // The file before has been taken: until then the key has nothing to do.
  await expect(person.page.getByRole('button', { name: /^Fayl seç/u })).toHaveAttribute('aria-disabled', 'false');
  await person.press('F4');
  await (await asked).setFiles(file);
}

/** The words of a PDF, line by line as they stand on the page. */
export function wordsOf(file: string): string {
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}
