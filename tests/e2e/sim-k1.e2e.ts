import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fieldOf, printPaper, stepHeading } from './support/case-walk.ts';
import { exportCertificates, findRegisteredCase, openssl } from './support/openssl.ts';
import { createPerson, type Person } from './support/person.ts';
import { startProgram, type Program } from './support/program.ts';
import { attach, castOf, shoot, signIn, takeRole, wordsOf } from './support/walk.ts';

/** One case of an individual from the application on the desk to the archive, by keyboard and readers alone. */
test.describe.serial('an individual, by keyboard', () => {
  const { mrz, sim, person: citizen } = castOf('QYD0001');
  const typedFields: string[] = [];
  let program: Program;
  let page: Page;
  let person: Person;

  const printed = (form: RegExp): string[] =>
    readdirSync(join(program.folder, 'prints'))
      .sort()
      .map((name) => join(program.folder, 'prints', name))
      .filter((file) => form.test(wordsOf(file)));
  const typeField = async (path: string, text: string) => {
    await person.tabTo(fieldOf(page, path));
    await person.type(text);
    typedFields.push(path);
  };
  const timeline = () => page.getByRole('region', { name: 'Tarixçə' });
  const expectRegistered = async (act: string) => {
    await expect(timeline().getByRole('listitem').filter({ hasText: act }).first()).toContainText('Qeydiyyata alınıb');
  };

  test.beforeAll(async ({ browser }) => {
    program = await startProgram();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    person = createPerson(page);
    await signIn(person, program, 'ziya');
  });
  test.afterAll(async () => {
    await page.close();
    await program.stop();
  });

  test('SIM-01 SIM-06: one key begins a new application for the paper on the desk', async () => {
    await expect(page.getByText('Görüləcək iş yoxdur.')).toBeVisible();
    person.counts.keystrokes = 0;
    person.counts.readerBursts = 0;
    person.counts.screens.clear();
    await person.press('F2');
    await person.arriveAt('Ərizə');
    await expect(fieldOf(page, 'mrz')).toBeFocused();
    await expect(page.getByText('Qaralama', { exact: true })).toBeVisible();
  });

  test('SIM-02 SIM-03: the document and the SIM are read, and the document is the bearer’s', async () => {
    await person.read(mrz);
    await expect(fieldOf(page, 'person.fin')).toHaveValue('QYD0001');
    await expect(fieldOf(page, 'person.surname')).toHaveValue('QULIYEVA');
    await expect(fieldOf(page, 'document.number')).toHaveValue('AA0000012');
    await expect(fieldOf(page, 'carrier.phone')).toBeFocused();
    await person.type(sim.phone.replace('+994', ''));
    typedFields.push('carrier.phone');
    await person.press('Enter');
    await expect(fieldOf(page, 'carrier.iccid')).toBeFocused();
    await person.read(sim.iccid);
    await expect(fieldOf(page, 'carrier.iccid')).toHaveValue(sim.iccid);
    await person.press('F8');
    await expect(page.getByRole('group', { name: 'Sənəd bu şəxsə məxsusdur?' })).toContainText('Təsdiqlənib');
  });

  test('SIM-08: the person is found in İAMAS and the answer is taken over by one key', async () => {
    await expect(page.getByRole('row', { name: /^Şəxs/u })).toContainText('cəhd 1/3');
    await person.press('F3');
    await expect(page.getByRole('row', { name: /^Şəxs/u })).toContainText('İAMAS');
    await expect(page.getByRole('row', { name: /^SİM/u })).toContainText('Tapıldı');
    await person.press('F7');
    // The register writes the name with its own letters; what was taken over is marked.
    await expect(fieldOf(page, 'person.surname')).toHaveValue(citizen.surname);
    await expect(fieldOf(page, 'person.fatherName')).toHaveValue(citizen.fatherName);
    await expect(page.locator('.field', { has: fieldOf(page, 'person.surname') })).toContainText('reyestrdən');
    await expect(page.locator('.field', { has: fieldOf(page, 'contact.registeredAddress') })).toContainText('reyestrdən');
  });

  test('SIM-07: everything of the paper stands in the form, and it is saved', async () => {
    await person.press('Alt+s');
    await person.press('Alt+r');
    await expect(page.getByText(/^Razılıq verilib/u)).toBeVisible();
    await typeField('carrier.connectionFormNumber', 'QF-7');
    // Enter goes to the next mandatory field that is still open: nothing but the secret answer.
    await person.press('Enter');
    await expect(fieldOf(page, 'secretAnswer')).toBeFocused();
    await person.type('Məmmədova');
    typedFields.push('secretAnswer');
    await person.press('Enter');
    await expect(page.getByText('yadda saxlanılıb', { exact: true })).toBeVisible();
    const send = page.getByRole('button', { name: /^Sertifikat sorğusunu göndər/u });
    await expect(send).toBeFocused();
    await expect(page.getByText(/^Tamamlanmalıdır/u)).toBeHidden();
    for (const box of await page.locator('[data-field^="presented."]').all()) await expect(box).toBeChecked();
    await shoot(page, 'k1-form-filled');
  });

  test('SIM-11 K1: the request is sent and its answer stands in the case', async () => {
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Müqavilə')).toBeVisible();
    await expectRegistered('Sertifikat sorğusu');
  });

  test('SIM-12: the contract is seen first and printed in two marked copies', async () => {
    await printPaper(person);
    await expect(page.getByText('Düzgün çap olunub')).toBeVisible();
    const copies = printed(/ASAN İMZA SİM KARTI ÜZRƏ MÜQAVİLƏ/u).map(wordsOf);
    expect(copies.map((words) => /Nüsxə \d\/\d/u.exec(words)?.[0])).toEqual(['Nüsxə 1/2', 'Nüsxə 2/2']);
    for (const words of copies) {
      for (const fact of ['QYD0001', 'QULİYEVA NURAY', sim.phone, sim.iccid, 'AA0000012']) expect(words).toContain(fact);
      expect(words).not.toContain('Məmmədova');
    }
    await shoot(page, 'k1-contract');
  });

  test('SIM-13 SIM-14 COM-08: the centre signs both copies, then the holder; one signature is not enough', async () => {
    await expect(page.getByLabel('Mərkəz hər iki nüsxəni imzalayıb və möhürləyib')).toBeFocused();
    await person.press('Space');
    await expect(page.getByLabel('Ərizəçi hər iki nüsxəni imzalayıb')).toBeFocused();
    await person.press('Control+Enter');
    await expect(page.getByRole('group', { name: 'Müqavilənin hər iki nüsxəsi imzalanıb?' }).getByRole('alert')).toBeVisible();
    await expect(timeline()).not.toContainText('Müqavilə imzalandı');
    await person.press('Space');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Kağız sertifikat')).toBeVisible();
    await expectRegistered('Müqavilə imzalandı');
  });

  test('SIM-15: one paper for the signing certificate, none for authentication', async () => {
    await printPaper(person);
    await expect(stepHeading(page, 'Aktivləşdirmə')).toBeVisible();
    const issued = await findRegisteredCase(program, sim.phone);
    const personal = issued.certificates.find((one) => one.kind === 'PER');
    const authentication = issued.certificates.find((one) => one.kind === 'AUT');
    const papers = printed(/SERTİFİKAT/u)
      .map(wordsOf)
      .filter((words) => !/MÜQAVİLƏ №/u.test(words));
    expect(papers).toHaveLength(2);
    for (const words of papers) {
      expect(bare(words)).toContain(personal?.serial.toUpperCase());
      expect(bare(words)).not.toContain(authentication?.serial.toUpperCase());
    }
  });

  test('SIM-16 COM-13: the certificates are activated at the first try', async () => {
    await expect(page.getByText('Cəhdlər: 0/2')).toBeVisible();
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Bildiriş')).toBeVisible();
    await expectRegistered('Aktivləşdirmə');
    const issued = await findRegisteredCase(program, sim.phone);
    expect(issued.certificates.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['AUT ACTIVE', 'PER ACTIVE']);
    expect(issued.activationAttempts).toBe(1);
  });

  test('SIM-17 CR-06: the notice carries the User ID of six digits', async () => {
    const { userId } = await findRegisteredCase(program, sim.phone);
    expect(userId).toMatch(/^\d{6}$/u);
    await expect(page.getByText(userId, { exact: true })).toBeVisible();
    await printPaper(person);
    await expect(stepHeading(page, 'Təhvil')).toBeVisible();
    const notices = printed(new RegExp(`(?<!\\d)${userId}(?!\\d)`, 'u'));
    expect(notices).toHaveLength(1);
    expect(wordsOf(notices[0] ?? '')).toMatch(/Əlavə 10/u);
  });

  test('SIM-19: every original goes back with a tick of its own, and the case is handed over', async () => {
    await expect(page.getByRole('button', { name: /^Təhvil ver/u })).toHaveAttribute('aria-disabled', 'true');
    await person.press('Alt+s');
    const ticks = page.getByRole('group', { name: 'Qaytarılan sənədlər' }).getByRole('checkbox');
    expect(await ticks.count()).toBeGreaterThan(1);
    for (const tick of await ticks.all()) await expect(tick).toBeChecked();
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Skanlar')).toBeVisible();
    await expectRegistered('Təhvil');
    const { keystrokes, readerBursts, screens } = person.counts;
    console.log(
      `K1 from F2 to the hand-over: ${keystrokes} keystrokes, ${readerBursts} readings, ${typedFields.length} fields typed, ${screens.size} screen(s): ${[...screens].join(', ')}`,
    );
    expect(keystrokes).toBeLessThanOrEqual(90);
  });

  test('SIM-18 COM-10: scans are given, sent by the authorised officer, entered by document entry', async () => {
    const scan = printed(/MÜQAVİLƏ/u)[0] ?? '';
    const missing = page.getByRole('table', { name: 'Tələb olunan skanlar' }).getByText('Hələ yoxdur');
    await expect(missing).toHaveCount(4);
    for (let left = 3; left > 0; left -= 1) {
      await attach(person, scan);
      await expect(missing).toHaveCount(left);
    }
    await shoot(page, 'k1-scans');
    // With the last one there is nothing left to do in this role.
    await attach(person, scan);
    await expect(page.getByText('Sizin rolunuzda indi görüləcək iş yoxdur.')).toBeVisible();
    await takeRole(person, 'QM-in');
    await openOnlyCase();
    await person.press('Control+Enter');
    await expectRegistered('Skanlar göndərildi');
    await takeRole(person, 'Sənəd');
    await openOnlyCase();
    await expect(page.getByText('Göndərilib', { exact: true })).toHaveCount(4);
    await person.press('Control+Enter');
    await expectRegistered('Skanlar daxil edildi');
  });

  test('SIM-20 COM-11: the case goes to the archive within seven working days', async () => {
    await takeRole(person, 'QM təm');
    await openOnlyCase();
    await expect(stepHeading(page, 'Arxiv')).toBeVisible();
    await expect(page.getByText(/^Arxivə son tarix/u)).toBeVisible();
    await expect(page.getByLabel('Arxivdə qəbul edən')).toBeFocused();
    await person.type('Arxiv işçisi');
    await person.press('Tab');
    await person.type('12');
    await person.press('Control+Enter');
    await expect(stepHeading(page, 'Arxivləşdirilib')).toBeVisible();
    await expectRegistered('Arxivə təhvil');
    await shoot(page, 'k1-archived');
    expect((await findRegisteredCase(program, sim.phone)).state).toBe('ARCHIVED');
  });

  test('openssl accepts certificates and revocation list, and the serials are those on the screen', async () => {
    const issued = await findRegisteredCase(program, sim.phone);
    const { files, authority, list } = await exportCertificates(program, issued);
    for (const [index, file] of files.entries()) {
      expect(openssl('verify', '-crl_check', '-CAfile', authority, '-CRLfile', list, file)).toContain('OK');
      const text = openssl('x509', '-inform', 'DER', '-in', file, '-noout', '-text', '-serial');
      expect(text).toContain('Issuer: ');
      expect(text).toContain('X509v3 Key Usage: critical');
      expect(/serial=([0-9A-F]+)/u.exec(text)?.[1]?.toLowerCase()).toBe(issued.certificates[index]?.serial.toLowerCase());
    }
    expect(openssl('crl', '-inform', 'DER', '-in', list, '-noout', '-CAfile', authority)).toBe('');
    const onScreen = await page.getByRole('table', { name: 'Sertifikatlar' }).locator('td.mono').allInnerTexts();
    expect(onScreen.map((serial) => bare(serial).toLowerCase())).toEqual(issued.certificates.map(({ serial }) => serial.toLowerCase()));
  });

  /** The case is the first row of the list that has the focus. */
  async function openOnlyCase(): Promise<void> {
    await person.press('Alt+2');
    await person.arriveAt('Ərizələr');
    await expect(page.getByRole('grid')).toBeFocused();
    await expect(page.getByRole('row', { selected: true })).toBeVisible();
    await person.press('Enter');
    await person.arriveAt('Ərizə');
  }
});

/** Without the spaces that group a serial for reading. */
function bare(text: string): string {
  return text.replace(/\s/gu, '').toUpperCase();
}
