import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cleanFileName } from '../../../src/core/features/scan/file-name.ts';
import { createScanFeature, type ScanFeature } from '../../../src/core/features/scan/index.ts';
import { hasWords } from '../../support/hurried.ts';
import { createTestDesk, type TestDesk } from '../../support/test-desk.ts';
import { startPaperProcess, type PaperProcess } from '../paper/paper-process.ts';
import { registrarCall, storeCase } from '../paper/sample-case.ts';

let paper: PaperProcess;
let desk: TestDesk;
let feature: ScanFeature;
const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-hostile-'));
beforeAll(async () => {
  paper = await startPaperProcess();
});
afterAll(async () => {
  await paper.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  desk = await createTestDesk();
  feature = createScanFeature(desk, { worker: paper.worker });
});
afterEach(() => desk.close());

type Answer<T> = { ok: true; value: T } | { ok: false; failure: { code: string } };
const pieceBytes = 256 * 1024;

/** Takes a file as the scan page does; answers OK or the code. */
async function capture(bytes: Uint8Array, fileName = 'skan.pdf'): Promise<string> {
  const applicationId = storeCase(desk, { state: 'HANDED' });
  const input = { commandId: desk.random.uuid(), applicationId, document: 'D-02' as const, fileName, sizeBytes: bytes.byteLength };
  const begun = (await feature.handlers.begin(input, registrarCall)) as Answer<{ scanId: string }>;
  if (!begun.ok) return begun.failure.code;
  const { scanId } = begun.value;
  for (let offset = 0; offset < bytes.byteLength; offset += pieceBytes) {
    const base64 = Buffer.from(bytes.subarray(offset, offset + pieceBytes)).toString('base64');
    const piece = feature.handlers.append({ scanId, offset, base64 }, registrarCall) as Answer<unknown>;
    if (!piece.ok) return piece.failure.code;
  }
  const finished = (await feature.handlers.finish({ scanId }, registrarCall)) as Answer<unknown>;
  return finished.ok ? 'OK' : finished.failure.code;
}
const rowCount = (): number => Number(desk.db.get('SELECT (SELECT count(*) FROM scan) + (SELECT count(*) FROM scan_piece) AS n')?.['n']);

async function pdfWith(change: (pdf: PDFDocument) => void | Promise<void>, isPacked = true): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.addPage([595, 842]);
  await change(pdf);
  return Buffer.from(await pdf.save({ useObjectStreams: isPacked }));
}
const plainPdf = (): Promise<Buffer> => pdfWith(() => undefined);
const image = (format: 'png' | 'jpeg'): Promise<Buffer> =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: '#808080' } })
    .toFormat(format)
    .toBuffer();
const action =
  (of: Record<string, string>) =>
  (pdf: PDFDocument): void => {
    const dict = pdf.context.obj({});
    for (const [key, value] of Object.entries(of))
      dict.set(PDFName.of(key), value.startsWith('/') ? PDFName.of(value.slice(1)) : PDFString.of(value));
    pdf.catalog.set(PDFName.of('OpenAction'), pdf.context.register(dict));
  };

/** A ZIP archive of one stored file, as it stands behind something else. */
function zipOf(name: string, content: Buffer, comment = ''): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(crc32(content), 16);
  central.writeUInt32LE(content.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + content.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, Buffer.from(name), content, central, Buffer.from(name), end, Buffer.from(comment)]);
}

/** A PDF whose objects lie in a packed stream that unpacks to `mebibytes` of blanks. */
function bombPdf(mebibytes: number, filters = '/FlateDecode'): Buffer {
  const inside = Buffer.concat([Buffer.from('1 0 <</Type/Catalog/Pages 2 0 R>>'), Buffer.alloc(mebibytes * 1024 * 1024, 0x20)]);
  let packed: Buffer = deflateSync(inside, { level: 9 });
  if (filters.includes('[')) packed = deflateSync(packed, { level: 9 });
  const head = Buffer.from(
    `%PDF-1.7\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n` +
      `4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter ${filters}/Length ${packed.length}>>\nstream\n`,
  );
  return Buffer.concat([head, packed, Buffer.from('\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 5>>\n%%EOF\n')]);
}

