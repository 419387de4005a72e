import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SimulationSummary } from '../simulation/run.ts';

/**
 * `npm run prove [-- --quick] [-- --seed S]`: everything that shows that nothing is lost, doubled or misreported, with full counts and in at most an
 * hour on two cores; `--quick` takes the counts of `npm test`. The report goes to the screen and to `.cache/prove-report.md`.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const cache = path.join(root, '.cache');
const isQuick = process.argv.includes('--quick');
const seedAt = process.argv.indexOf('--seed');
const seed = seedAt < 0 ? Date.now() % 0x7fffffff : Number(process.argv[seedAt + 1]);
const mutantTable = path.join(cache, 'prove-mutants.md');

interface Part {
  readonly name: string;
  readonly files: readonly string[];
  /** What runs longer is ended and counts as failed. */
  readonly minutes: number;
}

const parts: readonly Part[] = [
  { name: 'mutants', files: ['tests/mutants/mutants.test.ts'], minutes: 9 },
  {
    name: 'storage: bit flips, surgery, migrations',
    files: [
      'tests/faults/storage-bit-flips.test.ts',
      'tests/faults/storage-file-surgery.test.ts',
      'tests/faults/storage-migrations.test.ts',
    ],
    minutes: 8,
  },
  {
    name: 'late commits and partitions',
    files: [
      'tests/integration/registry/late-commit.test.ts',
      'tests/integration/registry/late-commit.mutant.test.ts',
      'tests/integration/registry/partitions.test.ts',
    ],
    minutes: 3,
  },
  { name: 'kills and a full disk', files: ['tests/faults/kill-core.test.ts', 'tests/faults/full-disk.test.ts'], minutes: 8 },
  {
    name: 'resync, healing, clock',
    files: ['tests/integration/sync/resync.test.ts', 'tests/integration/sync/clock.test.ts'],
    minutes: 3,
  },
  { name: 'storm', files: ['tests/faults/storm.test.ts'], minutes: 13 },
];
const simulationMinutes = isQuick ? 1 : 15;

interface Ended {
  readonly code: number | null;
  readonly text: string;
  readonly seconds: number;
}

async function run(args: readonly string[], minutes: number, env: Readonly<Record<string, string>>): Promise<Ended> {
  const beganMs = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), minutes * 60_000);
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, text, seconds: Math.round((performance.now() - beganMs) / 1000) };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[] }[];
}

async function runPart(part: Part): Promise<{ readonly row: string; readonly notes: readonly string[]; readonly isGood: boolean }> {
  const output = path.join(cache, 'prove-part.json');
  rmSync(output, { force: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...part.files,
  ];
  const env = { QEYD_PROVE_TABLE: mutantTable, ...(isQuick ? {} : { QEYD_PROVE: '1' }) };
  const { code, text, seconds } = await run(args, part.minutes, env);
  const figures = text.split('\n').filter((line) => /^\w[\w-]* \{"/u.test(line));
  if (!existsSync(output))
    return { row: `| ${part.name} | no result, code ${String(code)} | | ${seconds} |`, notes: figures, isGood: false };
  const report = JSON.parse(readFileSync(output, 'utf8')) as VitestReport;
  const failed = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status !== 'passed')
    .map((test) => `not passed: ${test.fullName}`);
  const isGood = code === 0 && failed.length === 0;
  return {
    row: `| ${part.name} | ${report.numPassedTests} | ${report.numFailedTests} | ${seconds} |`,
    notes: [...failed, ...figures],
    isGood,
  };
}

async function main(): Promise<number> {
  mkdirSync(cache, { recursive: true });
  rmSync(mutantTable, { force: true });
  const beganMs = performance.now();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  say(`simulation: ${simulationMinutes} min, seed ${seed}`);
  const simulation = await run(
    ['tests/simulation/run.ts', '--workers', '2', '--minutes', String(simulationMinutes), '--seed', String(seed), '--no-shrink'],
    simulationMinutes + 2,
    {},
  );
  const [line = ''] = simulation.text.split('\n');
  const played = line.startsWith('{') ? (JSON.parse(line) as SimulationSummary) : null;
  const rows: string[] = [];
  const notes: string[] = [];
  let isGood = played !== null && !played.failed;
  for (const part of parts) {
    say(part.name);
    const done = await runPart(part);
    rows.push(done.row);
    notes.push(...done.notes.map((note) => `- ${part.name}: ${note}`));
    isGood &&= done.isGood;
  }
  const cpu = os.cpus();
  const report = [
    `# Proof of ${new Date().toISOString().slice(0, 10)}${isQuick ? ' (quick, small counts)' : ''}`,
    '',
    `${cpu.length} cores (${cpu[0]?.model.trim() ?? ''}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, load ${os.loadavg()[0]?.toFixed(1) ?? ''} at the end, Node ${process.version}; ${Math.round((performance.now() - beganMs) / 60_000)} min in all.`,
    '',
    '## Simulation',
    '',
    '| Seed | Schedules | Acts | Requests | Seconds | Violations |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    played === null
      ? `| ${seed} | no result | | | | |`
      : `| ${played.seed} | ${played.schedules} | ${played.acts} | ${played.requests} | ${played.seconds} | ${played.violations.length} |`,
    '',
    ...(played?.violations ?? []).map((violation) => `- ${violation}`),
    '## Mutants',
    '',
    existsSync(mutantTable) ? readFileSync(mutantTable, 'utf8') : 'no result\n',
    '## Real processes, storage, registry',
    '',
    '| Part | Passed | Failed | Seconds |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
    ...notes,
    '',
    isGood ? 'Nothing was lost, doubled or misreported.' : '**Not everything passed.**',
    '',
  ].join('\n');
  writeFileSync(path.join(cache, 'prove-report.md'), report);
  process.stdout.write(report);
  return isGood ? 0 : 1;
}

process.exit(await main());
