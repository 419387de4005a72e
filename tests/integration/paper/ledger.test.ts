import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPaperFeature, type PaperFeature } from '../../../src/core/features/paper/index.ts';
import type { PaperView } from '../../../src/shared/contract/paper.ts';
import { permissionsOfRole } from '../../../src/shared/rules/rights.ts';
import type { PaperForm } from '../../../src/shared/rules/vocabulary.ts';
import { createTestDesk, testActor, type TestDesk } from '../../support/test-desk.ts';
import { startPaperProcess, type PaperProcess } from './paper-process.ts';
import { registrarCall, sampleData, storeCase } from './sample-case.ts';
import { createMemorySpooler, type MemorySpooler } from './stub-spooler.ts';

let paper: PaperProcess;
let desk: TestDesk;
let spooler: MemorySpooler;
let feature: PaperFeature;
beforeAll(async () => {
  paper = await startPaperProcess();
});
afterAll(() => paper.close());
beforeEach(async () => {
  desk = await createTestDesk();
  spooler = createMemorySpooler();
  feature = createPaperFeature(desk, { worker: paper.worker, spooler });
});
afterEach(() => desk.close());

const printer = 'yaddaş';
const uuid = (): string => desk.random.uuid();
const unwrap = <T>(result: { ok: true; value: T } | { ok: false; failure: { code: string } }): T => {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
};
const prepare = async (applicationId: string, form: PaperForm = 'appendix-5', certificateSerial = ''): Promise<PaperView[]> =>
  unwrap(await feature.handlers.prepare({ commandId: uuid(), applicationId, form, certificateSerial }, registrarCall));
const print = (papers: PaperView[]) =>
  feature.handlers.print({ commandId: uuid(), paperIds: papers.map(({ paperId }) => paperId), printer }, registrarCall);
const confirm = (papers: PaperView[], verdict: 'good' | 'spoilt', reason = '') =>
  feature.handlers.confirm({ commandId: uuid(), paperIds: papers.map(({ paperId }) => paperId), verdict, reason }, registrarCall);
const auditDetails = (): string[] =>
  desk.db.all('SELECT rec FROM audit').map((row) => Buffer.from(row['rec'] as Uint8Array).toString('utf8'));

describe('numbers', () => {
  it('SIM-12 COM-08: both copies of the contract carry one number of office, desk and year, and their hashes are in the audit', async () => {
    const papers = await prepare(storeCase(desk));
    expect(papers.map(({ number, copy, copies, state }) => ({ number, copy, copies, state }))).toEqual([
      { number: 'BAK1-01-2026-000001', copy: 1, copies: 2, state: 'prepared' },
      { number: 'BAK1-01-2026-000001', copy: 2, copies: 2, state: 'prepared' },
    ]);
    const audit = auditDetails().join('\n');
    for (const { sha256 } of papers) expect(audit).toContain(sha256);
  });

  it('Əlavə 5: asking again answers the same set, the same command twice is one act', async () => {
    const applicationId = storeCase(desk);
    const command = { commandId: uuid(), applicationId, form: 'appendix-5' as const, certificateSerial: '' };
    const first = unwrap(await feature.handlers.prepare(command, registrarCall)) as PaperView[];
    expect(unwrap(await feature.handlers.prepare(command, registrarCall))).toEqual(first);
    expect(await prepare(applicationId)).toEqual(first);
    expect(await feature.handlers.prepare({ ...command, form: 'appendix-1' }, registrarCall)).toMatchObject({
      ok: false,
      failure: { code: 'COMMAND_REUSED' },
    });
  });

  it('ten papers asked for at once get ten numbers without a gap', async () => {
    const cases = Array.from({ length: 10 }, () => storeCase(desk));
    const numbers = (await Promise.all(cases.map((id) => prepare(id, 'appendix-1')))).map(([first]) => first?.number);
    expect(new Set(numbers).size).toBe(10);
    expect(numbers.toSorted().at(-1)).toBe('BAK1-01-2026-000010');
    expect(unwrap(await feature.handlers.listGaps({ year: 2026 }, registrarCall))).toEqual([]);
  });

  it('a failing paper process takes no number', async () => {
    const broken = createPaperFeature(desk, {
      spooler,
      worker: { ...paper.worker, render: () => Promise.resolve({ ok: false, failure: { code: 'PAPER_WORKER_FAILED', retryable: true } }) },
    });
    const applicationId = storeCase(desk);
    const request = { commandId: uuid(), applicationId, form: 'appendix-5' as const, certificateSerial: '' };
    expect(await broken.handlers.prepare(request, registrarCall)).toMatchObject({
      ok: false,
      failure: { code: 'PAPER_WORKER_FAILED', retryable: true },
    });
    expect((await prepare(applicationId))[0]?.number).toBe('BAK1-01-2026-000001');
  });

  it('the ledger cannot be deleted or renumbered, not even by our own code', async () => {
    await prepare(storeCase(desk));
    for (const sql of [
      'DELETE FROM paper',
      'DELETE FROM paper_document',
      'DELETE FROM paper_bytes',
      `UPDATE paper_bytes SET bytes = x'00'`,
      `UPDATE paper_document SET number = 'X'`,
      `DELETE FROM paper_event`,
    ]) {
      expect(() => desk.db.transact((tx) => tx.run(sql))).toThrow();
    }
  });
});

