import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaperModel } from '../../../src/core/documents/ports.ts';
import type { Attendee } from '../../../src/shared/rules/vocabulary.ts';
import { startPaperProcess, type PaperProcess } from './paper-process.ts';
import { sampleData } from './sample-case.ts';
import { application, certificate, contract, notice, refusal } from './sample-forms.ts';

/** Ülvi files for Çiçək, and either of them may be the one who signs. */
describe('the line on which the holder’s side signs', () => {
  let paper: PaperProcess;
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-signers-'));
  beforeAll(async () => {
    paper = await startPaperProcess();
  });
  afterAll(async () => {
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const data = sampleData({
    representative: { isPresent: true, person: { fin: 'QYD0002', surname: 'Quliyev', givenName: 'Ülvi', fatherName: 'Oqtay', sex: 'M' } },
    powersOfAttorney: [{ form: 'appendix-8', number: '77/N', issuedOn: '2026-11-02', certification: 'notarised' }],
  });
  const byPower = 'Etibarnamə (Əlavə 8) № 77/N, 02.11.2026';
  const representative = 'Quliyev Ülvi Oqtay oğlu';

  /** The words of the last page from the signatures on. */
  async function signaturesOf(model: PaperModel, signer?: Attendee): Promise<string> {
    const made = { ...model, data, ...(signer === undefined ? {} : { signer }) } as PaperModel;
    const rendered = await paper.worker.render(made);
    if (!rendered.ok) throw new Error(rendered.failure.code);
    const file = path.join(folder, `${model.form}-${signer ?? 'none'}.pdf`);
    writeFileSync(file, rendered.value.bytes);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');
  }

  it.each([
    ['appendix-5', contract(1)],
    ['F-20', certificate],
    ['appendix-10', notice],
    ['F-36', refusal],
  ] as const)(
    'COM-16: %s names the representative with number and day of his power of attorney, or the applicant alone',
    async (_form, model) => {
      const byRepresentative = await signaturesOf(model, 'representative');
      expect(byRepresentative).toContain(byPower);
      expect(byRepresentative).toContain(representative);
      const byApplicant = await signaturesOf(model, 'applicant');
      expect(byApplicant).not.toContain(byPower);
      expect(byApplicant).not.toContain(representative);
    },
  );

  it('COM-16 SIM-01: the application is signed by the one who files', async () => {
    const text = await signaturesOf(application);
    expect(text).toContain(`Ərizəçinin nümayəndəsi`);
    expect(text).toContain(byPower);
  });

  it('COM-16: a contract that the applicant signs says nothing of the bounds of a representative', async () => {
    const clause = 'Nümayəndə bu Müqaviləni etibarnamədə göstərilən səlahiyyətlər daxilində imzalayır';
    expect(await signaturesOf(contract(1), 'representative')).toContain(clause);
    expect(await signaturesOf(contract(1), 'applicant')).not.toContain(clause);
  });

  it('C-37 SIM-17: the notice says by which rule each certificate ends', async () => {
    expect(await signaturesOf(notice, 'applicant')).toContain('21.11.2029 3 illik müddət');
  });
});
