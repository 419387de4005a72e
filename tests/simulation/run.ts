import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { runSchedule } from './run-schedule.ts';
import { schedules } from './schedule.ts';
import { createRegistryWorkshop } from './simulated-registry.ts';
import { sumOf } from './tally.ts';

/**
 * `--runs N --seed S [--minutes M] [--workers W] [--no-shrink]`: as many schedules as asked for or as fit; the first that breaks a promise is made
 * small and shown. One line of JSON tells what was done.
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const minutes = option('minutes', Number.POSITIVE_INFINITY);
const runs = option('runs', Number.isFinite(minutes) ? 1_000_000 : 100);
const seed = option('seed', Date.now() % 0x7fffffff);
const workers = option('workers', 1);

export interface SimulationSummary {
  readonly seed: number;
  readonly schedules: number;
  readonly acts: number;
  readonly requests: number;
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly failed: boolean;
  /** Of the first schedule that broke a promise. */
  readonly violations: readonly string[];
}

async function runHere(): Promise<void> {
  const workshop = await createRegistryWorkshop();
  const beganMs = performance.now();
  let done = 0;
  let acts = 0;
  let requests = 0;
  let faults: Readonly<Record<string, number>> = {};
  let violations: readonly string[] = [];
  const property = fc.asyncProperty(schedules, async (schedule) => {
    const verdict = await runSchedule(workshop, schedule);
    if (violations.length === 0) done += 1;
    acts += verdict.acts;
    requests += verdict.requests;
    faults = sumOf([faults, verdict.faults]);
    if (verdict.violations.length === 0) return;
    if (violations.length === 0) violations = verdict.violations;
    throw new Error(verdict.violations.slice(0, 10).join('\n'));
  });
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: process.argv.includes('--no-shrink'),
    ...(Number.isFinite(minutes) ? { interruptAfterTimeLimit: minutes * 60_000 } : {}),
  });
  await workshop.close();
  const seconds = Math.round((performance.now() - beganMs) / 1000);
  const summary: SimulationSummary = { seed, schedules: done, acts, requests, seconds, faults, failed: details.failed, violations };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (!details.failed) return;
  process.stdout.write(`${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}\n`);
  process.exitCode = 1;
}

/** Each worker walks schedules of its own, from the next seeds. */
async function runInWorkers(): Promise<void> {
  const passed = ['--runs', String(Math.ceil(runs / workers)), ...(Number.isFinite(minutes) ? ['--minutes', String(minutes)] : [])];
  if (process.argv.includes('--no-shrink')) passed.push('--no-shrink');
  const summaries = await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const child = spawn(process.execPath, [import.meta.filename, '--seed', String(seed + index), ...passed], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
      const [code] = (await once(child, 'close')) as [number | null];
      const [first = '', ...rest] = text.split('\n');
      if (!first.startsWith('{')) throw new Error(`A worker ended with code ${String(code)} and said nothing`);
      if (code !== 0) process.stderr.write(`${rest.join('\n')}\n`);
      return JSON.parse(first) as SimulationSummary;
    }),
  );
  const sum = (of: (summary: SimulationSummary) => number): number => summaries.reduce((total, each) => total + of(each), 0);
  const whole: SimulationSummary = {
    seed,
    schedules: sum((each) => each.schedules),
    acts: sum((each) => each.acts),
    requests: sum((each) => each.requests),
    faults: sumOf(summaries.map((each) => each.faults)),
    seconds: Math.max(...summaries.map((each) => each.seconds)),
    failed: summaries.some((each) => each.failed),
    violations: summaries.flatMap((each) => each.violations),
  };
  process.stdout.write(`${JSON.stringify(whole)}\n`);
  if (whole.failed) process.exitCode = 1;
}

await (workers > 1 ? runInWorkers() : runHere());
