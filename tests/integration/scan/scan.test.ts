import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScanFeature, type ScanFeature } from '../../../src/core/features/scan/index.ts';
import type { ScanView } from '../../../src/shared/contract/scan.ts';
import { createTestDesk, type TestDesk } from '../../support/test-desk.ts';
import { startPaperProcess, type PaperProcess } from '../paper/paper-process.ts';
import { registrarCall, storeCase } from '../paper/sample-case.ts';

let paper: PaperProcess;
let desk: TestDesk;
let feature: ScanFeature;
const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-scan-'));
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
const unwrap = <T>(result: Answer<T>): T => {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
};
const pieceBytes = 256 * 1024;

async function begin(applicationId: string, sizeBytes: number, fileName = 'skan.pdf'): Promise<Answer<{ scanId: string }>> {
  return feature.handlers.begin({ commandId: desk.random.uuid(), applicationId, document: 'D-02', fileName, sizeBytes }, registrarCall);
}
const append = (scanId: string, offset: number, bytes: Uint8Array) =>
  feature.handlers.append({ scanId, offset, base64: Buffer.from(bytes).toString('base64') }, registrarCall) as Answer<{
    receivedBytes: number;
  }>;
const finish = async (scanId: string): Promise<Answer<ScanView>> => feature.handlers.finish({ scanId }, registrarCall);

async function capture(
  bytes: Uint8Array,
  fileName?: string,
  applicationId = storeCase(desk, { state: 'HANDED' }),
): Promise<Answer<ScanView>> {
  const begun = await begin(applicationId, bytes.byteLength, fileName);
  if (!begun.ok) return begun;
  for (let offset = 0; offset < bytes.byteLength; offset += pieceBytes) {
    const piece = append(begun.value.scanId, offset, bytes.subarray(offset, offset + pieceBytes));
    if (!piece.ok) return piece;
  }
  return finish(begun.value.scanId);
}
const rowCount = (): number => Number(desk.db.get('SELECT (SELECT count(*) FROM scan) + (SELECT count(*) FROM scan_piece) AS n')?.['n']);

async function pdfOf(pages: number): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  for (let page = 0; page < pages; page += 1) pdf.addPage([595, 842]);
  return Buffer.from(await pdf.save());
}
const image = (format: 'png' | 'jpeg'): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .toFormat(format)
    .toBuffer();

