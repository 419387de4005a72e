import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { count, isProving, seededFraction } from '../support/counts.ts';
import { makeKilledDesk, runWithFailingCall, type FailingCall, type Outcome, type Start } from './failing-calls.ts';

/**
 * Faults 6 and 7: one system call on the desk's files fails, the n-th of its kind, for every n until the desk makes no n-th; or that one and all
 * after it, as on a disk that has died. Source: I-1, I-15
 */
const seed = 20_261_122;
interface Kind {
  readonly start: Start;
  readonly call: string;
  readonly error: FailingCall['error'];
  readonly onwards?: true;
  /** How many such calls a run makes, about: `npm test` draws from them. */
  readonly about: number;
  /** Every so many-th only, where there are hundreds of the same. */
  readonly step?: number;
}
const kinds: readonly Kind[] = [
  { start: 'killed', call: 'fsync', error: 'EIO', about: 18 },
  { start: 'killed', call: 'fdatasync', error: 'EIO', about: 1 },
  { start: 'killed', call: 'ftruncate', error: 'EIO', about: 8 },
  { start: 'killed', call: 'openat', error: 'EIO', about: 18 },
  { start: 'killed', call: 'openat', error: 'EMFILE', about: 18 },
  { start: 'killed', call: 'unlink', error: 'EIO', about: 4 },
  { start: 'new', call: 'fsync', error: 'EIO', about: 34 },
  { start: 'new', call: 'openat', error: 'EIO', about: 14 },
  { start: 'new', call: 'rename', error: 'EIO', about: 1 },
  { start: 'new', call: 'ftruncate', error: 'EIO', about: 5 },
  { start: 'killed', call: 'fsync', error: 'EIO', onwards: true, about: 18 },
  { start: 'killed', call: 'pwrite64', error: 'EIO', about: 140 },
  { start: 'killed', call: 'pwrite64', error: 'ENOSPC', about: 140 },
  { start: 'killed', call: 'pwrite64', error: 'EIO', onwards: true, about: 140, step: 5 },
  { start: 'killed', call: 'pwrite64', error: 'ENOSPC', onwards: true, about: 140, step: 5 },
  { start: 'new', call: 'pwrite64', error: 'ENOSPC', about: 450, step: 6 },
  { start: 'killed', call: 'pread64', error: 'EIO', about: 260, step: 3 },
];
/** What is not reached in this time is said. */
const budgetMs = 420_000;
const most = 2_000;

let folder: string;
beforeAll(async () => {
  // Real waiting for a disk would prove nothing more here.
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-failing-calls-'));
  await makeKilledDesk(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a call that fails refuses the act under way or nothing; what was answered as saved is there afterwards, and the desk goes on', async () => {
  const figures = { runs: 0, acked: 0, refused: 0, repeated: 0, unopened: 0, kinds: 0, wholeKinds: 0 };
  const violations: string[] = [];
  const note = (what: string, { isInjected, acked, refused, repeated, isUnopened, violation }: Outcome): void => {
    if (isInjected) figures.runs += 1;
    figures.acked += acked;
    figures.refused += refused;
    figures.repeated += repeated;
    figures.unopened += isUnopened ? 1 : 0;
    if (violation !== null) violations.push(`${what}: ${violation}`);
  };
  const run = async (kind: Kind, n: number, lane: number): Promise<boolean> => {
    const onwards = kind.onwards === true;
    const outcome = await runWithFailingCall(folder, kind.start, { call: kind.call, error: kind.error, n, onwards }, `lane-${lane}`);
    note(`${kind.start} desk, ${kind.call} ${kind.error} at ${n}${onwards ? ' and after' : ''}`, outcome);
    return outcome.isInjected;
  };
  if (isProving) {
    const endMs = performance.now() + budgetMs;
    for (const kind of kinds) {
      let next = 1;
      let last = most;
      const lane = async (number: number): Promise<void> => {
        while (next < last && performance.now() < endMs) {
          const n = next;
          next += kind.step ?? 1;
          if (!(await run(kind, n, number))) last = Math.min(last, n);
        }
      };
      await Promise.all([lane(0), lane(1)]);
      figures.kinds += 1;
      if (last < most) figures.wholeKinds += 1;
    }
  } else {
    const random = seededFraction(seed);
    const drawn = kinds.filter(({ about }) => about > 1);
    for (const [index, kind] of drawn.entries()) await run(kind, 1 + Math.floor(random() * kind.about), index % 2);
    // While a new database takes in its log, and while the log of a killed desk is read.
    for (const n of [300, 330]) await run({ start: 'new', call: 'pwrite64', error: 'ENOSPC', about: 0 }, n, 0);
    for (const n of [100, 150]) await run({ start: 'killed', call: 'pread64', error: 'EIO', about: 0 }, n, 1);
    figures.kinds = drawn.length;
  }
  console.info(`failing-calls ${JSON.stringify({ ...figures, violations: violations.length })}`);
  expect(violations).toEqual([]);
  expect(figures.runs).toBeGreaterThan(count(10, 300));
  if (isProving) expect(figures.wholeKinds).toBe(kinds.length);
}, 600_000);
