import type { Clock } from '../../src/shared/platform/ports.ts';

/** A clock that moves only when told; timers run in order of their time. */
export interface TestClock extends Clock {
  /** Moves forward, running what falls due, and lets promises settle between timers. */
  advance(byMs: number): Promise<void>;
  /** Jumps the device clock without time passing. */
  jumpTo(atMs: number): void;
  nextTimerInMs(): number | null;
}

/** 22 June 2026 09:00 in Baku. */
export const testStartMs = Date.UTC(2026, 5, 22, 5, 0, 0);

export function createTestClock(startMs: number = testStartMs): TestClock {
  let monotonicMs = 1000;
  let offsetMs = startMs - monotonicMs;
  let nextId = 1;
  const timers = new Map<number, { readonly dueMs: number; readonly run: () => void }>();
  const nextTimer = (): [number, { readonly dueMs: number; readonly run: () => void }] | undefined =>
    [...timers].sort(([leftId, left], [rightId, right]) => left.dueMs - right.dueMs || leftId - rightId)[0];
  return {
    nowMs: () => Math.round(offsetMs + monotonicMs),
    monotonicMs: () => monotonicMs,
    schedule(delayMs, run) {
      const id = nextId++;
      timers.set(id, { dueMs: monotonicMs + Math.max(0, delayMs), run });
      return () => void timers.delete(id);
    },
    async advance(byMs) {
      const untilMs = monotonicMs + byMs;
      await settle();
      for (let next = nextTimer(); next !== undefined && next[1].dueMs <= untilMs; next = nextTimer()) {
        timers.delete(next[0]);
        monotonicMs = Math.max(monotonicMs, next[1].dueMs);
        next[1].run();
        await settle();
      }
      monotonicMs = untilMs;
      await settle();
    },
    jumpTo(atMs) {
      offsetMs = atMs - monotonicMs;
    },
    nextTimerInMs: () => {
      const next = nextTimer();
      return next === undefined ? null : next[1].dueMs - monotonicMs;
    },
  };
}

/** Lets every promise that can settle do so; no time passes. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
