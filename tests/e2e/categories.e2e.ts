import { expect, test, type Page } from '@playwright/test';
import { wellKnown } from '../../src/registry/index.ts';
import { fieldOf, sendCase, startCase, typeIn } from './support/case-walk.ts';
import { findRegisteredCase } from './support/openssl.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { castOf, choose, shoot, signIn } from './support/walk.ts';

/** The other categories up to the contract: their own fields, documents and kinds. */
test.describe('categories to the contract', () => {
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'rashad');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('CR-41: K1b, an individual taxpayer, has a VÖEN and no position', async () => {
    await begin('QYD0003', 'K1b');
    await expect(fieldOf(page, 'organisation.position')).toBeHidden();
    await expect(fieldOf(page, 'powersOfAttorney.0.number')).toBeHidden();
    await typeIn(person, 'organisation.voen', wellKnown.voen.individualTaxpayer);
    await askAndSend();
    await expectKinds('QYD0003', ['AUT', 'PER', 'BUS'], wellKnown.voen.individualTaxpayer);
  });

  test('D-05: K2, an employee of a taxpayer, shows a notarised power of attorney', async () => {
    await begin('QYD0008', 'K2');
    await expect(page.getByRole('checkbox', { name: /^D-05/u })).toBeVisible();
    await expect(page.getByText('notarial qaydada təsdiq edilmiş', { exact: true }).first()).toBeVisible();
    await typeIn(person, 'organisation.voen', wellKnown.voen.individualTaxpayer);
    await typeIn(person, 'organisation.position', 'Satıcı');
    await typePower('n');
    await expect(fieldOf(page, 'powersOfAttorney.0.certification')).toHaveValue('notarised');
    await typeIn(person, 'powersOfAttorney.0.notaryName', 'Sınaq Notariusu');
    await typeIn(person, 'powersOfAttorney.0.notaryRegisterNumber', '3/118');
    await askAndSend();
    await expectKinds('QYD0008', ['AUT', 'PER', 'BUS'], wellKnown.voen.individualTaxpayer);
  });

  test('D-01 CR-25: K3, the head of a legal entity, needs no power of attorney but the seal on the application', async () => {
    await begin('QYD0002', 'K3');
    await expect(page.getByText('imzalı və möhürlü', { exact: true })).toBeVisible();
    await expect(fieldOf(page, 'powersOfAttorney.0.number')).toBeHidden();
    await expect(fieldOf(page, 'organisation.standing')).toHaveValue('head');
    await typeIn(person, 'organisation.voen', wellKnown.voen.privateLegal);
    await typeIn(person, 'organisation.position', 'Direktor');
    await askAndSend();
    await expectKinds('QYD0002', ['AUT', 'PER', 'BUS'], wellKnown.voen.privateLegal);
    // The SIM's service ends before the three years do, and the screen says by which rule the certificates end.
    const issued = await findRegisteredCase(program, castOf('QYD0002').sim.phone);
    expect(issued.certificates.map((one) => one.validityRule)).toEqual(['sim_service_term', 'sim_service_term', 'sim_service_term']);
  });

  test('CR-42: K5, the head of a state body, gets a State certificate', async () => {
    await begin('QYD0005', 'K5');
    await expect(page.getByRole('checkbox', { name: 'Dövlət və bələdiyyə' })).toBeChecked();
    await typeIn(person, 'organisation.voen', wellKnown.voen.stateBody);
    await typeIn(person, 'organisation.position', 'Rəis');
    await person.tabTo(fieldOf(page, 'organisation.bodyKind'));
    await person.type('İcra');
    await askAndSend();
    await expectKinds('QYD0005', ['AUT', 'PER', 'STA'], wellKnown.voen.stateBody);
  });

  test('CR-21: K6, an employee of a state body, brings the body’s paper and gets Personal beside State', async () => {
    await begin('QYD0004', 'K6');
    await expect(page.getByText('blankda, möhürlə', { exact: true }).first()).toBeVisible();
    await typeIn(person, 'organisation.voen', wellKnown.voen.stateBody);
    await typeIn(person, 'organisation.position', 'Məsləhətçi');
    await person.tabTo(fieldOf(page, 'organisation.bodyKind'));
    await person.type('İcra');
    await typePower('b');
    await expect(fieldOf(page, 'powersOfAttorney.0.certification')).toHaveValue('letterhead_seal');
    await askAndSend();
    await expectKinds('QYD0004', ['AUT', 'PER', 'STA'], wellKnown.voen.stateBody);
    await shoot(page, 'k6-contract');
  });

  async function begin(fin: string, category: string): Promise<void> {
    await startCase(person, fin);
    await choose(person, 'Ərizəçinin kateqoriyası', `${category} `);
  }

  async function typePower(certification: string): Promise<void> {
    await typeIn(person, 'powersOfAttorney.0.number', '7-11');
    await typeIn(person, 'powersOfAttorney.0.issuedOn', '5.1.2026');
    await typeIn(person, 'powersOfAttorney.0.validUntilOn', '5.1.2028');
    await person.tabTo(fieldOf(page, 'powersOfAttorney.0.certification'), 90);
    await person.type(certification);
  }

  /** Look-ups, the answers taken over, documents, consent, secret answer, and away. */
  async function askAndSend(): Promise<void> {
    await person.press('F3');
    await expect(page.getByRole('row', { name: /^VÖEN/u })).toContainText('Tapıldı');
    await expect(page.getByRole('row', { name: /^SİM/u })).toContainText('Tapıldı');
    await person.press('F7');
    await expect(fieldOf(page, 'organisation.name')).not.toHaveValue('');
    await person.press('Alt+s');
    await person.press('Alt+r');
    await expect(page.getByText(/^Razılıq verilib/u)).toBeVisible();
    await typeIn(person, 'secretAnswer', 'Ağ çinar');
    await person.press('Enter');
    await expect(page.getByText('yadda saxlanılıb', { exact: true })).toBeVisible();
    await sendCase(person);
    await expect(page.getByText('Müqavilə imzalanır')).toBeVisible();
  }

  async function expectKinds(fin: string, kinds: readonly string[], voen: string): Promise<void> {
    const issued = await findRegisteredCase(program, castOf(fin).sim.phone);
    expect(issued.state).toBe('CONTRACT');
    expect(issued.certificates.map((one) => one.kind)).toEqual(kinds);
    expect(issued.certificates.at(-1)?.voen).toBe(voen);
  }
});
