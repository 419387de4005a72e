import type { PackageView, ReadyOffice } from '../../../shared/contract/dispatch.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import type { PackageEntity } from '../../../shared/registry-api/card-entities.ts';
import type { Desk } from '../../desk.ts';
import type { Reader } from '../../storage/database.ts';
import {
  countPackages,
  findCardRequest,
  listCardRequests,
  type StoredPackage,
} from '../../storage/repositories/card-request-repository.ts';
import { listRuns, listRunsOfPackage, type StoredRun } from '../../storage/repositories/production-repository.ts';
import type { PackagePapers } from './ports.ts';

/** Matched cards that are in no package yet, by office; an office with spoilt cards only stands too, so that none is forgotten. Source: PRS-10 */
export function listReady(db: Reader): ReadyOffice[] {
  const offices = new Map<string, ReadyOffice>();
  const officeOf = (run: StoredRun): ReadyOffice | undefined => {
    const stored = findCardRequest(db, run.applicationId);
    if (stored === undefined) return undefined;
    const { officeId, officeName } = stored.request;
    const office = offices.get(officeId) ?? { officeId, officeName, cards: [], spoilt: [] };
    offices.set(officeId, office);
    return office;
  };
  for (const run of listRuns(db, 'made')) {
    if (run.matchedAtMs === null || run.packageNumber !== '') continue;
    const stored = findCardRequest(db, run.applicationId);
    if (stored === undefined) continue;
    officeOf(run)?.cards.push({
      runId: run.runId,
      applicationId: run.applicationId,
      cardSerial: run.cardSerial,
      envelopeNumber: run.envelopeNumber,
      holderName: stored.holderName,
      dueAtMs: stored.request.dueAtMs,
    });
  }
  for (const run of listRuns(db, 'spoilt')) {
    if (run.packageNumber === '') officeOf(run)?.spoilt.push({ serial: run.cardSerial, reason: run.spoilReason });
  }
  return [...offices.values()].sort((one, other) => (one.officeName < other.officeName ? -1 : 1));
}

/** Who gets the package: the office's name as the requests carry it. */
export function officeNameOf(db: Reader, officeId: string): string | undefined {
  return listCardRequests(db).find(({ request }) => request.officeId === officeId)?.request.officeName;
}

/** `BAK1-P26-0001`: of this office and year, one after the other. */
export function nextPackageNumber(desk: Pick<Desk, 'identity' | 'clock'>, db: Reader): string {
  const year = civilDateAt(desk.clock.nowMs()).slice(2, 4);
  const prefix = `${desk.identity.officeCode}-P${year}-${desk.identity.deskCode}`;
  return `${prefix}${String(countPackages(db, prefix) + 1).padStart(4, '0')}`;
}

export function packageViewOf(db: Reader, { entity }: StoredPackage, papers: PackagePapers, officeId: string): PackageView {
  const runs = listRunsOfPackage(db, entity.packageNumber);
  const nameOf = (applicationId: string): string => findCardRequest(db, applicationId)?.holderName ?? '';
  return {
    packageNumber: entity.packageNumber,
    state: entity.state,
    isHere: entity.fromOfficeId === officeId,
    toOfficeName: entity.toOfficeName,
    cards: entity.items.map(({ id, cardSerial, envelopeNumber }) => ({ cardSerial, envelopeNumber, holderName: nameOf(id) })),
    spoilt: spoiltOf(runs),
    courierName: entity.courierName,
    courierFin: entity.courierFin,
    registerNumber: entity.registerNumber,
    preparedAtMs: entity.preparedAtMs,
    dispatchedAtMs: entity.dispatchedAtMs,
    papers: [...papers.listOwn(db, 'F-25', entity.packageNumber), ...papers.listOwn(db, 'F-24', entity.packageNumber)],
  };
}

export function spoiltOf(runs: readonly StoredRun[]): { serial: string; reason: string }[] {
  return runs.filter(({ state }) => state === 'spoilt').map(({ cardSerial, spoilReason }) => ({ serial: cardSerial, reason: spoilReason }));
}

/** A package as this desk makes it, before the registry has heard of it. */
export function newPackage(
  desk: Pick<Desk, 'identity' | 'clock'>,
  made: {
    readonly packageNumber: string;
    readonly toOfficeId: string;
    readonly toOfficeName: string;
    readonly items: PackageEntity['items'];
  },
): PackageEntity {
  return {
    ...made,
    purpose: 'cards',
    state: 'PREPARED',
    fromOfficeId: desk.identity.officeId,
    fromOfficeName: desk.identity.officeName,
    courierName: '',
    courierFin: '',
    registerNumber: '',
    actNumber: '',
    isDamaged: false,
    counts: null,
    preparedAtMs: desk.clock.nowMs(),
    dispatchedAtMs: null,
    arrivedAtMs: null,
    endedAtMs: null,
    acts: [],
  };
}
