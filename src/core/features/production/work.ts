import type { BatchViewData, ProductionRow, RunView } from '../../../shared/contract/production.ts';
import { decideDeadline } from '../../../shared/rules/deadlines.ts';
import { mainSteps } from '../../../shared/rules/personalisation-journal.ts';
import type { BatchView, Personaliser } from '../../cards/production-ports.ts';
import type { Desk } from '../../desk.ts';
import type { Reader } from '../../storage/database.ts';
import { listCardRequests, type StoredCardRequest } from '../../storage/repositories/card-request-repository.ts';
import { findRunOfRequest, listSteps, meanWorkedMs, type StoredRun } from '../../storage/repositories/production-repository.ts';

/** What the centre has to make: every request of which its part is not over, unless its card is with the courier. Source: PRS-02, PRS-09 */
export function listWork(desk: Desk, personaliser: Pick<Personaliser, 'isRunning'>, db: Reader): ProductionRow[] {
  return listCardRequests(db)
    .filter(({ request }) => request.state === 'PERSONALISING')
    .map((stored) => rowOf(desk, personaliser, db, stored));
}

function rowOf(
  desk: Desk,
  personaliser: Pick<Personaliser, 'isRunning'>,
  db: Reader,
  { request, holderName }: StoredCardRequest,
): ProductionRow {
  const run = findRunOfRequest(db, request.applicationId);
  return {
    applicationId: request.applicationId,
    officeId: request.officeId,
    officeName: request.officeName,
    holderName,
    fin: request.fin,
    signingKind: request.signingKind,
    organisationName: request.organisation?.name ?? '',
    photo: request.photo,
    sinceMs: request.sinceMs,
    dueAtMs: request.dueAtMs,
    deadline: decideDeadline(desk.clock.nowMs(), request.dueAtMs, 'cards'),
    run: run === undefined ? null : runViewOf(db, run, personaliser.isRunning(run.runId)),
    spoiltCards: request.spoiltCards.map(({ serial, reason }) => ({ serial, reason })),
  };
}

export function runViewOf(db: Reader, run: StoredRun, isRunning: boolean): RunView {
  const steps = listSteps(db, run.runId);
  // What was done before the last wiping is done no more.
  const sinceWipe = steps.slice(
    Math.max(
      0,
      steps.findLastIndex(({ step, outcome }) => step === 'wipe' && outcome === 'begun'),
    ),
  );
  const done = new Set(sinceWipe.filter(({ outcome }) => outcome === 'done').map(({ step }) => step));
  if (steps.some(({ step, outcome }) => step === 'claim' && outcome === 'done')) done.add('claim');
  const last = steps.at(-1);
  return {
    runId: run.runId,
    cardSerial: run.cardSerial,
    envelopeNumber: run.envelopeNumber,
    state: run.state === 'made' ? 'made' : 'making',
    stepsDone: mainSteps.filter((step) => done.has(step)).length,
    stepCount: mainSteps.length,
    step: last?.step ?? null,
    code: last?.outcome === 'failed' ? last.code : '',
    isRunning,
    isMatched: run.matchedAtMs !== null,
    isFacePrinted: run.faceAtMs !== null,
    packageNumber: run.packageNumber,
  };
}

/** The mean of the cards made lately for each that waits, and for a first batch nothing. */
export function batchViewOf(db: Reader, batch: BatchView): BatchViewData {
  const waiting = batch.items.filter(({ state }) => state === 'waiting' || state === 'making').length;
  const mean = meanWorkedMs(db);
  const { prompt } = batch;
  return {
    batchId: batch.batchId,
    state: batch.state,
    beganAtMs: batch.beganAtMs,
    readerName: batch.readerName,
    items: [...batch.items],
    prompt:
      prompt.kind === 'refused'
        ? { kind: 'refused', failure: plain(prompt.failure) }
        : prompt.kind === 'decide'
          ? { ...prompt, failure: prompt.failure === null ? null : plain(prompt.failure) }
          : prompt,
    remainingMs: mean === null ? null : Math.round(mean * waiting),
  };
}

function plain({ code, params = {} }: { readonly code: string; readonly params?: Readonly<Record<string, string | number>> }) {
  return { code, params: { ...params } };
}
