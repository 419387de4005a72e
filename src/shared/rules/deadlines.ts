import { civilDateAt, startOfCivilDateAtMs } from '../language/dates.ts';
import { addCivilDays } from '../language/civil-date.ts';
import { workingDayDueAtMs } from './working-days.ts';

/** Source: T-01, COM-15 */
export const checkingWorkingDays = 1;
/** Source: T-08, COM-11, C-22 */
export const archiveWorkingDays = 7;
/** Source: T-03, PKG-01, C-25 */
export const cardsWorkingDays = 1;
/** Source: T-05, PIN-11, C-25 */
export const pinCodesWorkingDays = 1;

const dayMs = 24 * 60 * 60 * 1000;
/** How long before its end a deadline asks for attention. Both end at midnight, so it is the last day, or the last two for the archive. */
const warningMs = { checking: dayMs, archive: 2 * dayMs, cards: dayMs, pin_papers: dayMs, pin_codes: dayMs } as const;
export type DeadlineKind = keyof typeof warningMs;

export type DeadlineState = 'ok' | 'soon' | 'breached';

/** The last moment in Baku by which a case filed now is checked and its certificate given. Source: T-01, COM-15 */
export function checkingDueAtMs(filedAtMs: number): number {
  return workingDayDueAtMs(filedAtMs, checkingWorkingDays);
}

/** The last moment in Baku by which documents entered now go to the archive. Source: T-08, COM-11, C-22 */
export function archiveDueAtMs(enteredAtMs: number): number {
  return workingDayDueAtMs(enteredAtMs, archiveWorkingDays);
}

/** The last moment in Baku by which the card of a request that reaches the centre now is with the courier. Source: T-03, PKG-01 */
export function cardsDueAtMs(reachedAtMs: number): number {
  return workingDayDueAtMs(reachedAtMs, cardsWorkingDays);
}

/** The last moment of the day in Baku on which a PIN request is filed: its papers leave for the centre by then. Source: T-04, PIN-10 */
export function pinPapersDueAtMs(filedAtMs: number): number {
  return startOfCivilDateAtMs(addCivilDays(civilDateAt(filedAtMs), 1)) - 1;
}

/** The last moment in Baku by which the new codes of a request that the centre receives now are ready. Source: T-05, PIN-11 */
export function pinCodesDueAtMs(receivedAtMs: number): number {
  return workingDayDueAtMs(receivedAtMs, pinCodesWorkingDays);
}

/** The due moment itself is still in time. Source: COM-15 */
export function decideDeadline(nowMs: number, dueMs: number, kind: DeadlineKind = 'checking'): DeadlineState {
  if (nowMs > dueMs) return 'breached';
  return dueMs - nowMs <= warningMs[kind] ? 'soon' : 'ok';
}

export type CaseDeadline = { readonly kind: DeadlineKind; readonly dueAtMs: number };

/**
 * The deadline that a case runs under now: T-01 until it is handed over, T-08 from the entry of its documents until it is archived,
 * none in between and none after its end.
 * Source: T-01, T-08
 */
export function findCaseDeadline(
  state: string,
  times: { readonly filedAtMs: number; readonly enteredAtMs: number | null },
): CaseDeadline | undefined {
  if (state === 'SCANNED') return times.enteredAtMs === null ? undefined : { kind: 'archive', dueAtMs: archiveDueAtMs(times.enteredAtMs) };
  const isOver = state === 'HANDED' || state === 'ARCHIVED' || state === 'REFUSED' || state === 'WITHDRAWN';
  return isOver ? undefined : { kind: 'checking', dueAtMs: checkingDueAtMs(times.filedAtMs) };
}