describe('taking a scan', () => {
  it('SIM-18 COM-10: a PDF, a JPEG and a pasted PNG are taken, typed by content, and read back to the byte', async () => {
    for (const [bytes, mediaType, pageCount] of [
      [await pdfOf(3), 'application/pdf', 3],
      [await image('jpeg'), 'image/jpeg', 1],
      [await image('png'), 'image/png', 1],
    ] as const) {
      const scan = unwrap(await capture(bytes, 'ad.xyz'));
      expect(scan).toMatchObject({ mediaType, pageCount, state: 'stored', document: 'D-02', sizeBytes: bytes.byteLength });
      expect(scan.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      const read = unwrap((await feature.handlers.read({ scanId: scan.scanId, offset: 0 }, registrarCall)) as Answer<{ base64: string }>);
      expect(Buffer.from(read.base64, 'base64').equals(bytes.subarray(0, pieceBytes))).toBe(true);
    }
  });

  it('COM-10: the limits are told up front', () => {
    expect(feature.handlers.limits(undefined, registrarCall)).toMatchObject({
      ok: true,
      value: { maxBytes: 20 * 1024 * 1024, maxPages: 60 },
    });
  });

  it('SIM-18: an upload that was interrupted goes on where it stopped, and a repeated piece counts once', async () => {
    const bytes = Buffer.concat([await image('jpeg'), Buffer.alloc(pieceBytes)]);
    const { scanId } = unwrap(await begin(storeCase(desk), bytes.byteLength));
    expect(unwrap(append(scanId, 0, bytes.subarray(0, 1000)))).toEqual({ receivedBytes: 1000 });
    expect(unwrap(append(scanId, 0, bytes.subarray(0, 1000)))).toEqual({ receivedBytes: 1000 });
    expect(unwrap(append(scanId, 500, bytes.subarray(500, 3000)))).toEqual({ receivedBytes: 3000 });
    expect(append(scanId, 9000, bytes.subarray(9000, 9100))).toMatchObject({
      ok: false,
      failure: { code: 'SCAN_INCOMPLETE', params: { receivedBytes: 3000 } },
    });
    expect(await finish(scanId)).toMatchObject({ ok: false, failure: { code: 'SCAN_INCOMPLETE' } });
    for (let offset = 3000; offset < bytes.byteLength; offset += pieceBytes)
      unwrap(append(scanId, offset, bytes.subarray(offset, offset + pieceBytes)));
    const scan = unwrap(await finish(scanId));
    expect(scan.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(unwrap(await finish(scanId))).toEqual(scan);
  });

  it('nothing of a scan lies in clear text in the database file', async () => {
    const bytes = await pdfOf(1);
    unwrap(await capture(Buffer.concat([bytes, Buffer.from('\n%GORUNEN-METN-1234567890')])));
    desk.stop();
    for (const name of ['desk.db', 'desk.db-wal']) {
      let raw: Buffer;
      try {
        raw = readFileSync(path.join(desk.folder, name));
      } catch {
        continue;
      }
      expect(raw.includes('GORUNEN-METN')).toBe(false);
      expect(raw.includes('%PDF-')).toBe(false);
    }
    desk = await createTestDesk({ restartOf: desk });
  });

  it('a path, control characters and a turned reading direction leave a file name', async () => {
    expect(unwrap(await capture(await pdfOf(1), '../../etc/\u202Eexe.fdp\u0000<b>.pdf')).fileName).toBe('exe.fdpb.pdf');
  });
});

describe('bad input is refused with a code and leaves nothing behind', () => {
  it('COM-10: a file of 200 MB is refused before its first byte', async () => {
    expect(await begin(storeCase(desk), 200 * 1024 * 1024)).toMatchObject({ ok: false, failure: { code: 'SCAN_TOO_LARGE' } });
    expect(rowCount()).toBe(0);
  });

  it('a file that grows beyond its told size is stopped by the piece', async () => {
    const { scanId } = unwrap(await begin(storeCase(desk), 100));
    expect(append(scanId, 0, randomBytes(101))).toMatchObject({ ok: false, failure: { code: 'SCAN_TOO_LARGE' } });
  });

  it.each([
    ['a text named .pdf', () => Promise.resolve(Buffer.from('Bu bir mətndir.')), 'SCAN_KIND_NOT_ALLOWED'],
    ['a program named .pdf', () => Promise.resolve(Buffer.concat([Buffer.from('MZ'), randomBytes(2000)])), 'SCAN_KIND_NOT_ALLOWED'],
    ['an HTML page that names itself PDF later', () => Promise.resolve(Buffer.from('<script>1</script>%PDF-1.7')), 'SCAN_KIND_NOT_ALLOWED'],
    ['a GIF', () => Promise.resolve(Buffer.from('GIF89a\x01\x00\x01\x00')), 'SCAN_KIND_NOT_ALLOWED'],
    [
      'a PDF head with noise behind it',
      () => Promise.resolve(Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(4000)])),
      'SCAN_DAMAGED',
    ],
    ['a PNG cut in the middle', async () => (await image('png')).subarray(0, 60_000), 'SCAN_DAMAGED'],
    ['a JPEG cut in the middle', async () => (await image('jpeg')).subarray(0, 5_000), 'SCAN_DAMAGED'],
    ['a PDF of 61 pages', () => pdfOf(61), 'SCAN_TOO_MANY_PAGES'],
  ] as const)('COM-10: %s', async (_, make, code) => {
    expect(await capture(await make(), 'skan.pdf')).toMatchObject({ ok: false, failure: { code } });
    expect(rowCount()).toBe(0);
  });

  it('COM-10: an encrypted PDF is named as such', async () => {
    const plain = path.join(folder, 'plain.pdf');
    writeFileSync(plain, await pdfOf(1));
    execFileSync('qpdf', ['--encrypt', 'sirr', 'sahib', '256', '--', plain, path.join(folder, 'locked.pdf')]);
    expect(await capture(readFileSync(path.join(folder, 'locked.pdf')))).toMatchObject({ ok: false, failure: { code: 'SCAN_ENCRYPTED' } });
    expect(rowCount()).toBe(0);
  });

  it('an image whose pixels would fill the memory is refused, not decoded', async () => {
    const bomb = await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: '#fff' }, limitInputPixels: false })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.byteLength).toBeLessThan(20 * 1024 * 1024);
    expect(await capture(bomb)).toMatchObject({ ok: false, failure: { code: 'SCAN_DAMAGED' } });
  });

  it('a case that is closed or unknown takes no scan', async () => {
    for (const [state, reason] of [
      ['ARCHIVED', 'STATE'],
      ['WITHDRAWN', 'STATE'],
      ['REFUSED', 'STATE'],
      ['SCANNED', 'SCANS_SENT'],
    ] as const) {
      expect(await begin(storeCase(desk, { state }), 10)).toMatchObject({
        ok: false,
        failure: { code: 'STEP_NOT_POSSIBLE', params: { reason } },
      });
    }
    expect(await begin(desk.random.uuid(), 10)).toMatchObject({ ok: false, failure: { code: 'NOT_FOUND' } });
  });

  it('COM-10: a scan that is still on its way when its case is entered is dropped and not kept for nobody', async () => {
    const applicationId = storeCase(desk, { state: 'HANDED' });
    const bytes = await image('png');
    const { scanId } = unwrap(await begin(applicationId, bytes.byteLength));
    unwrap(append(scanId, 0, bytes));
    desk.db.transact((tx) => tx.run(`UPDATE application SET state = 'SCANNED' WHERE application_id = @applicationId`, { applicationId }));
    expect(await finish(scanId)).toMatchObject({ ok: false, failure: { code: 'STEP_NOT_POSSIBLE', params: { reason: 'SCANS_SENT' } } });
    expect(rowCount()).toBe(0);
  });

  it('a dead paper process keeps the bytes, and the same call succeeds when it is back', async () => {
    const own = await startPaperProcess();
    try {
      feature = createScanFeature(desk, { worker: own.worker });
      const bytes = await pdfOf(1);
      const { scanId } = unwrap(await begin(storeCase(desk), bytes.byteLength));
      unwrap(append(scanId, 0, bytes));
      const lost = finish(scanId);
      await own.kill();
      const first = await lost;
      if (!first.ok) expect(first).toMatchObject({ failure: { code: 'PAPER_WORKER_FAILED', retryable: true } });
      await own.restart();
      expect(unwrap(await finish(scanId)).state).toBe('stored');
    } finally {
      await own.close();
    }
  });
});