/** A PNG that promises so many pixels and holds none of them. */
function promisingPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const hostile: readonly (readonly [string, string, () => Buffer | Promise<Buffer>])[] = [
  [
    'a PDF with an archive behind it',
    'SCAN_CARRIES_MORE',
    async () => Buffer.concat([await plainPdf(), zipOf('a.exe', Buffer.from('MZ'))]),
  ],
  [
    'the same with a comment behind the archive',
    'SCAN_CARRIES_MORE',
    async () => Buffer.concat([await plainPdf(), zipOf('a.exe', Buffer.from('MZ'), '\n%%EOF\n')]),
  ],
  [
    'a PNG with an archive behind it',
    'SCAN_CARRIES_MORE',
    async () => Buffer.concat([await image('png'), zipOf('a.js', Buffer.from('1'))]),
  ],
  [
    'a JPEG with an archive behind it',
    'SCAN_CARRIES_MORE',
    async () => Buffer.concat([await image('jpeg'), zipOf('a.jar', Buffer.from('1'))]),
  ],
  [
    'a PDF that is a page for a browser',
    'SCAN_CARRIES_MORE',
    async () => Buffer.concat([Buffer.from('%PDF-1.7\n%<html><script>alert(1)</script>\n'), (await plainPdf()).subarray(9)]),
  ],
  [
    'a JPEG whose comment is a program for a browser',
    'SCAN_CARRIES_MORE',
    async () => {
      const jpeg = await image('jpeg');
      const comment = Buffer.from('*/=1;<script>alert(1)</script>/*');
      return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpeg.subarray(2)]);
    },
  ],
  [
    'a page for a browser that names itself PDF later',
    'SCAN_KIND_NOT_ALLOWED',
    async () => Buffer.concat([Buffer.from('<html>'), await plainPdf()]),
  ],
  ['an archive', 'SCAN_KIND_NOT_ALLOWED', () => zipOf('a.pdf', Buffer.from('%PDF-'))],
  [
    'a drawing with a program in it',
    'SCAN_KIND_NOT_ALLOWED',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
  ],
  ['a PDF that runs JavaScript when it is opened', 'SCAN_CARRIES_MORE', () => pdfWith(action({ S: '/JavaScript', JS: 'app.alert(1)' }))],
  ['the same without packed objects', 'SCAN_CARRIES_MORE', () => pdfWith(action({ S: '/JavaScript', JS: 'app.alert(1)' }), false)],
  [
    'the same with its name in disguise',
    'SCAN_CARRIES_MORE',
    async () =>
      Buffer.from(
        (await pdfWith(action({ S: '/JavaScript' }), false)).toString('latin1').replace('/JavaScript', '/#4aava#53cript'),
        'latin1',
      ),
  ],
  ['a PDF with named programs', 'SCAN_CARRIES_MORE', () => pdfWith((pdf) => pdf.addJavaScript('main', 'app.alert(1)'))],
  ['a PDF that starts another program', 'SCAN_CARRIES_MORE', () => pdfWith(action({ S: '/Launch', F: 'cmd.exe' }))],
  ['a PDF that sends a form', 'SCAN_CARRIES_MORE', () => pdfWith(action({ S: '/SubmitForm', F: 'http://example.invalid' }))],
  ['a PDF with a file in it', 'SCAN_CARRIES_MORE', () => pdfWith((pdf) => pdf.attach(Buffer.from('MZ'), '../../a.exe', {}))],
  ['a PDF whose structure unpacks without end', 'SCAN_DAMAGED', () => bombPdf(200)],
  ['a PDF whose structure is packed twice', 'SCAN_DAMAGED', () => bombPdf(200, '[/FlateDecode/FlateDecode]')],
  ['a PNG of 100,000 by 100,000', 'SCAN_DAMAGED', () => promisingPng(100_000, 100_000)],
  ['a PNG of two thousand million by one', 'SCAN_DAMAGED', () => promisingPng(2_147_483_647, 1)],
  ['a PNG without any height', 'SCAN_DAMAGED', () => promisingPng(100, 0)],
  [
    'a JPEG that says it is 65,535 by 65,535',
    'SCAN_DAMAGED',
    async () => {
      const jpeg = Buffer.from(await image('jpeg'));
      const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
      jpeg.writeUInt32BE(0xffffffff, at + 5);
      return jpeg;
    },
  ],
  ['an encrypted PDF', 'SCAN_ENCRYPTED', lockedPdf],
  ['the head of a PDF and nothing else', 'SCAN_DAMAGED', () => Buffer.from('%PDF-')],
];

async function lockedPdf(): Promise<Buffer> {
  const plain = path.join(folder, 'plain.pdf');
  writeFileSync(plain, await plainPdf());
  execFileSync('qpdf', ['--encrypt', '', 'sahib', '256', '--', plain, path.join(folder, 'locked.pdf')]);
  return readFileSync(path.join(folder, 'locked.pdf'));
}

describe('hostile files', () => {
  it.each(hostile)('COM-10: %s is refused with %s and leaves nothing', async (_name, code, make) => {
    const beganMs = performance.now();
    expect(await capture(await make())).toBe(code);
    expect(hasWords(code)).toBe(true);
    expect(rowCount()).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(20_000);
    // The process that read it is still of use.
    expect(await capture(await plainPdf())).toBe('OK');
  });

  it('COM-10: an empty file is refused', async () => {
    expect(await capture(Buffer.alloc(0))).toBe('SCAN_DAMAGED');
    expect(rowCount()).toBe(0);
  });

  it('COM-10: an honest scan that has links, a title and an outline is taken', async () => {
    const honest = await pdfWith((pdf) => {
      pdf.setTitle('Müqavilə');
      pdf.catalog.set(PDFName.of('OpenAction'), pdf.context.obj([pdf.getPage(0).ref, PDFName.of('Fit')]));
    });
    expect(await capture(honest)).toBe('OK');
    expect(await capture(await image('jpeg'))).toBe('OK');
    expect(await capture(await image('png'))).toBe('OK');
  });
});

describe('hostile names', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Windows\\System32\\a.pdf', 'a.pdf'],
    ['a.pdf\u0000.exe', 'a.pdf.exe'],
    ['\u202Efdp.exe', 'fdp.exe'],
    ['CON', '_CON'],
    ['nul.pdf', '_nul.pdf'],
    ['COM1.pdf', '_COM1.pdf'],
    ['a.pdf. . .', 'a.pdf'],
    ['..', 'fayl'],
    ['', 'fayl'],
    ['<script>.pdf', 'script.pdf'],
    ['x'.repeat(10_000), 'x'.repeat(120)],
  ])('%j is kept as %j', (name, kept) => {
    expect(cleanFileName(name)).toBe(kept);
  });
});
