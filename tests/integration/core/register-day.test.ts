import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPaperWorker } from '../../../src/core/documents/paper-worker.ts';
import { createApplicationFeature, type ApplicationContext } from '../../../src/core/features/application/index.ts';
import { insertDocument, setState } from '../../../src/core/features/paper/ledger.ts';
import { createPaperFeature } from '../../../src/core/features/paper/index.ts';
import { listDay } from '../../../src/core/features/register/day.ts';
import { createScanFeature } from '../../../src/core/features/scan/index.ts';
import { insertAct } from '../../../src/core/storage/repositories/act-repository.ts';
import { civilDateAt } from '../../../src/shared/language/dates.ts';
import type { RegisterAct } from '../../../src/shared/rules/day-register.ts';
import { createTestDesk, testActor, type TestDesk } from '../../support/test-desk.ts';
import { storeCase } from '../paper/sample-case.ts';
import { createMemorySpooler } from '../paper/stub-spooler.ts';

let desk: TestDesk;
let context: ApplicationContext;
beforeAll(async () => {
  desk = await createTestDesk();
  const worker = createPaperWorker(() => Promise.reject(new Error('no paper process here')), desk.clock);
  const paper = createPaperFeature(desk, { worker, spooler: createMemorySpooler() });
  const scan = createScanFeature(desk, { worker });
  ({ context } = createApplicationFeature(desk, paper.facts, scan.facts));
  for (let index = 0; index < 300; index += 1) {
    const applicationId = storeCase(desk, { state: 'HANDED', isCentreSigned: true, isApplicantSigned: true });
    printContract(applicationId, index + 1);
    addAct(applicationId, 'application.sign_contract');
  }
});
afterAll(() => desk.close());

function addAct(applicationId: string, act: RegisterAct, deskId = desk.identity.deskId): string {
  const commandId = desk.random.uuid();
  desk.db.transact((tx) =>
    insertAct(tx, {
      commandId,
      applicationId,
      act,
      atMs: desk.clock.nowMs(),
      registryAtMs: null,
      operatorLogin: testActor.login,
      operatorName: testActor.fullName,
      deskId,
      sync: 'registered',
      note: null,
    }),
  );
  return commandId;
}

function printContract(applicationId: string, sequence: number): void {
  const bytes = Buffer.from(applicationId);
  const rendered = { bytes, pageCount: 1, sha256: createHash('sha256').update(bytes).digest('hex') };
  const copies = [desk.random.uuid(), desk.random.uuid()].map((paperId) => ({ paperId, rendered }));
  desk.db.transact((tx) => {
    insertDocument(tx, desk.identity, {
      form: 'appendix-5',
      applicationId,
      certificateSerial: '',
      number: `BAK1-01-2026-${String(sequence).padStart(6, '0')}`,
      sequence,
      year: 2026,
      contentKey: 'k',
      atMs: desk.clock.nowMs(),
      operatorLogin: testActor.login,
      copies,
    });
    for (const { paperId } of copies) setState(tx, paperId, { state: 'printed', printer: 'p', printedAtMs: 1, reason: '' });
  });
}

const on = (): string => civilDateAt(desk.clock.nowMs());

it('R-31: a day of three hundred acts is read in less than the 50 ms that the core may take', () => {
  const times: number[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const before = process.threadCpuUsage();
    const { rows } = listDay(context, desk.db, on());
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1000);
    expect(rows).toHaveLength(300);
    expect(rows.every(({ documents, serials }) => documents === 'complete' && serials.length === 3)).toBe(true);
  }
  // The machine may be busy with other tests: what this thread itself computed, and the best of several, is what the program needs.
  expect(Math.min(...times)).toBeLessThan(50);
});

it('R-31: the papers of an act are looked for at the desk that did it, and told by the act at another', () => {
  const applicationId = storeCase(desk, { state: 'HANDED', isCentreSigned: true, isApplicantSigned: true });
  const documentsOf = (act: RegisterAct, deskId?: string): string | undefined => {
    const commandId = addAct(applicationId, act, deskId);
    return listDay(context, desk.db, on()).rows.find((row) => row.commandId === commandId)?.documents;
  };
  for (const act of ['application.sign_contract', 'application.hand_over', 'application.enter_scans'] as const) {
    expect([act, documentsOf(act), documentsOf(act, 'desk-02')]).toEqual([act, 'incomplete', 'complete']);
  }
  // The sheet is printed after the refusal, so the act says nothing of it.
  expect(documentsOf('application.refuse', 'desk-02')).toBe('incomplete');
  expect(documentsOf('application.send')).toBe('not_needed');
});
