import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fieldOf, printPaper, problemOf, signContract, startCase, stepHeading, typeIn } from './support/case-walk.ts';
import { findRegisteredCase } from './support/openssl.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { castOf, choose, organisationOf, shoot, signIn, wordsOf } from './support/walk.ts';

/** An employee of a legal entity: Business is asked for, Personal comes with it. By keyboard and readers alone. */
test.describe.serial('an employee of a legal entity, by keyboard', () => {
  const { sim } = castOf('QYD0007');
  const employer = organisationOf('QYD0007', 'private');
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
    person.counts.keystrokes = 0;
    await startCase(person, 'QYD0007');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('SIM-05 COM-03 POA-R3: a power of attorney out of date is said before anything is asked', async () => {
    await choose(person, 'Ərizəçinin kateqoriyası', 'K4');
    await expect(page.getByRole('checkbox', { name: 'İş (Biznes)' })).toBeChecked();
    await typeIn(person, 'organisation.voen', employer.voen);
    await typeIn(person, 'organisation.position', 'Mühasib');
    await typeIn(person, 'powersOfAttorney.0.number', '14/K');
    await typeIn(person, 'powersOfAttorney.0.issuedOn', '1.9.2025');
    await typeIn(person, 'powersOfAttorney.0.validUntilOn', '1.10.2026');
    await person.press('Alt+s');
    await person.press('Control+Enter');
    await expect(page.getByRole('checkbox', { name: /^D-05/u })).toBeChecked();
    await expect(page.getByText(/D-05.*01\.10\.2026|01\.10\.2026.*bit/u).first()).toBeVisible();
    await typeIn(person, 'powersOfAttorney.0.validUntilOn', '1.9.2027');
    await person.press('Tab');
    await expect(problemOf(page, 'powersOfAttorney.0.validUntilOn')).toBeHidden();
  });

  test('POA-R1 POA-R2: the employer’s paper on letterhead with seal names both sides by itself', async () => {
    await expect(fieldOf(page, 'powersOfAttorney.0.grantor')).toHaveValue(employer.voen);
    await expect(fieldOf(page, 'powersOfAttorney.0.grantee')).toHaveValue('QYD0007');
    await person.tabTo(fieldOf(page, 'powersOfAttorney.0.certification'), 90);
    await person.type('bl');
    await expect(fieldOf(page, 'powersOfAttorney.0.certification')).toHaveValue('letterhead_seal');
    await expect(fieldOf(page, 'powersOfAttorney.0.notaryName')).toBeHidden();
  });

  test('SIM-09 SIM-10 COM-05: the VÖEN is found and Personal is added by itself', async () => {
    await person.press('F3');
    await expect(page.getByRole('row', { name: /^VÖEN/u })).toContainText('Tapıldı');
    await expect(page.getByRole('row', { name: /^SİM/u })).toContainText('Tapıldı');
    await person.press('F7');
    await expect(fieldOf(page, 'organisation.name')).toHaveValue(employer.name);
    await expect(page.getByText('Bu SİM kartda "Şəxsi" sertifikat olmadığı üçün o da əlavə edildi.').first()).toBeVisible();
    // The operator says that the number is a company's, so the company must be named.
    await expect(page.getByRole('checkbox', { name: 'Korporativ nömrə' })).toBeChecked();
    await typeIn(person, 'carrier.corporateVoen', employer.voen);
    await shoot(page, 'k4-form');
  });

  test('CR-21 CR-22: both signing certificates and the authentication one are issued', async () => {
    await person.press('Alt+r');
    await expect(page.getByText(/^Razılıq verilib/u)).toBeVisible();
    await typeIn(person, 'secretAnswer', 'Göy məktəb');
    await person.press('Enter');
    await expect(page.getByRole('button', { name: /^Sertifikat sorğusunu göndər/u })).toBeFocused();
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
    const issued = await findRegisteredCase(program, sim.phone);
    expect(issued.certificates.map((one) => one.kind)).toEqual(['AUT', 'PER', 'BUS']);
    expect(issued.certificates.map((one) => one.voen)).toEqual(['', '', employer.voen]);
  });

  test('SIM-12 K4: the contract lists both kinds', async () => {
    await signContract(person);
    const { certificates } = await findRegisteredCase(program, sim.phone);
    const contract = bare(prints().find((words) => /MÜQAVİLƏ №/u.test(words)) ?? '');
    // A serial breaks over two lines of its cell; its first half stands on one.
    const wanted = ['Şəxsi', 'İş (Biznes)', employer.voen, ...certificates.map((one) => one.serial.slice(0, 16))];
    expect(wanted.filter((words) => !contract.includes(bare(words)))).toEqual([]);
  });

  test('SIM-15: one paper certificate for each signing certificate, in two copies', async () => {
    const before = prints().length;
    await printPaper(person);
    await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
    const { certificates } = await findRegisteredCase(program, sim.phone);
    const papers = prints().slice(before).map(bare);
    const counts = certificates.map(
      ({ kind, serial }) => `${kind} ${String(papers.filter((words) => words.includes(serial.toUpperCase())).length)}`,
    );
    expect(counts).toEqual(['AUT 0', 'PER 2', 'BUS 2']);
  });

  test('SIM-16 SIM-17 SIM-19: all three are active, the notice is given, the originals go back', async () => {
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Təhvil')).toBeVisible();
    await person.press('Alt+s');
    await expect(page.getByRole('checkbox', { name: /^D-05/u })).toBeChecked();
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Skanlar')).toBeVisible();
    const issued = await findRegisteredCase(program, sim.phone);
    expect(issued.certificates.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    console.log(`K4 from F2 to the hand-over: ${String(person.counts.keystrokes)} keystrokes`);
    await shoot(page, 'k4-handed');
  });

  /** Everything printed so far, oldest first. */
  function prints(): string[] {
    const folder = join(program.folder, 'prints');
    return readdirSync(folder)
      .sort()
      .map((name) => wordsOf(join(folder, name)));
  }
});

function bare(text: string): string {
  return text.replace(/\s/gu, '').toUpperCase();
}