describe('what may be made when', () => {
  it.each([
    ['appendix-5', 'SENT', 'NOT_ISSUED'],
    ['F-20', 'CONTRACT', 'CONTRACT_NOT_SIGNED'],
    ['appendix-10', 'ACTIVATING', 'NOT_ACTIVATED'],
    ['F-36', 'CONTRACT', 'STATE'],
  ] as const)('%s in state %s is refused with the reason', async (form, state, reason) => {
    const applicationId = storeCase(desk, { state });
    const answer = await feature.handlers.prepare({ commandId: uuid(), applicationId, form, certificateSerial: '' }, registrarCall);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'PAPER_NOT_POSSIBLE', params: { reason } } });
  });

  it('SIM-15 C-09: one paper with two copies for each signing certificate, none for authentication', async () => {
    const applicationId = storeCase(desk, { state: 'CERT_PRINTED' });
    const serials = desk.db.all('SELECT serial, kind FROM certificate WHERE application_id = @applicationId ORDER BY ordinal', {
      applicationId,
    });
    for (const { serial, kind } of serials) {
      const answer = await feature.handlers.prepare(
        { commandId: uuid(), applicationId, form: 'F-20', certificateSerial: String(serial) },
        registrarCall,
      );
      if (kind === 'AUT') expect(answer).toMatchObject({ ok: false, failure: { code: 'PAPER_NOT_POSSIBLE' } });
      else expect(unwrap(answer)).toHaveLength(2);
    }
    const made = feature.facts.listOfApplication(desk.db, applicationId);
    expect(new Set(made.map(({ number }) => number)).size).toBe(2);
  });

  it('C-10: a holder who chose the electronic certificate gets no paper one', async () => {
    const applicationId = storeCase(desk, { state: 'CERT_PRINTED' }, sampleData({ certificateForm: 'electronic' }));
    const serial = String(
      desk.db.get(`SELECT serial FROM certificate WHERE application_id = @applicationId AND kind = 'PER'`, { applicationId })?.['serial'],
    );
    const answer = await feature.handlers.prepare(
      { commandId: uuid(), applicationId, form: 'F-20', certificateSerial: serial },
      registrarCall,
    );
    expect(answer).toMatchObject({ ok: false, failure: { code: 'PAPER_NOT_POSSIBLE' } });
  });

  it('SIM-07: an application that was changed before it was printed is made anew, a printed one stays', async () => {
    const applicationId = storeCase(desk, { state: 'DRAFT' });
    const change = (surname: string): void => {
      const person = { ...sampleData().person, surname };
      desk.db.transact((tx) =>
        tx.run('UPDATE application SET data = @data WHERE application_id = @applicationId', {
          applicationId,
          data: JSON.stringify(sampleData({ person })),
        }),
      );
    };
    const first = await prepare(applicationId, 'appendix-1');
    change('Həsənova');
    const second = await prepare(applicationId, 'appendix-1');
    expect(second[0]?.number).toBe('BAK1-01-2026-000002');
    expect(feature.facts.listOfApplication(desk.db, applicationId)[0]).toMatchObject({ number: first[0]?.number, state: 'spoilt' });
    unwrap(await print(second));
    change('Quliyeva');
    expect((await prepare(applicationId, 'appendix-1'))[0]?.number).toBe(second[0]?.number);
  });
});