describe('removing and sending', () => {
  it('SIM-18: a scan is removed before it was sent, and not after', async () => {
    const applicationId = storeCase(desk, { state: 'HANDED' });
    const first = unwrap(await capture(await pdfOf(1), 'a.pdf', applicationId));
    const remove = (scanId: string) =>
      feature.handlers.remove({ commandId: desk.random.uuid(), scanId, reason: 'əyri çıxıb' }, registrarCall);
    expect(remove(first.scanId)).toMatchObject({ ok: true });
    expect(rowCount()).toBe(0);
    const second = unwrap(await capture(await pdfOf(2), 'b.pdf', applicationId));
    desk.db.transact((tx) => feature.facts.markQueued(tx, applicationId, [second.sha256]));
    expect(remove(second.scanId)).toMatchObject({ ok: false, failure: { code: 'STEP_NOT_POSSIBLE' } });
  });

  it('COM-10: the exchange takes queued scans by hash, in pieces that cross the stored ones, and reports how far it is', async () => {
    const applicationId = storeCase(desk, { state: 'HANDED' });
    const bytes = Buffer.concat([await pdfOf(1), randomBytes(3 * pieceBytes)]);
    const scan = unwrap(await capture(bytes, 'c.pdf', applicationId));
    expect(feature.attachments.listPending()).toEqual([]);
    desk.db.transact((tx) => feature.facts.markQueued(tx, applicationId, [scan.sha256]));
    expect(feature.attachments.listPending()).toEqual([
      { sha256: scan.sha256, sizeBytes: bytes.byteLength, mediaType: 'application/pdf', sentBytes: 0 },
    ]);
    const taken: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.byteLength; offset += 100_001)
      taken.push(feature.attachments.readPiece(scan.sha256, offset, Math.min(100_001, bytes.byteLength - offset)));
    expect(Buffer.concat(taken).equals(bytes)).toBe(true);
    feature.attachments.markProgress(scan.sha256, 500);
    expect(feature.facts.listOfApplication(desk.db, applicationId)).toMatchObject([{ state: 'uploading' }]);
    feature.attachments.markProgress(scan.sha256, bytes.byteLength);
    expect(feature.attachments.listPending()).toEqual([]);
    expect(feature.facts.listOfApplication(desk.db, applicationId)).toMatchObject([{ state: 'uploaded', document: 'D-02' }]);
  });

  it('an upload that nobody ended is swept after a day', async () => {
    unwrap(await begin(storeCase(desk), 10));
    expect(feature.sweep()).toBe(0);
    await desk.clock.advance(25 * 3_600_000);
    expect(feature.sweep()).toBe(1);
    expect(rowCount()).toBe(0);
  });
});
