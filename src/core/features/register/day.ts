import type { RegisterRow } from '../../../shared/contract/register.ts';
import { startOfCivilDateAtMs } from '../../../shared/language/dates.ts';
import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { decideDocuments, isRegisterAct, type RegisterAct } from '../../../shared/rules/day-register.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import type { Reader } from '../../storage/database.ts';
import { listActsBetween, type StoredAct } from '../../storage/repositories/act-repository.ts';
import { findReview } from '../../storage/repositories/review-repository.ts';
import { findCase, maskName, type ApplicationContext, type LoadedCase } from '../application/index.ts';

export interface RegisterDay {
  readonly on: string;
  readonly rows: RegisterRow[];
  readonly counts: Record<string, number>;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The acts of the whole office on that Baku day, as this desk knows them, by the clock of the desk that did them. Source: R-31 */
export function listDay(context: ApplicationContext, db: Reader, on: string): RegisterDay {
  const rows = listActsOf(db, on).map((act) => rowOf(context, db, act));
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.kind] = (counts[row.kind] ?? 0) + 1;
  return { on, rows, counts };
}

export interface DayComparison {
  readonly atMs: number;
  readonly lines: { kind: string; here: number; registry: number }[];
  readonly onlyHere: string[];
  readonly onlyThere: string[];
}

/** The registry's count of the same day beside ours; every act that only one side has is named. */
export async function compareDay(context: ApplicationContext, on: string): Promise<Result<DayComparison, Failure>> {
  const there = await context.desk.registry.dayCounts(on);
  if (!there.ok) return there;
  const acts = listActsOf(context.desk.db, on);
  const here = new Map<string, number>();
  for (const { act } of acts) here.set(act, (here.get(act) ?? 0) + 1);
  const kinds = [...new Set([...here.keys(), ...Object.keys(there.value.counts)])].filter(isRegisterAct).sort();
  const known = new Set(acts.map(({ commandId }) => commandId));
  // The registry also counts remarks and operator acts, which stand in no line here.
  const remarks = new Set(listOtherActs(context.desk.db, on));
  const registered = new Set(there.value.commandIds);
  return succeed({
    atMs: context.desk.clock.nowMs(),
    lines: kinds.map((kind) => ({ kind, here: here.get(kind) ?? 0, registry: there.value.counts[kind] ?? 0 })),
    onlyHere: acts.map(({ commandId }) => commandId).filter((commandId) => !registered.has(commandId)),
    onlyThere: there.value.commandIds.filter((commandId) => !known.has(commandId) && !remarks.has(commandId)),
  });
}

function listActsOf(db: Reader, on: string): StoredAct[] {
  const fromMs = startOfCivilDateAtMs(on);
  return listActsBetween(db, fromMs, fromMs + dayMs).filter(({ act }) => isRegisterAct(act));
}

function listOtherActs(db: Reader, on: string): string[] {
  const fromMs = startOfCivilDateAtMs(on);
  return listActsBetween(db, fromMs, fromMs + dayMs)
    .filter(({ act }) => !isRegisterAct(act))
    .map(({ commandId }) => commandId);
}

export function rowOf(context: ApplicationContext, db: Reader, act: StoredAct): RegisterRow {
  const loaded = findCase(context, db, act.applicationId);
  const review = findReview(db, act.commandId);
  return {
    commandId: act.commandId,
    applicationId: act.applicationId,
    kind: act.act,
    atMs: act.atMs,
    personMasked: loaded === undefined ? '' : maskName(loaded.application.data.person),
    serials: loaded === undefined ? [] : loaded.certificates.map(({ serial }) => serial),
    operatorName: act.operatorName,
    deskId: act.deskId,
    documents: loaded !== undefined && isRegisterAct(act.act) ? documentsOf(act.act, loaded) : 'not_needed',
    sync: act.sync,
    review: review?.review ?? 'none',
    reviewReason: review?.reason ?? '',
  };
}

/** Whether the papers that the act leaves behind are there, printed or scanned. Source: R-31, COM-10 */
function documentsOf(kind: RegisterAct, loaded: LoadedCase): RegisterRow['documents'] {
  const printed = loaded.papers.filter(({ state }) => state === 'printed').map(({ form }): string => form);
  const scanned = loaded.scans.map(({ document }) => document);
  return decideDocuments({ kind, expectedDocuments: expectedOf(kind, loaded), presentDocuments: [...printed, ...scanned] });
}

function expectedOf(kind: RegisterAct, loaded: LoadedCase): string[] {
  const scans = () => [
    ...listRequiredDocuments(loaded.application.data)
      .map(({ code }): string => code)
      .filter((code) => code !== 'D-10'),
    'contract',
  ];
  switch (kind) {
    case 'application.sign_contract':
      return ['appendix-5'];
    case 'application.hand_over':
      return ['appendix-10'];
    case 'application.enter_scans':
    case 'application.archive':
      return scans();
    case 'application.refuse':
      return ['F-36'];
    default:
      return [];
  }
}
