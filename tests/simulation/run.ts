import fc from 'fast-check';
import { runSchedule } from './run-schedule.ts';
import { schedules } from './schedule.ts';
import { createRegistryWorkshop } from './simulated-registry.ts';

/** `--runs N --seed S [--minutes M]`: as many schedules as asked for or as fit; the first that breaks a promise is made small and shown. */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const runs = option('runs', 100);
const minutes = option('minutes', Number.POSITIVE_INFINITY);
const seed = option('seed', Date.now() % 0x7fffffff);

const workshop = await createRegistryWorkshop();
const beganMs = performance.now();
let done = 0;
let acts = 0;
let requests = 0;
const property = fc.asyncProperty(schedules, async (schedule) => {
  const verdict = await runSchedule(workshop, schedule);
  done += 1;
  acts += verdict.acts;
  requests += verdict.requests;
  if (verdict.violations.length > 0) throw new Error(verdict.violations.slice(0, 10).join('\n'));
});
const details = await fc.check(property, {
  numRuns: runs,
  seed,
  endOnFailure: process.argv.includes('--no-shrink'),
  ...(Number.isFinite(minutes) ? { interruptAfterTimeLimit: minutes * 60_000 } : {}),
});
await workshop.close();
const tookS = (performance.now() - beganMs) / 1000;
process.stdout.write(`${JSON.stringify({ seed, schedules: done, acts, requests, seconds: Math.round(tookS), failed: details.failed })}\n`);
if (details.failed) {
  process.stdout.write(`${fc.defaultReportMessage(details) ?? ''}\n${String(details.errorInstance)}\n`);
  process.exitCode = 1;
}
