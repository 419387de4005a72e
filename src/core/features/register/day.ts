import type { RegisterRow } from '../../../shared/contract/register.ts';
import { startOfCivilDateAtMs } from '../../../shared/language/dates.ts';
import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { decideDocuments, isRegisterAct, type RegisterAct } from '../../../shared/rules/day-register.ts';
import { contractFormOf } from '../../../shared/rules/application-states.ts';
import { listRequiredDocuments } from '../../../shared/rules/document-matrix.ts';
import type { Reader } from '../../storage/database.ts';
import { listActsBetween, type StoredAct } from '../../storage/repositories/act-repository.ts';
import { listDayCases } from '../../storage/repositories/day-repository.ts';
import { listReviewsOf } from '../../storage/repositories/review-repository.ts';
import { maskName, type ApplicationContext } from '../application/index.ts';

export interface RegisterDay {
  readonly on: string;
  readonly rows: RegisterRow[];
  readonly counts: Record<string, number>;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The acts of the whole office on that Baku day, as this desk knows them, by the clock of the desk that did them. Source: R-31 */
export function listDay(context: ApplicationContext, db: Reader, on: string): RegisterDay {
  const rows = rowsOf(context, db, listActsOf(db, on).filter(isOfRegister));
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
  const everything = listActsOf(context.desk.db, on);
  const acts = everything.filter(isOfRegister);
  const here = new Map<string, number>();
  for (const { act } of acts) here.set(act, (here.get(act) ?? 0) + 1);
  const kinds = [...new Set([...here.keys(), ...Object.keys(there.value.counts)])].filter(isRegisterAct).sort();
  // The registry also counts remarks, which stand in no line here.
  const known = new Set(everything.map(({ commandId }) => commandId));
  const registered = new Set(there.value.commandIds);
  return succeed({
    atMs: context.desk.clock.nowMs(),
    lines: kinds.map((kind) => ({ kind, here: here.get(kind) ?? 0, registry: there.value.counts[kind] ?? 0 })),
    onlyHere: acts.map(({ commandId }) => commandId).filter((commandId) => !registered.has(commandId)),
    onlyThere: there.value.commandIds.filter((commandId) => !known.has(commandId)),
  });
}

function listActsOf(db: Reader, on: string): StoredAct[] {
  const fromMs = startOfCivilDateAtMs(on);
  return listActsBetween(db, fromMs, fromMs + dayMs);
}

function isOfRegister({ act }: StoredAct): boolean {
  return isRegisterAct(act);
}

/** The lines of these acts. What they say of their cases is read for all of them at once; papers and scans only where an act needs them. */
export function rowsOf(context: ApplicationContext, db: Reader, acts: readonly StoredAct[]): RegisterRow[] {
  const cases = listDayCases(
    db,
    acts.map(({ applicationId }) => applicationId),
  );
  const reviews = listReviewsOf(
    db,
    acts.map(({ commandId }) => commandId),
  );
  return acts.map((act) => {
    const ofCase = cases.get(act.applicationId);
    const review = reviews.get(act.commandId);
    return {
      commandId: act.commandId,
      applicationId: act.applicationId,
      kind: act.act,
      atMs: act.atMs,
      personMasked: ofCase === undefined ? '' : maskName(ofCase.data.person),
      serials: [...(ofCase?.serials ?? [])],
      operatorName: act.operatorName,
      deskId: act.deskId,
      documents: ofCase === undefined ? 'not_needed' : documentsOf(context, db, act, ofCase.data),
      sync: act.sync,
      review: review?.review ?? 'none',
      reviewReason: review?.reason ?? '',
    };
  });
}

/** Whether the papers that the act leaves behind are there, printed or scanned. Source: R-31, COM-10; ADR 0012 */
function documentsOf(context: ApplicationContext, db: Reader, act: StoredAct, data: ApplicationData): RegisterRow['documents'] {
  const { act: kind, applicationId, deskId } = act;
  if (!isRegisterAct(kind)) return 'not_needed';
  const expectedDocuments = expectedOf(kind, data);
  // Papers and scans stay at their desk; all of these acts but the refusal cannot be done without them.
  const isOwn = deskId === context.desk.identity.deskId || kind === 'application.refuse';
  const presentDocuments = expectedDocuments.length === 0 ? [] : isOwn ? listPresent(context, db, applicationId) : expectedDocuments;
  return decideDocuments({ kind, expectedDocuments, presentDocuments });
}

function listPresent({ papers, scans }: ApplicationContext, db: Reader, applicationId: string): string[] {
  const printed = papers.listOfApplication(db, applicationId).filter(({ state }) => state === 'printed');
  return [...printed.map(({ form }) => form), ...scans.listOfApplication(db, applicationId).map(({ document }) => document)];
}

function expectedOf(kind: RegisterAct, data: ApplicationData): string[] {
  const scans = () => [
    ...listRequiredDocuments(data)
      .map(({ code }): string => code)
      .filter((code) => code !== 'D-10'),
    'contract',
  ];
  switch (kind) {
    case 'application.sign_contract':
      return [contractFormOf(data.carrier.kind)];
    case 'application.hand_over':
      return ['appendix-10'];
    case 'application.enter_scans':
      // Of a card the first set has no contract yet.
      return scans().filter((document) => document !== 'contract' || data.carrier.kind === 'sim');
    case 'application.archive':
      return scans();
    case 'application.refuse':
      return ['F-36'];
    default:
      return [];
  }
}
