import { appendFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { count } from '../support/counts.ts';
import { applyPatch, listMutants, simulate } from './mutants.ts';

/** Where the search begins: the same schedules every time. */
const seed = 20_261_122;
/** Each mutant dies long before; one that is still alive then lives. */
const mostSchedules = count(400, 2_000);

/** Mutants of this list that this simulation cannot see, and where they are caught. */
const elsewhere = [
  ['bare-sequence-cursor', 'fault 27, tests/integration/registry/late-commit.mutant.test.ts: the feed skips late commits on PostgreSQL'],
  ['synchronous-normal', 'fault 4, tests/faults/power-cut.test.ts: acts that were answered as saved are gone after a power cut'],
] as const;

const lines: string[] = [];

describe('a product with a fault in it', () => {
  afterAll(() => {
    lines.push(...elsewhere.map(([name, where]) => `| ${name} | elsewhere: ${where} | |`));
    const table = ['| Mutant | Killed by | After schedules |', '| --- | --- | ---: |', ...lines, ''].join('\n');
    process.stdout.write(`\n${table}`);
    const report = process.env['QEYD_PROVE_TABLE'];
    if (report !== undefined) appendFileSync(report, table);
  });

  it.each(listMutants())(
    '$name breaks a promise that the simulation sees',
    async (mutant) => {
      const patched = applyPatch(mutant);
      try {
        const { violations, schedules } = await simulate({ folder: patched.folder, runs: mostSchedules, seed });
        lines.push(`| ${mutant.name} | ${violations[0] === undefined ? '**nothing**' : nameOf(violations[0])} | ${schedules} |`);
        expect(violations).not.toEqual([]);
      } finally {
        patched.remove();
      }
    },
    900_000,
  );

  it('without a fault keeps every promise on schedules of the same kind', async () => {
    const { violations, schedules } = await simulate({ folder: null, runs: count(20, 200), seed: seed + 1 });
    lines.push(`| none | ${violations[0] ?? 'nothing, as it should be'} | ${schedules} |`);
    expect(violations).toEqual([]);
  }, 900_000);
});

/** The invariant or the rule that a violation is about, without the ids of the case at hand. */
function nameOf(violation: string): string {
  return violation
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, '…')
    .replaceAll(/ ?\(?desk-\d\)?/gu, '')
    .replaceAll('|', '\\|');
}
