import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import {
  askRegisters,
  closeForm,
  fieldOf,
  pick,
  printPaper,
  registeredCase,
  said,
  saved,
  stepHeading,
  typeIn,
  typePhoneAndReadSim,
} from './support/case-walk.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { castOf, shoot, signIn, wordsOf } from './support/walk.ts';

/** Fərid files for Nuray under a notarised power of attorney that lets him sign the application and the contract. */
test.describe.serial('an application by a representative, by keyboard', () => {
  const nuray = castOf('QYD0001');
  const ferid = castOf('QYD0007');
  let program: Program;
  let page: Page;
  let person: Person;

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'leyla');
    await person.press('F2');
    await person.arriveAt('Ərizə');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  const lineOf = (register: 'Şəxs' | 'Nümayəndə') =>
    page.getByRole('table', { name: 'Dövlət reyestrləri' }).getByRole('row', { name: new RegExp(`^${register}`, 'u') });
  const atDesk = () => page.getByRole('group', { name: /^Masada kimdir/u });
  /** Everything printed so far, oldest first. */
  const prints = (): string[] => {
    const folder = join(program.folder, 'prints');
    return readdirSync(folder)
      .sort()
      .map((name) => wordsOf(join(folder, name)));
  };

  test('COM-16 COM-01: the one at the desk is asked for, and his document goes into his own block', async () => {
    await expect(fieldOf(page, 'mrz')).toBeFocused();
    await person.read(nuray.mrz);
    await expect(fieldOf(page, 'carrier.phone')).toBeFocused();
    await typePhoneAndReadSim(person, nuray.sim);
    await person.press('F8');
    await expect(page.getByText('Təsdiqlənib')).toBeVisible();
    // The one who files is another: the question is open again, and about him.
    await person.press('Alt+KeyU');
    await expect(page.getByRole('radio', { name: /^Nümayəndə/u })).toHaveAttribute('aria-checked', 'true');
    await expect(page.getByText('Təsdiqlənib')).toBeHidden();
    await person.read(ferid.mrz);
    await expect(fieldOf(page, 'representative.person.surname')).toHaveValue('CAFAROV');
    await expect(fieldOf(page, 'person.surname')).toHaveValue('QULIYEVA');
    await person.press('F8');
    await expect(page.getByRole('group', { name: 'Sənəd nümayəndəyə məxsusdur?' })).toContainText('Təsdiqlənib');
    await shoot(page, 'representative-form');
  });

  test('COM-16 COM-07 M-05: a wrong FİN of his is counted as his own attempt', async () => {
    await typeIn(person, 'representative.person.fin', 'QYD9Z9Z');
    await saved(page);
    await askRegisters(person);
    await expect(said(page, 'Məlumat tapılmadı (cəhd 1/3). Daxil edilən məlumatı yoxlayıb yenidən axtarın.')).toBeVisible();
    await expect(lineOf('Nümayəndə')).toContainText('cəhd 2/3');
    await expect(lineOf('Şəxs')).toContainText('istifadə olunub: 0/3');
    await shoot(page, 'representative-miss');
    await typeIn(person, 'representative.person.fin', 'QYD0007');
    await saved(page);
    await askRegisters(person);
    await expect(lineOf('Nümayəndə')).toContainText('istifadə olunub: 1/3');
    await expect(page.getByRole('row', { name: /^SİM/u })).toContainText('Tapıldı');
    await person.press('F7');
    await expect(fieldOf(page, 'representative.person.fatherName')).toHaveValue('ZAUR');
    await expect(fieldOf(page, 'representative.document.issuedBy')).toHaveValue('ASAN xidmət 1');
  });

  test('COM-16 POA-R2: the registrar reads from the power of attorney what it lets him sign', async () => {
    await typeIn(person, 'powersOfAttorney.0.number', '77/N');
    await typeIn(person, 'powersOfAttorney.0.issuedOn', '1.9.2026');
    await typeIn(person, 'powersOfAttorney.0.validUntilOn', '1.9.2027');
    await expect(fieldOf(page, 'powersOfAttorney.0.grantor')).toHaveValue('QYD0001');
    await expect(fieldOf(page, 'powersOfAttorney.0.grantee')).toHaveValue('QYD0007');
    await pick(person, fieldOf(page, 'powersOfAttorney.0.certification'), 'notarial');
    await typeIn(person, 'powersOfAttorney.0.notaryName', 'Bakı 1 saylı notariat');
    await typeIn(person, 'powersOfAttorney.0.notaryRegisterNumber', '1-77');
    // The contract alone is not enough for one who files.
    await person.tabTo(fieldOf(page, 'powersOfAttorney.0.signs.appendix-5'), 160);
    await person.press('Space');
    await closeForm(person);
    await person.press('Control+Enter');
    await expect(page.getByText(/səlahiyyəti vermir: Ərizə \(Əlavə 1\)/u).first()).toBeVisible();
    await person.tabTo(fieldOf(page, 'powersOfAttorney.0.signs'), 160);
    await person.press('Space');
    await saved(page);
    await expect(page.getByText(/səlahiyyəti vermir: Ərizə \(Əlavə 1\)/u)).toBeHidden();
    await shoot(page, 'representative-power');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
  });

  test('COM-16 SIM-14: he signs the contract, and it names him with his power of attorney', async () => {
    await expect(atDesk()).toContainText('CƏFƏROV FƏRİD ZAUR oğlu, nümayəndə, etibarnamə № 77/N, 01.09.2026');
    await expect(atDesk()).toContainText('Bu sənədi imzalaya bilər.');
    await printPaper(person);
    await expect(page.getByLabel('Mərkəz hər iki nüsxəni imzalayıb və möhürləyib')).toBeFocused();
    await shoot(page, 'representative-contract');
    await person.press('Space');
    await expect(page.getByLabel('Nümayəndə hər iki nüsxəni imzalayıb')).toBeFocused();
    await person.press('Space');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Kağız sertifikat')).toBeVisible();
    const [contract = ''] = prints();
    expect(contract).toContain('İmza sahibinin nümayəndəsi');
    expect(contract).toContain('Etibarnamə (Əlavə 8) № 77/N, 01.09.2026');
  });

  test('COM-16 SIM-15: the paper certificate waits for the applicant, who comes with her own document', async () => {
    await expect(atDesk()).toContainText('səlahiyyəti vermir: Kağız sertifikat');
    await shoot(page, 'representative-certificate');
    await person.press('Alt+KeyU');
    await expect(page.getByRole('dialog')).toContainText('QULİYEVA NURAY ELÇİN qızı');
    await shoot(page, 'representative-applicant-came');
    await person.press('Control+Enter');
    await expect(atDesk()).toContainText('QULİYEVA NURAY ELÇİN qızı, ərizəçi özü');
    const before = prints().length;
    await printPaper(person);
    await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
    for (const paper of prints().slice(before)) {
      expect(paper).toContain('QULİYEVA NURAY ELÇİN qızı');
      expect(paper).not.toContain('№ 77/N');
    }
  });

  test('COM-16 SIM-19: she receives the certificates, and the registry knows who signed and who received', async () => {
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Təhvil')).toBeVisible();
    await person.press('Alt+KeyS');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Skanlar')).toBeVisible();
    await expect
      .poll(async () => {
        const { state, contractSignedBy, handedTo } = await registeredCase(program, 'QYD0001');
        return [state, contractSignedBy, handedTo];
      })
      .toEqual(['HANDED', 'representative', 'applicant']);
    await person.press('Alt+ArrowLeft');
    await expect(stepHeading(page, 'Təhvil')).toBeVisible();
    await expect(page.getByText('Təhvil aldı: QULİYEVA NURAY ELÇİN qızı, ərizəçi özü')).toBeVisible();
    await shoot(page, 'representative-handed');
  });
});
