import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { SimulationSummary } from '../simulation/run.ts';

/**
 * `npm run prove [-- --quick] [-- --seed S] [-- --only WORD]`: everything that shows that nothing is lost, doubled or misreported, with full counts
 * and in at most an hour on two cores; `--quick` takes the counts of `npm test`, `--only` the parts whose name has the word. The report grows in
 * `.cache/prove-report.md` part by part and goes to the screen at the end; exit 0 says that every part ran and passed.
 */
const root = path.resolve(import.meta.dirname, '..', '..');
const cache = path.join(root, '.cache');
const isQuick = process.argv.includes('--quick');
const seedAt = process.argv.indexOf('--seed');
const seed = seedAt < 0 ? Date.now() % 0x7fffffff : Number(process.argv[seedAt + 1]);
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? '' : (process.argv[onlyAt + 1] ?? '');
const endsAtMs = performance.now() + 60 * 60_000;
const mutantTable = path.join(cache, 'prove-mutants.md');

interface Part {
  readonly name: string;
  readonly files: readonly string[];
  /** What runs longer is ended and counts as failed. */
  readonly minutes: number;
  /** It needs both cores to itself. */
  readonly isAlone?: boolean;
}

const parts: readonly Part[] = [
  { name: 'mutants', files: ['tests/mutants/mutants.test.ts'], minutes: 9 },
  {
    name: 'storage: bit flips, surgery, migrations',
    files: [
      'tests/faults/storage-bit-flips.test.ts',
      'tests/faults/storage-file-surgery.test.ts',
      'tests/faults/storage-migrations.test.ts',
      'tests/faults/kill-key-return.test.ts',
    ],
    minutes: 8,
  },
  { name: 'power cut', files: ['tests/faults/power-cut.test.ts'], minutes: 10 },
  { name: 'calls that fail, a tiny disk', files: ['tests/faults/failing-calls.test.ts', 'tests/faults/tiny-disk.test.ts'], minutes: 12 },
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
  { name: 'kills of a bare writer', files: ['tests/faults/kill-writer.test.ts'], minutes: 10 },
  { name: 'stopped processes', files: ['tests/faults/stopped-process.test.ts'], minutes: 13 },
  { name: 'kills of the registry', files: ['tests/faults/kill-registry.test.ts'], minutes: 12 },
  { name: 'kills of the whole program', files: ['tests/faults/kill-program.test.ts'], minutes: 8 },
  {
    name: 'resync, healing, clock, versions, a link that comes and goes',
    files: [
      'tests/integration/sync/resync.test.ts',
      'tests/integration/sync/clock.test.ts',
      'tests/integration/sync/versions.test.ts',
      'tests/simulation/flapping.test.ts',
    ],
    minutes: 6,
  },
  {
    name: 'copies, edits of the journal, a held database',
    files: ['tests/faults/cloned-desk.test.ts', 'tests/faults/audit-edits.test.ts', 'tests/faults/held-database.test.ts'],
    minutes: 6,
  },
  { name: 'by the link and by file', files: ['tests/integration/sync/queue-file.test.ts'], minutes: 6 },
  {
    name: 'network: fault proxy, TLS, Retry-After, hostile files',
    files: [
      'tests/faults/fault-proxy.test.ts',
      'tests/faults/tls.test.ts',
      'tests/integration/sync/retry-after.test.ts',
      'tests/integration/bad-input/hostile-uploads.test.ts',
      'tests/integration/bad-input/hostile-scans.test.ts',
    ],
    minutes: 8,
  },
  {
    name: 'cards: pulled out at every command, power lost at every write',
    files: ['tests/integration/cards/broken-off.test.ts', 'tests/integration/cards/broken-off-pcscd.test.ts'],
    minutes: 8,
  },
  {
    name: 'cards: the core killed between its writings, a hundred cards',
    files: ['tests/faults/kill-card-core.test.ts', 'tests/integration/cards/batch.test.ts'],
    minutes: 12,
  },
  {
    name: 'cards: a package of five hundred, its confirmation cut off',
    files: ['tests/integration/core/package-registry.test.ts'],
    minutes: 4,
  },
  { name: 'storm', files: ['tests/faults/storm.test.ts'], minutes: 15, isAlone: true },
];
const simulationMinutes = isQuick ? 1 : 15;

interface Ended {
  readonly code: number | null;
  readonly text: string;
  readonly seconds: number;
}

/** Runs a child; what is over its time, or over the hour, is ended with everything that it started. */
async function run(args: readonly string[], minutes: number, env: Readonly<Record<string, string>>): Promise<Ended> {
  const beganMs = performance.now();
  const runId = randomUUID();
  const endEverything = (): void => endMarked(runId);
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env, QEYD_PROVE_RUN: runId },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(endEverything, Math.max(1, Math.min(minutes * 60_000, endsAtMs - beganMs)));
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
  const isClosed = once(child, 'close');
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  // What the part left behind would count in the next one, and holds its output open.
  endEverything();
  await isClosed;
  return { code, text, seconds: Math.round((performance.now() - beganMs) / 1000) };
}

