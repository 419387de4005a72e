import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filePrinterName } from './file-spooler.ts';
import { decodeIppAnswer, encodeIppRequest, ippOperation, ippTag } from './ipp-codec.ts';
import { createSystemSpooler } from './system-spooler.ts';

describe('the IPP codec', () => {
  it('writes a request as RFC 8010 lays it out', () => {
    const bytes = encodeIppRequest(
      ippOperation.printJob,
      1,
      [{ tag: ippTag.name, name: 'job-name', values: ['BAK1-1'] }],
      [{ tag: ippTag.integer, name: 'copies', values: [2] }],
    );
    expect(bytes.subarray(0, 9).toString('hex')).toBe('020000020000000101');
    expect(bytes.toString('latin1')).toContain('B\x00\x08job-name\x00\x06BAK1-1');
    expect(bytes.toString('latin1')).toContain('\x02!\x00\x06copies\x00\x04\x00\x00\x00\x02\x03');
  });

  it('reads groups with several values of one name', () => {
    const request = encodeIppRequest(
      0x0000,
      7,
      [],
      [
        { tag: ippTag.name, name: 'printer-name', values: ['a', 'b'] },
        { tag: ippTag.enum, name: 'printer-state', values: [5] },
        { tag: ippTag.boolean, name: 'printer-is-accepting-jobs', values: [false] },
      ],
    );
    const { status, groups } = decodeIppAnswer(request);
    expect(status).toBe(0);
    expect(groups).toHaveLength(1);
    expect([...(groups[0] ?? [])]).toEqual([
      ['printer-name', ['a', 'b']],
      ['printer-state', [5]],
      ['printer-is-accepting-jobs', [false]],
    ]);
  });

  it('ends on any bytes with an answer or a range error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeIppAnswer(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the file printer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-print-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const spoolerOf = (printFolder: string) => createSystemSpooler({ cupsServer: '/nonexistent.sock', printFolder }, 'linux');

  it('puts the whole file there, readable by its owner only', async () => {
    const spooler = spoolerOf(path.join(folder, 'çap'));
    expect(await spooler.listPrinters()).toEqual([{ name: filePrinterName, isDefault: false, state: 'ready', isFile: true }]);
    const job = await spooler.submit(Buffer.from('%PDF'), { printer: filePrinterName, jobName: 'BAK1-01-2026-000001-1', copies: 1 });
    expect(job).toMatchObject({ ok: true });
    const file = path.join(folder, 'çap', 'BAK1-01-2026-000001-1.pdf');
    expect(readFileSync(file, 'utf8')).toBe('%PDF');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(job.ok && (await spooler.watch(job.value.jobRef, 100))).toEqual({ state: 'completed' });
  });

  it('a folder that cannot be written is PRINTER_FAILED and leaves no half file', async () => {
    const taken = path.join(folder, 'file');
    writeFileSync(taken, '');
    const spooler = spoolerOf(path.join(taken, 'inside'));
    expect(await spooler.submit(Buffer.from('x'), { printer: filePrinterName, jobName: 'A-1', copies: 1 })).toMatchObject({
      ok: false,
      failure: { code: 'PRINTER_FAILED', retryable: true },
    });
    expect(await spooler.listPrinters()).toMatchObject([{ state: 'stopped' }]);
    expect(readdirSync(folder)).toEqual(['file']);
    chmodSync(taken, 0o600);
  });

  it('a desk without a folder has no file printer', async () => {
    const spooler = spoolerOf('');
    expect(await spooler.listPrinters()).toEqual([]);
    expect(await spooler.submit(Buffer.from('x'), { printer: filePrinterName, jobName: 'A-1', copies: 1 })).toMatchObject({
      ok: false,
      failure: { code: 'PRINTER_UNKNOWN' },
    });
  });
});
