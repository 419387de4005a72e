import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestVersion } from '../../src/core/storage/migrate.ts';
import { migrations } from '../../src/core/storage/migrations/all.ts';
import { applyPatch } from '../mutants/mutants.ts';
import { count, isProving } from '../support/counts.ts';
import { createDisk } from './power-cut/disk-states.ts';
import { recordLives, type RecordedLife, type Recording } from './power-cut/record.ts';
import { judgeStates, planStates, readTruth, type Judged } from './power-cut/search.ts';

/**
 * Fault 4: the power fails. What a desk's process did to its files is recorded call by call; from that the states are built in which a disk may be
 * found afterwards, and each is opened as the program opens it. Source: I-1, I-2, I-10, I-14
 */
const seed = 20_261_122;
const schemaVersion = latestVersion(migrations);
const schemaBefore = migrations.at(-2)?.version ?? 0;
const scale = count(1, 4);
const lives: readonly RecordedLife[] = [
  { acts: 8 * scale, checkpointPages: 40 * scale, ends: 'killed', schemaVersion },
  { acts: 6 * scale, checkpointPages: 40 * scale, ends: 'closed', schemaVersion },
  { acts: 5 * scale, checkpointPages: 20 * scale, ends: 'killed', schemaVersion },
];

let folder: string;
let recorded = 0;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-power-cut-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (what: readonly RecordedLife[], patched?: string): Promise<Recording> =>
  recordLives(path.join(folder, String((recorded += 1))), what, patched === undefined ? {} : { patched });

async function search(
  recording: Recording,
  counts: { readonly prefixes: number; readonly others: number; readonly enough?: number },
): Promise<Judged> {
  const truth = await readTruth(recording);
  return judgeStates(recording, truth, planStates(recording.steps, { ...counts, seed }), {
    processes: isProving ? 2 : 1,
    enough: counts.enough ?? 5,
  });
}

/** Found states with what is needed to build one again. */
const tell = (judged: Judged): string => judged.found.map((found) => JSON.stringify(found)).join('\n');
const figures = (name: string, { sums, uncertain, tailsTold, unacknowledgedKept, found }: Judged): void => {
  const told = { states: sums.length, uncertain, tailsTold, unacknowledgedKept, violations: found.length, seed };
  console.info(`${name} ${JSON.stringify(told)}`);
};

describe('a power cut', () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await record(lives);
  }, 120_000);

  it('is played on everything that reached the files: the model ends in the bytes that the kernel shows', () => {
    const { files, acked } = createDisk(recording.steps).stateAt(recording.steps.length, 'prefix', () => 0);
    expect([...files.keys()]).toEqual([...recording.files.keys()].sort());
    for (const [name, bytes] of recording.files) expect(files.get(name)?.equals(bytes), name).toBe(true);
    expect(acked).toHaveLength(19 * scale);
    // The index of the log is the only memory that is shared with a file, and it is no data: states are opened without it or with rubbish in it.
    expect(recording.indexMappings).toBeGreaterThan(0);
  });

  it('the name of a new database is on the disk before its first log is', () => {
    const kinds = recording.steps.map((step) => (step.kind === 'name' ? `${step.name} from ${step.from ?? 'nothing'}` : step.kind));
    const renamed = kinds.indexOf('desk.db from desk.db.new');
    expect(renamed).toBeGreaterThan(0);
    expect(kinds[renamed + 1]).toBe('syncFolder');
  });

  it('loses no act that was answered as saved, halves none, doubles none, and is never taken for damage', async () => {
    const judged = await search(recording, { prefixes: count(20, recording.steps.length), others: count(45, 9_000) });
    figures('power-cut', judged);
    expect(tell(judged)).toBe('');
    expect(judged.sums.length).toBeGreaterThan(count(50, 5_000));
  }, 1_500_000);

  it('while an older database is brought to the newest version leaves every act in the old version or the new one', async () => {
    const upgraded = await record([
      { acts: 6, checkpointPages: 2000, ends: 'killed', schemaVersion: schemaBefore },
      { acts: 4, checkpointPages: 40, ends: 'closed', schemaVersion },
    ]);
    const judged = await search(upgraded, { prefixes: count(8, 200), others: count(16, 600) });
    figures('power-cut-upgrade', judged);
    expect(tell(judged)).toBe('');
  }, 1_500_000);

  /** From which sync of the second life, and how many: those of opening are a test of their own. */
  const failing = isProving
    ? Array.from({ length: 8 }, (_, index) => index + 6).flatMap((n) => [`${n}`, `${n}..${n + 1}`, `${n}+`])
    : ['7..8'];
  it('after a sync that failed loses nothing that was answered afterwards', async () => {
    const all: Judged = { sums: [], uncertain: 0, tailsTold: 0, unacknowledgedKept: 0, found: [] };
    for (const when of failing) {
      const faulty = await record([
        { acts: 4, checkpointPages: 2000, ends: 'killed', schemaVersion },
        { acts: 12, checkpointPages: 40, ends: 'killed', schemaVersion, inject: `fsync:error=EIO:when=${when}` },
      ]);
      expect(
        faulty.steps.some((step) => (step.kind === 'sync' || step.kind === 'syncFolder') && !step.isDone),
        when,
      ).toBe(true);
      const judged = await search(faulty, { prefixes: 4, others: count(16, 36) });
      all.sums.push(...judged.sums);
      all.uncertain += judged.uncertain;
      all.tailsTold += judged.tailsTold;
      all.unacknowledgedKept += judged.unacknowledgedKept;
      all.found.push(...judged.found.map((found) => ({ ...found, violation: `fsync ${when}: ${found.violation}` })));
    }
    figures('power-cut-after-failed-sync', all);
    expect(tell(all)).toBe('');
  }, 1_500_000);
});

describe('the same search finds a product that', () => {
  it.each([
    ['syncs no commit (synchronous=NORMAL)', 'power-cut/synchronous-normal.patch', /^lost: \d+ of/u],
    ['writes an act in two transactions', 'two-transactions.patch', /rows of the journal/u],
  ])(
    '%s',
    async (_, patch, expected) => {
      const patched = applyPatch({ name: path.basename(patch, '.patch'), patch: path.join(import.meta.dirname, '..', 'mutants', patch) });
      try {
        const recording = await record(lives.slice(0, 1), patched.folder);
        const judged = await search(recording, { prefixes: 20, others: 40, enough: 100 });
        figures(`power-cut-${path.basename(patch, '.patch')}`, judged);
        expect(
          judged.found.some(({ violation }) => expected.test(violation)),
          tell(judged),
        ).toBe(true);
      } finally {
        patched.remove();
      }
    },
    120_000,
  );
});