describe('what may be printed when', () => {
  const set = (applicationId: string, column: 'data' | 'state', value: string): void => {
    desk.db.transact((tx) =>
      tx.run(`UPDATE application SET ${column} = @value WHERE application_id = @applicationId`, { applicationId, value }),
    );
  };
  const moved = (surname: string): string => JSON.stringify(sampleData({ person: { ...sampleData().person, surname } }));

  it('SIM-07 COM-08: a prepared application whose draft was changed does not leave the desk and is made anew', async () => {
    const applicationId = storeCase(desk, { state: 'DRAFT' });
    const papers = await prepare(applicationId, 'appendix-1');
    set(applicationId, 'data', moved('Həsənova'));
    expect(await print(papers)).toMatchObject({ ok: false, failure: { code: 'PAPER_STATE', params: { reason: 'DATA_CHANGED' } } });
    expect(spooler.jobs).toEqual([]);
    expect(unwrap(await print(await prepare(applicationId, 'appendix-1')))).toMatchObject([
      { number: 'BAK1-01-2026-000002', state: 'printing' },
    ]);
  });

  it('COM-08 COM-14: the prepared contract of a case that was refused does not leave the desk', async () => {
    const applicationId = storeCase(desk);
    const papers = await prepare(applicationId);
    set(applicationId, 'state', 'REFUSED');
    expect(await print(papers)).toMatchObject({ ok: false, failure: { code: 'PAPER_STATE', params: { reason: 'STATE' } } });
    expect(spooler.jobs).toEqual([]);
  });

  it('COM-08: the second copy says what the first one in somebody’s hand says', async () => {
    const applicationId = storeCase(desk);
    const papers = await prepare(applicationId);
    unwrap(await print(papers.slice(0, 1)));
    set(applicationId, 'data', moved('Həsənova'));
    expect(unwrap(await print(papers.slice(1)))).toMatchObject([{ copy: 2, state: 'printing' }]);
  });
});

