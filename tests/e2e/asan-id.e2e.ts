import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { provisionDesk, type RunningRegistry } from '../../src/registry/index.ts';
import { trainingOffice } from '../../src/training/training-desk.ts';
import { TestDesk } from '../integration/registry/test-desk.ts';
import { madeCard, makeAndDeliverCard } from '../support/asan-id-centre.ts';
import { fieldOf, pick, printPaper, registeredCase, said, stepHeading } from './support/case-walk.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { castOf, shoot, signIn } from './support/walk.ts';

/** An Asan ID at the desk by keyboard and readers alone: its application, and weeks later its hand-over. The centre in between is a desk without a screen. */
test.describe.serial('an Asan ID, by keyboard', () => {
  const { mrz } = castOf('QYD0001');
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('AID-07: the carrier is chosen and nothing of a SIM is left on the form', async () => {
    await person.press('F2');
    await person.arriveAt('Ərizə');
    await expect(fieldOf(page, 'mrz')).toBeFocused();
    await person.read(mrz);
    await expect(fieldOf(page, 'carrier.phone')).toBeFocused();
    await pick(person, fieldOf(page, 'carrier.kind'), 'Asan ID');
    await expect(fieldOf(page, 'carrier.phone')).toHaveCount(0);
    await expect(fieldOf(page, 'carrier.entitlement')).toBeVisible();
    await expect(page.getByText('Şəkil hələ yoxdur')).toBeVisible();
    await person.press('F8');
    await expect(page.getByText('Təsdiqlənib')).toBeVisible();
  });

  test('AID-08 AID-10: the person and the right to the card are found, the photo comes with the answer', async () => {
    await person.press('F3');
    await expect(page.getByRole('row', { name: /^Asan ID hüququ/u })).toContainText('Tapıldı');
    await expect(page.getByText('Şəkil reyestrin cavabındadır')).toBeVisible();
    await person.press('F7');
    await expect(page.getByText('reyestrdən').first()).toBeVisible();
    await person.press('Alt+KeyS');
    await person.press('Alt+KeyR');
    await expect(page.getByText(/Razılıq verilib/u)).toBeVisible();
    await person.tabTo(fieldOf(page, 'contact.phone'), 160);
    await person.type('500000001');
    await person.tabTo(fieldOf(page, 'secretAnswer'), 160);
    await person.type('Lalə müəllimə');
    await person.press('Tab');
    await expect(page.getByText('yadda saxlanılıb', { exact: true })).toBeVisible();
    await shoot(page, 'asan-id-form');
  });

  test('AID-11 AID-13: the request goes to the centre and the notice of acceptance is printed', async () => {
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Qəbul bildirişi')).toBeVisible();
    await expect(page.getByText('Fərdiləşdirilir', { exact: true })).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Skanlar')).toBeVisible();
    for (let n = 0; n < 12 && !(await stepHeading(page, 'Kartın hazırlanması').isVisible()); n += 1) await person.press('Alt+ArrowLeft');
    await expect(said(page, /kart hazırlanır/u)).toBeVisible();
    await shoot(page, 'asan-id-under-way');
    const { state, personalisingSinceMs } = await registeredCase(program, 'QYD0001');
    expect([state, personalisingSinceMs > 0]).toEqual(['PERSONALISING', true]);
  });

  test('HND-01 HND-06: the registered card begins with its holder, found and compared once more', async () => {
    const { applicationId } = await registeredCase(program, 'QYD0001');
    const credentials = await provisionDesk(join(program.folder, 'registry'), { deskId: 'baki-1-09', officeId: trainingOffice.id });
    const { registry } = JSON.parse(await readFile(join(program.folder, 'desk.json'), 'utf8')) as {
      registry: Pick<RunningRegistry, 'url'>;
    };
    const centre = new TestDesk(registry as RunningRegistry, credentials);
    await makeAndDeliverCard(centre, applicationId);
    await centre.close();
    await expect(page.getByText('Kart hazırdır', { exact: true })).toBeVisible({ timeout: 30_000 });
    for (let n = 0; n < 12 && !(await stepHeading(page, 'Kartı alan şəxs').isVisible()); n += 1) await person.press('Alt+ArrowRight');
    await expect(said(page, madeCard.cardSerial)).toBeVisible();
    await person.press('F3');
    await expect(said(page, 'Tapıldı')).toBeVisible();
    await shoot(page, 'asan-id-holder');
    await person.press('F8');
    await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
  });

  test('HND-07 HND-08 HND-10: the contract is signed by both, the paper is given, the certificates are activated', async () => {
    await printPaper(person);
    await expect(page.getByLabel('Mərkəz hər iki nüsxəni imzalayıb və möhürləyib')).toBeFocused();
    await person.press('Space');
    await person.press('Space');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Kağız sertifikat')).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Kart və zərf')).toBeVisible();
  });

  test('HND-11 HND-12: a wrong card is named on the spot, the right one leaves in its envelope', async () => {
    const card = page.getByLabel('Kartın ştrix-kodu');
    const envelope = page.getByLabel('Zərfin ştrix-kodu');
    await expect(card).toBeFocused();
    await person.type('0100000000000043');
    await person.press('Enter');
    await expect(envelope).toBeFocused();
    await person.type(madeCard.envelopeNumber);
    await person.press('Enter');
    await expect(said(page, /Bu, başqa kartdır \(0100000000000043\)/u)).toBeVisible();
    await shoot(page, 'asan-id-wrong-card');
    await expect(card).toBeFocused();
    await person.type(madeCard.cardSerial);
    await person.press('Enter');
    await person.press('Enter');
    await expect(said(page, 'Kart və zərf bu ərizənindir')).toBeVisible();
    // The training reader is empty: its failure is said, and why the card is given without a test is written.
    await person.press('Control+Enter');
    const reason = page.getByLabel('Yoxlanılmamasının səbəbi');
    await expect(reason).toBeVisible();
    await person.tabTo(reason, 160);
    await person.type('Oxuyucu xarabdir');
    await person.tabTo(page.getByRole('button', { name: /^Yoxlamasız davam et/u }));
    await person.press('Enter');
    await expect(stepHeading(page, 'Təhvil')).toBeVisible();
    await person.press('Alt+KeyS');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Skanlar')).toBeVisible();
    await shoot(page, 'asan-id-handed');
    await expect
      .poll(async () => {
        const { state, card: given } = await registeredCase(program, 'QYD0001');
        return `${state} ${given?.state ?? ''}`;
      })
      .toBe('HANDED HANDED');
  });
});
