import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPaperProcess, type PaperProcess } from './paper-process.ts';
import { sampleCertificates, sampleData, sampleHead } from './sample-case.ts';

/** What the contract tells the holder about the codes of the SIM; the program itself never learns one of them. */
describe('the codes of an Asan İmza SIM, as the contract tells the holder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-codes-'));
  let paper: PaperProcess;
  let contract = '';
  beforeAll(async () => {
    paper = await startPaperProcess();
    const made = await paper.worker.render({
      form: 'appendix-5',
      head: sampleHead('BAK1-01-2026-000002', 1, 2),
      data: sampleData(),
      certificates: sampleCertificates,
    });
    if (!made.ok) throw new Error(made.failure.code);
    const file = path.join(folder, 'contract.pdf');
    writeFileSync(file, made.value.bytes);
    contract = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');
  });
  afterAll(async () => {
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('CR-01: PİN 1 has 4 digits and is for authentication', () => {
    expect(contract).toContain('PİN 1 autentifikasiya üçün (4 rəqəm)');
  });
  it('CR-02: PİN 2 has 5 digits and is for signing', () => {
    expect(contract).toContain('PİN 2 elektron imza üçün (5 rəqəm)');
  });
  it('CR-03: PUK has 8 digits, for unblocking after more than 3 wrong entries and for changing the codes', () => {
    expect(contract).toContain('PUK blokdan çıxarmaq və kodları dəyişdirmək üçün (8 rəqəm)');
    expect(contract).toContain('3 dəfədən artıq səhv daxil edildikdə SİM kart nömrəsi bloka düşür');
  });
});
