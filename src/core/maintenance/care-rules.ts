import { civilDateAt, startOfCivilDateAtMs } from '../../shared/language/dates.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Nobody works then; a desk that is off catches up at its next start. */
export const careHour = 2;
const fullCheckEveryMs = 7 * dayMs;
const drillEveryMs = 30 * dayMs;
export const retryAfterMs = hourMs;

/** When each kind was last done well; null = never. */
export interface CareHistory {
  readonly backupAtMs: number | null;
  readonly checkAtMs: number | null;
  readonly fullCheckAtMs: number | null;
  readonly drillAtMs: number | null;
}
export type CareStep = 'check' | 'full_check' | 'backup' | 'drill';

/** The newest two o'clock at night, Baku time, that has passed. */
export function lastCareMomentMs(nowMs: number): number {
  const today = startOfCivilDateAtMs(civilDateAt(nowMs)) + careHour * hourMs;
  return today <= nowMs ? today : today - dayMs;
}

/**
 * What is due, in order: damage is looked for before a copy is made, and the copy is tried once a month. Done after the last two o'clock at night
 * is done; a clock that was set back (a last time in the future) makes it due again.
 */
export function listDueCare(nowMs: number, history: CareHistory): CareStep[] {
  const momentMs = lastCareMomentMs(nowMs);
  const isOld = (atMs: number | null, thanMs: number): boolean => atMs === null || atMs < thanMs || atMs > nowMs;
  const steps: CareStep[] = [];
  if (isOld(history.fullCheckAtMs, nowMs - fullCheckEveryMs)) steps.push('full_check');
  else if (isOld(history.checkAtMs, momentMs)) steps.push('check');
  if (isOld(history.backupAtMs, momentMs)) steps.push('backup');
  if (isOld(history.drillAtMs, nowMs - drillEveryMs)) steps.push('drill');
  return steps;
}

/** When something falls due next, if everything is done now. */
export function nextCareMomentMs(nowMs: number): number {
  return lastCareMomentMs(nowMs) + dayMs;
}