describe('printing', () => {
  it('COM-08: what is printed is what was previewed, to the byte, under an ASCII job name', async () => {
    const papers = await prepare(storeCase(desk));
    unwrap(await print(papers));
    expect(spooler.jobs.map(({ job }) => job)).toEqual([
      { printer, jobName: 'BAK1-01-2026-000001-1', copies: 1 },
      { printer, jobName: 'BAK1-01-2026-000001-2', copies: 1 },
    ]);
    for (const [index, { paperId, sha256 }] of papers.entries()) {
      const read = unwrap<{ base64: string; totalBytes: number }>(await feature.handlers.read({ paperId, offset: 0 }, registrarCall));
      const preview = Buffer.from(read.base64, 'base64');
      expect(preview.byteLength).toBe(read.totalBytes);
      expect(createHash('sha256').update(preview).digest('hex')).toBe(sha256);
      expect(Buffer.from(spooler.jobs[index]?.bytes ?? []).equals(preview)).toBe(true);
    }
  });

  it('the printer is asked once however often the same command comes', async () => {
    const papers = await prepare(storeCase(desk));
    const command = { commandId: uuid(), paperIds: papers.map(({ paperId }) => paperId), printer };
    await feature.handlers.print(command, registrarCall);
    await feature.handlers.print(command, registrarCall);
    expect(spooler.jobs).toHaveLength(2);
  });

  it('a stopped printer is PRINTER_FAILED and leaves the papers as they were', async () => {
    const applicationId = storeCase(desk);
    const papers = await prepare(applicationId);
    spooler.isStopped = true;
    expect(await print(papers)).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED', retryable: true } });
    expect(unwrap(await feature.handlers.list({ applicationId }, registrarCall))).toEqual(papers);
    spooler.isStopped = false;
    expect(unwrap(await print(papers))).toMatchObject([{ state: 'printing' }, { state: 'printing' }]);
  });

  it('COM-08: a refused print is done when it is tried again under its own id, at this printer or another', async () => {
    for (const second of [printer, 'başqa']) {
      spooler.jobs.length = 0;
      const papers = await prepare(storeCase(desk));
      const command = { commandId: uuid(), paperIds: papers.map(({ paperId }) => paperId), printer };
      spooler.isStopped = true;
      expect(await feature.handlers.print(command, registrarCall)).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED' } });
      spooler.isStopped = false;
      const again = { ...command, printer: second };
      expect(unwrap(await feature.handlers.print(again, registrarCall))).toMatchObject([{ state: 'printing' }, { state: 'printing' }]);
      // Now it has been done, and is remembered.
      unwrap(await feature.handlers.print(again, registrarCall));
      expect(spooler.jobs.map(({ job }) => job.printer)).toEqual([second, second]);
    }
  });

  it.each(['good', 'spoilt'] as const)(
    'COM-08: what the person said (%s) while the queue was asked stands when the queue refuses',
    async (verdict) => {
      const papers = await prepare(storeCase(desk), 'appendix-1');
      const slow = createPaperFeature(desk, {
        worker: paper.worker,
        spooler: {
          ...spooler,
          async submit() {
            unwrap(await confirm(papers, verdict, 'kağız ilişdi'));
            return { ok: false, failure: { code: 'PRINTER_FAILED', retryable: true } };
          },
        },
      });
      const command = { commandId: uuid(), paperIds: papers.map(({ paperId }) => paperId), printer };
      expect(await slow.handlers.print(command, registrarCall)).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED' } });
      const now = feature.facts.listOfApplication(desk.db, papers[0]?.applicationId ?? '');
      expect(now).toMatchObject([{ state: verdict === 'good' ? 'printed' : 'spoilt' }]);
    },
  );

  it('a crash between print and confirmation leaves "printing", which asks and may not be sent again', async () => {
    const applicationId = storeCase(desk);
    const papers = await prepare(applicationId);
    unwrap(await print(papers));
    desk.stop();
    const again = await createTestDesk({ restartOf: desk });
    const restarted = createPaperFeature(again, { worker: paper.worker, spooler });
    const found = unwrap(await restarted.handlers.list({ applicationId }, registrarCall)) as PaperView[];
    expect(found.map(({ state }) => state)).toEqual(['printing', 'printing']);
    const second = await restarted.handlers.print(
      { commandId: again.random.uuid(), paperIds: found.map(({ paperId }) => paperId), printer },
      registrarCall,
    );
    expect(second).toMatchObject({ ok: false, failure: { code: 'PAPER_STATE' } });
    desk = again;
  });

  it('a queue that gives the job up keeps the question open and says so', async () => {
    const applicationId = storeCase(desk);
    spooler.outcome = { state: 'failed', reason: 'job-aborted-by-system' };
    unwrap(await print(await prepare(applicationId)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unwrap(await feature.handlers.list({ applicationId }, registrarCall))).toMatchObject([
      { state: 'printing', reason: 'queue_failed' },
      { state: 'printing', reason: 'queue_failed' },
    ]);
  });
});

describe('what came out', () => {
  it('good copies are printed, with the time', async () => {
    const papers = await prepare(storeCase(desk));
    unwrap(await print(papers));
    expect(unwrap(await confirm(papers, 'good'))).toMatchObject([
      { state: 'printed', printedAtMs: desk.clock.nowMs() },
      { state: 'printed' },
    ]);
  });

  it('a copy that was never sent cannot have come out', async () => {
    expect(await confirm(await prepare(storeCase(desk)), 'good')).toMatchObject({ ok: false, failure: { code: 'PAPER_STATE' } });
  });

  it('Əlavə 5: one spoilt copy voids the number and both are made anew under the next, with the reason kept', async () => {
    const applicationId = storeCase(desk);
    const papers = await prepare(applicationId);
    unwrap(await print(papers));
    expect(await confirm(papers.slice(0, 1), 'spoilt')).toMatchObject({ ok: false, failure: { code: 'FIELDS_INVALID' } });
    const spoilt = unwrap(await confirm(papers.slice(0, 1), 'spoilt', 'kağız ilişdi')) as PaperView[];
    expect(spoilt.map(({ state, reason }) => ({ state, reason }))).toEqual([
      { state: 'spoilt', reason: 'kağız ilişdi' },
      { state: 'spoilt', reason: 'kağız ilişdi' },
    ]);
    const anew = await prepare(applicationId);
    expect(anew.map(({ number, state }) => ({ number, state }))).toEqual([
      { number: 'BAK1-01-2026-000002', state: 'prepared' },
      { number: 'BAK1-01-2026-000002', state: 'prepared' },
    ]);
    const all = unwrap(await feature.handlers.list({ applicationId }, registrarCall)) as PaperView[];
    expect(all[0]?.replacedBy).toBe('BAK1-01-2026-000002');
    expect(unwrap(await feature.handlers.listGaps({ year: 2026 }, registrarCall))).toEqual([
      { number: 'BAK1-01-2026-000001', kind: 'void', reason: 'kağız ilişdi' },
    ]);
    expect(await confirm(papers, 'good')).toMatchObject({ ok: false, failure: { code: 'PAPER_STATE' } });
  });

  it('R-31: the day’s list is printed under a number of its own', async () => {
    const content = { on: '2026-11-22', rows: [], counts: {} };
    const made = unwrap(await feature.prepareDayRegister({ commandId: uuid(), actor: testActor, on: '2026-11-22' }, () => content));
    expect(made).toMatchObject({ form: 'day-register', applicationId: null, number: 'BAK1-01-2026-000001', copies: 1 });
    unwrap(await print([made]));
    unwrap(await confirm([made], 'good'));
    const later = { ...content, counts: { 'application.send': 1 } };
    const again = unwrap(await feature.prepareDayRegister({ commandId: uuid(), actor: testActor, on: '2026-11-22' }, () => later));
    expect(again).toMatchObject({ number: 'BAK1-01-2026-000002', state: 'prepared' });
  });

  it('R-31: the list waits in the printer for its answer, and once it came out a later print makes a new one', async () => {
    const content = { on: '2026-11-22', rows: [], counts: {} };
    const prepareDay = async (counts: Record<string, number> = {}): Promise<PaperView> =>
      unwrap(await feature.prepareDayRegister({ commandId: uuid(), actor: testActor, on: '2026-11-22' }, () => ({ ...content, counts })));
    const first = await prepareDay();
    expect(await prepareDay()).toEqual(first);
    unwrap(await print([first]));
    expect(await prepareDay({ 'application.send': 1 })).toMatchObject({ number: first.number, state: 'printing' });
    unwrap(await confirm([first], 'good'));
    expect(await prepareDay()).toMatchObject({ number: 'BAK1-01-2026-000002', state: 'prepared' });
    expect(unwrap(await feature.handlers.listGaps({ year: 2026 }, registrarCall))).toEqual([
      { number: first.number, kind: 'void', reason: 'printed_again' },
    ]);
  });

  it.each([
    ['registrar', true, true],
    ['supervisor', true, false],
    ['auditor', false, false],
    ['centre_officer', false, true],
  ] as const)('R-31: the %s prints the day’s list: %s, papers of a case: %s', async (role, mayRegister, mayCase) => {
    const call = { ...registrarCall, permissions: new Set(permissionsOfRole[role]) };
    const content = { on: '2026-11-22', rows: [], counts: {} };
    const list = unwrap(await feature.prepareDayRegister({ commandId: uuid(), actor: testActor, on: '2026-11-22' }, () => content));
    const ofCase = await prepare(storeCase(desk), 'appendix-1');
    const answers = async (papers: PaperView[]): Promise<string[]> => {
      const paperIds = papers.map(({ paperId }) => paperId);
      const printed = await feature.handlers.print({ commandId: uuid(), paperIds, printer }, call);
      const confirmed = await feature.handlers.confirm({ commandId: uuid(), paperIds, verdict: 'good', reason: '' }, call);
      return [printed, confirmed].map((answer) => (answer.ok ? 'done' : answer.failure.code));
    };
    const expected = (may: boolean): string[] => (may ? ['done', 'done'] : ['FORBIDDEN', 'FORBIDDEN']);
    expect(await answers([list, ...ofCase])).toEqual(expected(mayRegister && mayCase));
    if (mayRegister && mayCase) return;
    expect(await answers([list])).toEqual(expected(mayRegister));
    expect(await answers(ofCase)).toEqual(expected(mayCase));
  });

  it.each([
    ['registrar', true],
    ['centre_officer', true],
    ['supervisor', true],
    ['auditor', true],
    ['authorised_officer', false],
    ['document_entry', false],
  ] as const)('R-07: the %s reads a paper that names the person: %s, and the masked list in any case', async (role, mayRead) => {
    const call = { ...registrarCall, permissions: new Set(permissionsOfRole[role]) };
    const content = { on: '2026-11-22', rows: [], counts: {} };
    const list = unwrap(await feature.prepareDayRegister({ commandId: uuid(), actor: testActor, on: '2026-11-22' }, () => content));
    const [ofCase] = await prepare(storeCase(desk), 'appendix-1');
    const read = async (paperId = ''): Promise<string> => {
      const answer = await feature.handlers.read({ paperId, offset: 0 }, call);
      return answer.ok ? 'read' : answer.failure.code;
    };
    expect(await read(list.paperId)).toBe('read');
    expect(await read(ofCase?.paperId)).toBe(mayRead ? 'read' : 'FORBIDDEN');
  });
});

it('no person and no number of a person is in the audit of papers', async () => {
  const papers = await prepare(storeCase(desk));
  unwrap(await print(papers));
  unwrap(await confirm(papers, 'spoilt', 'QYD0001 Əliyeva'));
  for (const text of auditDetails()) expect(text).not.toMatch(/QYD0001|Əliyeva/u);
});
