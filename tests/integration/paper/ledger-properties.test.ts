import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPaperFeature, type PaperFeature } from '../../../src/core/features/paper/index.ts';
import type { PaperWorker } from '../../../src/core/documents/ports.ts';
import type { PaperView } from '../../../src/shared/contract/paper.ts';
import { createTestDesk, type TestDesk } from '../../support/test-desk.ts';
import { registrarCall, storeCase } from './sample-case.ts';
import { createMemorySpooler, type MemorySpooler } from './stub-spooler.ts';

/** Stands for the paper process where only the ledger is looked at: the bytes name the model, and it fails when told to. */
class QuickWorker implements PaperWorker {
  isFailing = false;
  render: PaperWorker['render'] = (model) => {
    if (this.isFailing) return Promise.resolve({ ok: false, failure: { code: 'PAPER_WORKER_FAILED', retryable: true } });
    const bytes = Buffer.from(JSON.stringify(model));
    return Promise.resolve({ ok: true, value: { bytes, pageCount: 1, sha256: createHash('sha256').update(bytes).digest('hex') } });
  };
  inspectScan: PaperWorker['inspectScan'] = () => Promise.resolve({ ok: false, failure: { code: 'PAPER_WORKER_FAILED' } });
  close(): void {
    this.isFailing = true;
  }
}

let desk: TestDesk;
let worker: QuickWorker;
let spooler: MemorySpooler;
let feature: PaperFeature;
const start = async (restartOf?: TestDesk): Promise<void> => {
  desk = await createTestDesk(restartOf === undefined ? {} : { restartOf });
  feature = createPaperFeature(desk, { worker, spooler });
};
beforeEach(() => {
  worker = new QuickWorker();
  spooler = createMemorySpooler();
});
afterEach(() => desk.close());

const step = fc.oneof(
  fc.record({
    do: fc.constant('prepare' as const),
    at: fc.nat(2),
    form: fc.constantFrom('appendix-1' as const, 'appendix-5' as const),
    isFailing: fc.boolean(),
  }),
  fc.record({ do: fc.constant('print' as const), at: fc.nat(20), isStopped: fc.boolean() }),
  fc.record({ do: fc.constant('good' as const), at: fc.nat(20) }),
  fc.record({ do: fc.constant('spoilt' as const), at: fc.nat(20) }),
  fc.record({ do: fc.constant('restart' as const), at: fc.constant(0) }),
);

it('whatever is done in whatever order: no number twice, no gap, one valid document a form, void stays void, history stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      await start();
      try {
        const cases = [storeCase(desk), storeCase(desk), storeCase(desk)];
        const everything = async (): Promise<PaperView[]> => {
          const lists = await Promise.all(cases.map(async (applicationId) => feature.handlers.list({ applicationId }, registrarCall)));
          return lists.flatMap((list) => (list.ok ? (list.value as PaperView[]) : []));
        };
        let before: PaperView[] = [];
        for (const now of steps) {
          const chosen = before[now.at % Math.max(1, before.length)];
          const commandId = desk.random.uuid();
          if (now.do === 'prepare') {
            worker.isFailing = now.isFailing;
            await feature.handlers.prepare(
              { commandId, applicationId: cases[now.at] ?? '', form: now.form, certificateSerial: '' },
              registrarCall,
            );
          } else if (now.do === 'restart') {
            desk.stop();
            await start(desk);
          } else if (chosen !== undefined && now.do === 'print') {
            spooler.isStopped = now.isStopped;
            const printed = await feature.handlers.print({ commandId, paperIds: [chosen.paperId], printer: 'p' }, registrarCall);
            expect(printed.ok).toBe(chosen.state === 'prepared' && !now.isStopped);
          } else if (chosen !== undefined) {
            const verdict = now.do === 'good' ? ('good' as const) : ('spoilt' as const);
            await feature.handlers.confirm({ commandId, paperIds: [chosen.paperId], verdict, reason: 'səbəb' }, registrarCall);
          }
          const after = await everything();
          holds(before, after);
          before = after;
        }
        const gaps = await feature.handlers.listGaps({ year: 2026 }, registrarCall);
        expect(gaps.ok && gaps.value.filter(({ kind }) => kind === 'gap')).toEqual([]);
        expect(gaps.ok && gaps.value.map(({ number }) => number)).toEqual(
          [...new Set(before.filter(({ state }) => state === 'spoilt').map(({ number }) => number))].toSorted(),
        );
      } finally {
        desk.close();
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

function holds(before: readonly PaperView[], after: readonly PaperView[]): void {
  const now = new Map(after.map((paper) => [paper.paperId, paper]));
  for (const old of before) {
    const paper = now.get(old.paperId);
    expect(paper).toMatchObject({ number: old.number, copy: old.copy, sha256: old.sha256, form: old.form });
    if (old.state === 'spoilt') expect(paper?.state).toBe('spoilt');
  }
  const byNumber = Map.groupBy(after, ({ number }) => number);
  for (const copies of byNumber.values()) {
    expect(copies.map(({ copy }) => copy)).toEqual(copies.map((_, index) => index + 1));
    expect(new Set(copies.map(({ state }) => state === 'spoilt')).size).toBe(1);
  }
  const numbers = [...byNumber.keys()].toSorted();
  numbers.forEach((number, index) => expect(number).toBe(`BAK1-01-2026-${String(index + 1).padStart(6, '0')}`));
  const valid = after
    .filter(({ state, copy }) => state !== 'spoilt' && copy === 1)
    .map(({ applicationId, form }) => `${applicationId ?? ''} ${form}`);
  expect(new Set(valid).size).toBe(valid.length);
}
