import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemSpooler } from '../../../src/core/documents/index.ts';
import type { Spooler } from '../../../src/core/documents/ports.ts';
import { createPaperFeature } from '../../../src/core/features/paper/index.ts';
import type { PaperView } from '../../../src/shared/contract/paper.ts';
import { createTestDesk, type TestDesk } from '../../support/test-desk.ts';
import { startPaperProcess, type PaperProcess } from './paper-process.ts';
import { startPrivateCups, type PrivateCups } from './private-cups.ts';
import { registrarCall, storeCase } from './sample-case.ts';

let cups: PrivateCups;
let paper: PaperProcess;
let desk: TestDesk;
let spooler: Spooler;
beforeAll(async () => {
  [cups, paper, desk] = await Promise.all([startPrivateCups(), startPaperProcess(), createTestDesk()]);
  spooler = createSystemSpooler({ cupsServer: cups.server, printFolder: '' });
});
afterAll(async () => {
  await Promise.all([cups.close(), paper.close()]);
  desk.close();
});

const unwrap = <T>(result: { ok: true; value: T } | { ok: false; failure: { code: string } }): T => {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
};

describe('a real CUPS queue', () => {
  it('the queue is listed with its state, the default marked', async () => {
    expect(await spooler.listPrinters()).toEqual([{ name: cups.queue, isDefault: true, state: 'ready', isFile: false }]);
  });

  it('SIM-12 COM-08: the bytes that come out of the queue are the stored bytes of the contract', async () => {
    const feature = createPaperFeature(desk, { worker: paper.worker, spooler });
    const applicationId = storeCase(desk);
    const papers = unwrap(
      await feature.handlers.prepare(
        { commandId: desk.random.uuid(), applicationId, form: 'appendix-5', certificateSerial: '' },
        registrarCall,
      ),
    ) as PaperView[];
    const [first] = papers;
    if (first === undefined) throw new Error('No paper');
    unwrap(await feature.handlers.print({ commandId: desk.random.uuid(), paperIds: [first.paperId], printer: cups.queue }, registrarCall));
    const stored = unwrap(await feature.handlers.read({ paperId: first.paperId, offset: 0 }, registrarCall)) as { base64: string };
    const expected = Buffer.from(stored.base64, 'base64');
    await expect.poll(() => cups.output.some((bytes) => bytes.equals(expected)), { timeout: 10_000 }).toBe(true);
    const after = unwrap(await feature.handlers.list({ applicationId }, registrarCall)) as PaperView[];
    expect(after.map(({ state }) => state)).toEqual(['printing', 'prepared']);
  });

  it('the queue tells when a job is done', async () => {
    const job = unwrap(
      await spooler.submit(Buffer.from('%PDF-1.3 sınaq'), { printer: cups.queue, jobName: 'BAK1-01-2026-000009-1', copies: 1 }),
    );
    expect(await spooler.watch(job.jobRef, 10_000)).toEqual({ state: 'completed' });
  });

  it('an unknown queue is PRINTER_UNKNOWN', async () => {
    expect(await spooler.submit(Buffer.from('x'), { printer: 'yoxdur', jobName: 'A-1', copies: 1 })).toMatchObject({
      ok: false,
      failure: { code: 'PRINTER_UNKNOWN' },
    });
  });

  it('COM-08: a stopped printer is PRINTER_FAILED and the ledger is as it was', async () => {
    const feature = createPaperFeature(desk, { worker: paper.worker, spooler });
    const applicationId = storeCase(desk);
    const before = unwrap(
      await feature.handlers.prepare(
        { commandId: desk.random.uuid(), applicationId, form: 'appendix-5', certificateSerial: '' },
        registrarCall,
      ),
    ) as PaperView[];
    const printed = cups.output.length;
    cups.lp('cupsdisable');
    try {
      expect(await spooler.listPrinters()).toMatchObject([{ state: 'stopped' }]);
      const answer = await feature.handlers.print(
        { commandId: desk.random.uuid(), paperIds: before.map(({ paperId }) => paperId), printer: cups.queue },
        registrarCall,
      );
      expect(answer).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED', retryable: true } });
    } finally {
      cups.lp('cupsenable');
    }
    expect(unwrap(await feature.handlers.list({ applicationId }, registrarCall))).toEqual(before);
    // Nothing was left in the queue to come out when the printer was started again.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(cups.output).toHaveLength(printed);
  });

  it('a print service that is not there has no printers and takes no job', async () => {
    const nobody = createSystemSpooler({ cupsServer: `${cups.server}.none`, printFolder: '' });
    expect(await nobody.listPrinters()).toEqual([]);
    expect(await nobody.submit(Buffer.from('x'), { printer: 'a', jobName: 'A-1', copies: 1 })).toMatchObject({
      ok: false,
      failure: { code: 'PRINTER_FAILED' },
    });
  });
});