/** Ends whatever carries the mark of a run, also what made itself a group or a session of its own. */
function endMarked(runId: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/u.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`QEYD_PROVE_RUN=${runId}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[] }[];
}

async function runPart(part: Part): Promise<{ readonly row: string; readonly notes: readonly string[]; readonly isGood: boolean }> {
  const output = path.join(cache, `prove-part-${parts.indexOf(part)}.json`);
  rmSync(output, { force: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...(part.isAlone === true ? [] : ['--maxWorkers=1']),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...part.files,
  ];
  const env = { QEYD_PROVE_TABLE: mutantTable, ...(isQuick ? {} : { QEYD_PROVE: '1' }) };
  const { code, text, seconds } = await run(args, part.minutes, env);
  const figures = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => /^\w[\w-]* \{"/u.test(line));
  if (!existsSync(output)) {
    const why = code === null ? `ended after ${seconds} s` : `code ${code}`;
    return { row: `| ${part.name} | no result: ${why} | | ${seconds} |`, notes: figures, isGood: false };
  }
  const report = JSON.parse(readFileSync(output, 'utf8')) as VitestReport;
  const failed = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status !== 'passed')
    .map((test) => `not passed: ${test.fullName}`)
    .concat(code === 0 ? [] : [`vitest ended with ${String(code)}`]);
  const isGood = code === 0 && failed.length === 0;
  return {
    row: `| ${part.name} | ${report.numPassedTests} | ${report.numFailedTests} | ${seconds} |`,
    notes: [...failed, ...figures],
    isGood,
  };
}

interface Proof {
  readonly played: SimulationSummary | null;
  readonly rows: readonly string[];
  readonly notes: readonly string[];
  /** What is still to come, empty at the end. */
  readonly open: readonly string[];
  readonly isGood: boolean;
}

const beganMs = performance.now();
function reportOf({ played, rows, notes, open, isGood }: Proof): string {
  const cpu = os.cpus();
  const size = `${cpu.length} cores (${cpu[0]?.model.trim() ?? ''}), ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const minutes = Math.round((performance.now() - beganMs) / 60_000);
  const verdict = isGood ? 'Nothing was lost, doubled or misreported.' : '**Not everything passed.**';
  return [
    `# Proof of ${new Date().toISOString().slice(0, 10)}${isQuick ? ' (quick, small counts)' : ''}`,
    '',
    `${size}, load ${os.loadavg()[0]?.toFixed(1) ?? ''} at the end, Node ${process.version}; ${minutes} min in all.`,
    '',
    '## Simulation',
    '',
    '| Seed | Schedules | Acts | Requests | Seconds | Violations |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    played === null
      ? `| ${seed} | no result | | | | |`
      : `| ${played.seed} | ${played.schedules} | ${played.acts} | ${played.requests} | ${played.seconds} | ${played.violations.length} |`,
    '',
    ...Object.entries(played?.faults ?? {}).map(([what, times]) => `- ${what}: ${times}`),
    ...(played?.violations ?? []).map((violation) => `- violation: ${violation}`),
    '',
    '## Mutants',
    '',
    existsSync(mutantTable) ? readFileSync(mutantTable, 'utf8') : 'no result\n',
    '## Real processes, storage, network, registry',
    '',
    '| Part | Passed | Failed | Seconds |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
    ...notes,
    '',
    open.length === 0 ? verdict : `Not run yet: ${open.join('; ')}.`,
    '',
  ].join('\n');
}

async function playSimulation(): Promise<SimulationSummary | null> {
  const { text } = await run(
    ['tests/simulation/run.ts', '--workers', '2', '--minutes', String(simulationMinutes), '--seed', String(seed), '--no-shrink'],
    simulationMinutes + 2,
    {},
  );
  const [line = ''] = text.split('\n');
  return line.startsWith('{') ? (JSON.parse(line) as SimulationSummary) : null;
}

async function main(): Promise<number> {
  mkdirSync(cache, { recursive: true });
  rmSync(mutantTable, { force: true });
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const save = (proof: Proof): void => writeFileSync(path.join(cache, 'prove-report.md'), reportOf(proof));
  const chosen = parts.filter(({ name }) => name.includes(only));
  let isGood = true;
  let played: SimulationSummary | null = null;
  if ('simulation'.includes(only)) {
    say(`simulation: ${simulationMinutes} min, seed ${seed}`);
    played = await playSimulation();
    isGood = played !== null && !played.failed;
  }
  const done = new Map<Part, Awaited<ReturnType<typeof runPart>>>();
  const proofOfNow = (): Proof => ({
    played,
    rows: chosen.flatMap((part) => done.get(part)?.row ?? []),
    notes: chosen.flatMap((part) => (done.get(part)?.notes ?? []).map((note) => `- ${part.name}: ${note}`)),
    open: chosen.filter((part) => !done.has(part)).map(({ name }) => name),
    isGood: isGood && [...done.values()].every((each) => each.isGood),
  });
  const work = async (waiting: Part[]): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      say(part.name);
      done.set(part, await runPart(part));
      save(proofOfNow());
    }
  };
  save(proofOfNow());
  // Two beside each other on the two cores, the longest first; what measures load has them to itself.
  const besides = chosen.filter(({ isAlone }) => isAlone !== true).sort((one, other) => other.minutes - one.minutes);
  await Promise.all([work(besides), work(besides)]);
  await work(chosen.filter(({ isAlone }) => isAlone === true));
  const proof = proofOfNow();
  save(proof);
  process.stdout.write(reportOf(proof));
  return proof.isGood ? 0 : 1;
}

process.exit(await main());
