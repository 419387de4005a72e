import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaperModel, RenderedPaper } from '../../../src/core/documents/ports.ts';
import { startPaperProcess, type PaperProcess } from './paper-process.ts';
import { allLetters, longOrganisation, sampleCertificate, sampleCertificates, sampleData } from './sample-case.ts';
import {
  acceptance,
  application,
  business,
  cardApplication,
  cardCertificate,
  cardContract,
  cardNotice,
  certificate,
  contract,
  everyForm,
  notice,
  refusal,
  register,
} from './sample-forms.ts';

let paper: PaperProcess;
const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-forms-'));
beforeAll(async () => {
  paper = await startPaperProcess();
});
afterAll(async () => {
  await paper.close();
  rmSync(folder, { recursive: true, force: true });
});

async function render(model: PaperModel): Promise<RenderedPaper> {
  const rendered = await paper.worker.render(model);
  if (!rendered.ok) throw new Error(rendered.failure.code);
  return rendered.value;
}

/** What an independent reader finds in the file, with line breaks taken for spaces. */
async function textOf(model: PaperModel): Promise<string> {
  return pdftotext(fileOf(model, (await render(model)).bytes));
}
function fileOf(model: PaperModel, bytes: Uint8Array): string {
  const file = path.join(folder, `${model.form}-${model.head.copy}.pdf`);
  writeFileSync(file, bytes);
  return file;
}
/** How many dark points lie where the bar code belongs, at the upper right. */
function inkOfBarcode(file: string, page: number, width: number): number {
  const region = ['-x', String(width - 200), '-y', '20', '-W', '160', '-H', '19'];
  const picture = execFileSync('pdftoppm', ['-r', '72', '-f', String(page), '-l', String(page), ...region, '-gray', file]);
  return picture.subarray(-160 * 19).reduce((count, point) => count + (point < 128 ? 1 : 0), 0);
}
const pdftotext = (file: string): string => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');

