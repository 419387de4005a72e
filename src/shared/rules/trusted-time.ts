import type { CommandKind } from '../registry-api/envelope.ts';

/**
 * What a desk may believe of its own clock. Order never rests on it: places in the queue, the audit chain and the registry's positions do that.
 * Source: sync-and-reliability (b1, F-19); ADR-0006
 */
export interface ClockEstimate {
  /** The registry's clock minus ours. */
  readonly offsetMs: number;
  /** The truth lies within so much of it; null when nothing was measured since the program started. */
  readonly errorMs: number | null;
}

/** A measured offset and when it was measured, on the monotonic clock. */
export interface ClockMeasurement {
  readonly offsetMs: number;
  readonly errorMs: number;
  readonly atMonoMs: number;
}

/** The registry stamped its answer somewhere between the sending and the receipt: the middle is the estimate, half the way the error. */
export function measureOffset(exchange: {
  readonly sentMonoMs: number;
  readonly receivedMonoMs: number;
  readonly receivedWallMs: number;
  readonly serverMs: number;
}): ClockMeasurement {
  const wayMs = Math.max(0, exchange.receivedMonoMs - exchange.sentMonoMs);
  return {
    offsetMs: Math.round(exchange.serverMs + wayMs / 2 - exchange.receivedWallMs),
    errorMs: Math.ceil(wayMs / 2),
    atMonoMs: exchange.receivedMonoMs,
  };
}

/** Quartz of an office computer: 200 parts in a million. */
const driftShare = 0.0002;

export function errorNowMs(measured: ClockMeasurement, nowMonoMs: number): number {
  return Math.ceil(measured.errorMs + Math.max(0, nowMonoMs - measured.atMonoMs) * driftShare);
}

/** The one of two that says more now. */
export function betterMeasurement(known: ClockMeasurement | null, next: ClockMeasurement): ClockMeasurement {
  return known === null || next.errorMs <= errorNowMs(known, next.atMonoMs) ? next : known;
}

export const clockEventKinds = ['jump_back', 'jump_forward', 'slept', 'drift'] as const;
export type ClockEventKind = (typeof clockEventKinds)[number];

export interface ClockReading {
  readonly wallMs: number;
  readonly monoMs: number;
}

/** Corrections of a time service are smaller. */
const smallestJumpMs = 2000;

/**
 * How far the device clock moved beyond the time that passed; 0 when it did not jump. Forward it may also have been a sleep of the computer,
 * during which the monotonic clock stands: only the registry's time tells the two apart.
 */
export function findJumpMs(before: ClockReading, now: ClockReading): number {
  const passedMs = Math.max(0, now.monoMs - before.monoMs);
  const byMs = now.wallMs - before.wallMs - passedMs;
  return Math.abs(byMs) > smallestJumpMs + passedMs * 0.001 ? Math.round(byMs) : 0;
}

/** Whether the offset measured after a gap shows that the clock is right, so that the computer had only slept. */
export function wasSleep(gapMs: number, before: ClockEstimate | null, after: ClockMeasurement): boolean {
  const expectedMs = before?.offsetMs ?? 0;
  return Math.abs(after.offsetMs - expectedMs) <= smallestJumpMs + (before?.errorMs ?? 0) + after.errorMs && gapMs > 0;
}

/** What such an estimate becomes when the clock jumps: backward the desk knows, forward it may have slept. */
export function afterJump(estimate: ClockEstimate | null, jumpMs: number): ClockEstimate {
  const offsetMs = (estimate?.offsetMs ?? 0) - (jumpMs < 0 ? jumpMs : 0);
  return { offsetMs, errorMs: (estimate?.errorMs ?? 60_000) + Math.max(0, jumpMs) };
}

/** Acts whose time is part of what they prove. Source: SIM-11, SIM-16, SIM-13, issue "Trusted time" */
export const exactTimeKinds: readonly CommandKind[] = [
  'application.send',
  'application.activate',
  'application.sign_contract',
  'application.hand_over',
];

export const longestDriftMs = 5 * 60 * 1000;

/** A drift that is certain, and certainly too large, refuses an act that needs the exact time; what is not known refuses nothing. */
export function isDriftTooLarge(estimate: ClockEstimate | null): boolean {
  return estimate?.errorMs != null && Math.abs(estimate.offsetMs) - estimate.errorMs > longestDriftMs;
}
