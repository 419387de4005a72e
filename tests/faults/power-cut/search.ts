import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkedDesk } from '../../support/worked-desk.ts';
import { seededFraction } from '../../support/counts.ts';
import { fates, type Fate } from './disk-states.ts';
import { listActs, type Truth } from './judge.ts';
import { writeFiles, type Recording } from './record.ts';
import type { DiskStep } from './syscall-trace.ts';

export interface PlannedState {
  readonly cut: number;
  readonly fate: Fate;
  readonly seed: number;
}
export interface StatesTask {
  readonly steps: readonly DiskStep[];
  readonly truth: Truth;
  /** By rising `cut`. */
  readonly plan: readonly PlannedState[];
  readonly folder: string;
  /** After so many violations there is nothing new to learn. */
  readonly enough: number;
}
export interface Found extends PlannedState {
  readonly violation: string;
  readonly files: readonly string[];
}
export interface Judged {
  readonly sums: string[];
  uncertain: number;
  tailsTold: number;
  unacknowledgedKept: number;
  readonly found: Found[];
}

/** Memory, where there is any: these states were never on a disk, and waiting for one proves nothing. */
export function makeStateFolder(): string {
  return mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'qeyd-power-cut-'));
}

/**
 * Which moments and which fates: the prefixes given, then random fates at random moments, half of them at those where the most is uncertain (just
 * before a sync).
 */
export function planStates(
  steps: readonly DiskStep[],
  counts: { readonly prefixes: number; readonly others: number; readonly seed: number },
): PlannedState[] {
  const random = seededFraction(counts.seed);
  const plan: PlannedState[] = [];
  const every = Math.max(1, steps.length / counts.prefixes);
  for (let cut = 0; cut < steps.length; cut += every)
    plan.push({ cut: Math.floor(cut) + 1, fate: 'prefix', seed: Math.floor(random() * 0x7fffffff) });
  const before = steps.flatMap((step, index) =>
    step.kind === 'sync' || step.kind === 'syncFolder' || step.kind === 'acked' ? [index] : [],
  );
  // Twice those with many outcomes at one moment.
  const others: readonly Fate[] = ['torn-512', 'dropped', 'reordered', ...fates.filter((fate) => fate !== 'prefix')];
  for (let n = 0; n < counts.others; n += 1) {
    const isBeforeSync = random() < 0.5;
    const cut = isBeforeSync ? (before[Math.floor(random() * before.length)] ?? 1) : 1 + Math.floor(random() * steps.length);
    plan.push({ cut, fate: others[n % others.length] ?? 'dropped', seed: Math.floor(random() * 0x7fffffff) });
  }
  return plan.sort((left, right) => left.cut - right.cut);
}

/** What was really done, read from the files as the kernel shows them at the end. */
export async function readTruth(recording: Recording): Promise<Truth> {
  const folder = makeStateFolder();
  writeFiles(folder, recording.files);
  const desk = await openWorkedDesk(path.join(folder, 'desk.db'), { freeAfterBackupBytes: 0 });
  try {
    return {
      acts: listActs(desk.db),
      hasRefusals: recording.steps.some((step) => (step.kind === 'sync' || step.kind === 'syncFolder') && !step.isDone),
    };
  } finally {
    desk.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Judges the states on so many processes. */
export async function judgeStates(
  recording: Recording,
  truth: Truth,
  plan: readonly PlannedState[],
  options: { readonly processes: number; readonly enough: number },
): Promise<Judged> {
  const parts = await Promise.all(
    Array.from({ length: options.processes }, async (_, part) => {
      const child = fork(path.join(import.meta.dirname, 'states-child.ts'), { serialization: 'advanced', execArgv: [] });
      const task: StatesTask = {
        steps: recording.steps,
        truth,
        plan: plan.filter((__, index) => index % options.processes === part),
        folder: makeStateFolder(),
        enough: options.enough,
      };
      const answered = once(child, 'message') as Promise<[Judged]>;
      const ended = once(child, 'exit').then(([code]) => {
        throw new Error(`A process that judges states ended with ${String(code)}`);
      });
      child.send(task);
      const [judged] = await Promise.race([answered, ended]);
      ended.catch(() => undefined);
      return judged;
    }),
  );
  return {
    sums: [...new Set(parts.flatMap(({ sums }) => sums))],
    uncertain: sum(parts.map(({ uncertain }) => uncertain)),
    tailsTold: sum(parts.map(({ tailsTold }) => tailsTold)),
    unacknowledgedKept: sum(parts.map(({ unacknowledgedKept }) => unacknowledgedKept)),
    found: parts.flatMap(({ found }) => found),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