describe('the printed forms', () => {
  it.each(everyForm.map((model) => [model.form, model] as const))(
    '%s: an independent checker finds a clean PDF with embedded fonts and no Type 3',
    async (_, model) => {
      const file = fileOf(model, (await render(model)).bytes);
      expect(execFileSync('qpdf', ['--check', file], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors');
      const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2);
      expect(fonts.length).toBeGreaterThan(0);
      for (const font of fonts) {
        expect(font).toMatch(/^[A-Z]{6}\+NotoSans-/u);
        expect(font).toMatch(/CID TrueType\s+Identity-H\s+yes yes yes/u);
      }
    },
  );

  it.each(everyForm.map((model) => [model.form, model] as const))(
    '%s: number and page stand on every page, and the page count is the real one',
    async (_, model) => {
      const rendered = await render(model);
      const file = fileOf(model, rendered.bytes);
      const pages = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
      expect(pages).toHaveLength(rendered.pageCount);
      pages.forEach((page, index) => {
        expect(page).toContain(`Sənəd № ${model.head.number}`);
        expect(page).toContain(`Səhifə ${index + 1} / ${pages.length}`);
        // Above and below; pdfmake moves shared elements, so a later page has lost its head before.
        expect(page.split(`Sənəd № ${model.head.number}`)).toHaveLength(3);
      });
      const images = pages.map((__, index) => inkOfBarcode(file, index + 1, model.form === 'day-register' ? 842 : 595));
      for (const ink of images) expect(ink).toBe(images[0]);
      expect(images[0]).toBeGreaterThan(0);
    },
  );

  it('the same model gives the same bytes, in a new process too', async () => {
    const before = await Promise.all(everyForm.map(async (model) => (await render(model)).sha256));
    const other = await startPaperProcess();
    try {
      for (const [index, model] of everyForm.toReversed().entries()) {
        const rendered = await other.worker.render(model);
        expect(rendered.ok && rendered.value.sha256).toBe(before.toReversed()[index]);
      }
    } finally {
      await other.close();
    }
  });

  it('no other language slips in: no word of ours in Turkish or English', async () => {
    for (const model of everyForm) {
      const text = await textOf(model);
      expect(text).not.toMatch(/\b(page|date|signature|sertifikası|değil|için|tarihinde|undefined|null|NaN)\b/iu);
      expect(text).not.toMatch(/[{}]/u);
    }
  });
});

describe('the application form', () => {
  it('SIM-07: everything that was entered stands on the application, with every Azerbaijani letter', async () => {
    const text = await textOf(application);
    for (const word of [
      'Əlavə 1',
      'SERTİFİKATIN ALINMASI ÜÇÜN ƏRİZƏ',
      'QYD0001',
      'Əliyeva',
      'Çiçək',
      'İsmayıl',
      '15.01.1990',
      'Gəncə',
      'AA0000012',
      '+994500000001',
      '8999401000000000018',
      '0000012341',
      'mühasib',
      'İAMAS',
      allLetters,
    ]) {
      expect(text).toContain(word);
    }
  });

  it('Əlavə 1: of the secret answer it says only that it was taken', async () => {
    const text = await textOf(application);
    expect(text).toContain('gizli cavab qeydə alınıb');
    expect(JSON.stringify(application)).not.toContain('argon2');
  });

  it('Əlavə 1: the head of a legal entity has a place for its seal, an individual has none for an organisation', async () => {
    expect(await textOf({ ...application, data: sampleData({ category: 'K3' }) })).toContain('Hüquqi şəxsin möhürü');
    const individual = await textOf({ ...application, data: sampleData({ category: 'K1', kinds: ['PER'], organisation: {} }) });
    expect(individual).not.toContain('4. Təşkilat barədə məlumat');
  });
});

describe('the contract', () => {
  it('SIM-12 Əlavə 5: two copies under one number, marked as copy 1 and copy 2', async () => {
    const [first, second] = [await textOf(contract(1)), await textOf(contract(2))];
    expect(first).toContain('Nüsxə 1/2');
    expect(second).toContain('Nüsxə 2/2');
    expect(first.replaceAll('Nüsxə 1/2', '')).toBe(second.replaceAll('Nüsxə 2/2', ''));
  });

  it('Əlavə 5: every part of the content list, parties, serials, seal place and official date', async () => {
    const text = await textOf(contract(1));
    const parts = [
      'Anlayışlar',
      'Müqavilənin predmeti',
      'Xidmətlərin növü və təsviri',
      'Müddət',
      'Qiymət',
      'Mərkəzin hüquq və vəzifələri',
      'İmza sahibinin hüquq və vəzifələri',
      'Kodların məxfiliyi',
      'dayandırılması, bərpa edilməsi və ləğv edilməsi',
      'Sertifikata daxil edilən məlumatlar',
      'Ümumi axtarışa və yayımlanmaya razılıq',
      'Tərəflərin məsuliyyəti',
      'Mübahisələrin həlli',
      'Xüsusi şərtlər',
      'Tərəflərin ünvanları və imzaları',
    ];
    for (const part of parts) expect(text).toContain(part);
    for (const value of [
      '22 noyabr 2026-cı il',
      'Əliyeva Çiçək İsmayıl qızı',
      'QYD0001',
      '0000012341',
      'M.Y.',
      'Nərgiz Qəhrəmanlı',
      ...sampleCertificates.map(({ serial }) => serial),
    ])
      expect(text).toContain(value);
  });

  it('CR-40 CR-41 CR-42: the contract says what exactly its own certificates permit', async () => {
    const employee = await textOf(contract(1));
    expect(employee).toContain('hüquqi şəxsin işçisi şəxsə məxsus əməliyyatlardan başqa, VÖEN-lə əlaqəli İdarəetmə səhifəsində');
    expect(employee).toContain('yalnız özünə aid əməliyyatlar apara bilər');
    expect(employee).not.toContain('“Dövlət və bələdiyyə” tipli');
    const state = await textOf({
      ...contract(1),
      data: sampleData({ category: 'K5' }),
      certificates: [sampleCertificate('AUT', 1), sampleCertificate('PER', 2), sampleCertificate('STA', 3)],
    });
    expect(state).toContain('“Dövlət və bələdiyyə” tipli sertifikatla dövlət qurumunun və ya yerli özünüidarəetmə orqanının rəhbəri');
    expect(state).not.toContain('“İş” tipli');
    const personal = await textOf({
      ...contract(1),
      data: sampleData({ category: 'K1', organisation: {} }),
      certificates: [sampleCertificate('AUT', 1), sampleCertificate('PER', 2)],
    });
    expect(personal).not.toContain('“İş” tipli');
  });

  it('COM-16: a representative signs in the holder’s place and is named with his power of attorney', async () => {
    const data = sampleData({
      representative: { isPresent: true, person: { fin: 'QYD0002', surname: 'Quliyev', givenName: 'Ülvi', fatherName: 'Oqtay', sex: 'M' } },
      powersOfAttorney: [
        {
          form: 'appendix-8',
          number: '77',
          issuedOn: '2026-11-02',
          certification: 'notarised',
          notaryName: 'Ə. Məmmədova',
          notaryRegisterNumber: '5-112',
        },
      ],
    });
    const text = await textOf({ ...contract(1), data });
    expect(text).toContain('nümayəndə Quliyev Ülvi Oqtay oğlu (FİN QYD0002)');
    expect(text).toContain('№ 77, 02.11.2026');
  });

  it('a name of 120 letters without a space and an organisation of 120 letters stay inside the page', async () => {
    const data = sampleData({ person: { fin: 'QYD0001', surname: 'Ə'.repeat(120), givenName: 'X', fatherName: '', sex: 'F' } });
    const text = await textOf({ ...contract(1), data });
    expect(text.replaceAll(' ', '')).toContain('Ə'.repeat(120));
    expect(longOrganisation.length).toBeGreaterThanOrEqual(119);
    const file = path.join(folder, 'appendix-5-1.pdf');
    const boxes = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
    for (const match of boxes.matchAll(/xMax="([\d.]+)"/gu)) expect(Number(match[1])).toBeLessThan(595 - 30);
  });

  it('SIM-12: markup in a name is text on paper', async () => {
    const data = sampleData({ person: { fin: 'QYD0001', surname: "<b>O'Hara</b>", givenName: 'Ay-Xan', fatherName: '', sex: 'F' } });
    expect(await textOf({ ...contract(1), data })).toContain("<b>O'Hara</b> Ay-Xan");
  });
});

describe('certificate paper, notice, refusal and register', () => {
  it('SIM-15 F-20: one signing certificate with serial, holder, VÖEN and term', async () => {
    const text = await textOf(certificate);
    for (const word of ['SERTİFİKAT', '“İş”', business.serial, 'QYD0001', '0000012341', '22.11.2026 11:05', 'M.Y.', 'Nüsxə 1/2'])
      expect(text).toContain(word);
  });

  it('SIM-15: an authentication certificate is never printed', async () => {
    const rendered = await paper.worker.render({ ...certificate, certificate: sampleCertificate('AUT', 1) });
    expect(rendered).toMatchObject({ ok: false, failure: { code: 'PAPER_WORKER_FAILED' } });
  });

  it('HND-07 Əlavə 6: the contract names the card and its envelope, both certificates, and nothing of a SIM', async () => {
    const text = await textOf(cardContract(1));
    for (const said of ['Əlavə 6', 'ASAN ID (RƏQƏMSAL ID) KARTI ÜZRƏ MÜQAVİLƏ', 'A0B1C2D3', 'A0B1C2D3-01', 'mühafizə zərfi', 'Əlavə 10'])
      expect(text).toContain(said);
    for (const kind of cardContract(1).certificates) expect(text).toContain(kind.serial);
    expect(text).not.toMatch(/SİM kart|mobil|İstifadəçi ID/u);
  });

  it('AID-13 F-23: the notice says that the application was accepted and how the applicant hears of the card', async () => {
    const text = await textOf(acceptance);
    for (const said of ['ƏRİZƏNİN QƏBUL OLUNMASI', 'qəbul olunmuş', 'Kart hazır olduqda', 'Qısa mesaj', acceptance.applicationId])
      expect(text).toContain(said);
    expect(text).not.toContain('SİM');
  });

  it('HND-09 HND-10: notice and certificate of a card name its serial, and no number and User ID of a SIM', async () => {
    for (const paper of [cardNotice, cardCertificate]) {
      const text = await textOf(paper);
      expect(text).toContain('A0B1C2D3');
      expect(text).not.toMatch(/İstifadəçi ID|Asan İmza nömrəsi|ICCID/u);
    }
    expect(await textOf(cardApplication)).not.toMatch(/ICCID|Mobil operator/u);
  });

  it('SIM-17 CR-06 Əlavə 10: the notice carries the table of certificates and the User ID with its leading zero', async () => {
    const text = await textOf(notice);
    for (const word of ['SERTİFİKATIN AKTİVLƏŞDİRİLMƏSİ BARƏDƏ BİLDİRİŞ', 'QYD0001', ...sampleCertificates.map(({ serial }) => serial)])
      expect(text).toContain(word);
    expect(text.replaceAll(' ', '')).toContain('İstifadəçiID-si:010191');
  });

  it('COM-14 F-36: reason, who, when, and which documents went back', async () => {
    const text = await textOf(refusal);
    for (const word of [
      'SERTİFİKATIN VERİLMƏSİNDƏN İMTİNA',
      'etibarlılıq müddəti bitmişdir',
      'Nərgiz Qəhrəmanlı',
      '22.11.2026 11:05',
      'Şəxsiyyəti təsdiq edən sənəd',
      'Asan İmza SİM kartı',
      'zərfdə',
      'etibarsızlığı barədə qeyd',
    ])
      expect(text).toContain(word);
  });

  it('R-31: the day’s list keeps persons masked', async () => {
    const text = await textOf(register);
    for (const word of ['GÜNÜN REYESTRİ', '22 noyabr 2026-cı il', 'QY••••1', business.serial, 'Cəmi']) expect(text).toContain(word);
  });
});

describe('the paper process', () => {
  it('a killed process is a retryable failure, and the next call finds the new one', async () => {
    const own = await startPaperProcess();
    try {
      expect((await own.worker.render(notice)).ok).toBe(true);
      const lost = own.worker.render(contract(1));
      await own.kill();
      expect(await lost).toMatchObject({ ok: false, failure: { code: 'PAPER_WORKER_FAILED', retryable: true } });
      await own.restart();
      expect((await own.worker.render(contract(1))).ok).toBe(true);
    } finally {
      await own.close();
    }
  });
});
