import { createHash } from 'node:crypto';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { Spooler } from '../../documents/ports.ts';
import type { Reader } from '../../storage/database.ts';
import { findBytes, findPaper, insertEvent, setState } from './ledger.ts';
import type { PlannedPaper } from './models.ts';
import { isOutdated } from './prepare.ts';

/** How long the queue is watched after it took a job; a longer job is simply asked about. */
const watchMs = 120_000;

export interface PrintPapers {
  readonly commandId: string;
  readonly paperIds: readonly string[];
  readonly printer: string;
}

/** What the case says on a paper of its own now, or why the form cannot be made now. */
export type PlanAgain = (db: Reader, paper: PaperView & { readonly applicationId: string }) => Result<PlannedPaper, Failure>;

/**
 * Sends stored bytes to a queue. The rows say "printing" before the first byte leaves, so a crash in between leaves papers that are asked about
 * and never one that came out unknown; a queue that refuses puts its papers back to "prepared". Source: COM-08; ADR 0009
 */
export async function printPapers(
  desk: Desk,
  spooler: Spooler,
  actor: Actor,
  input: PrintPapers,
  plan: PlanAgain,
): Promise<Result<PaperView[], Failure>> {
  const { printer } = input;
  const run = { isFirst: false };
  const paperIds = [...new Set(input.paperIds)];
  const started = desk.acts.perform<string[]>(
    { commandId: input.commandId, operation: 'paper.print', actor, input: { ...input } },
    (tx) => {
      const papers: PaperView[] = [];
      for (const paperId of paperIds) {
        const paper = findPaper(tx, paperId);
        if (paper === undefined) return fail('NOT_FOUND');
        if (paper.state !== 'prepared') return fail('PAPER_STATE', { number: paper.number, state: paper.state });
        const reason = findStop(tx, paper, plan);
        if (reason !== null) return fail('PAPER_STATE', { number: paper.number, state: paper.state, reason });
        papers.push(paper);
      }
      run.isFirst = true;
      const atMs = desk.clock.nowMs();
      for (const paper of papers) {
        setState(tx, paper.paperId, { state: 'printing', printer, printedAtMs: null, reason: '' });
        insertEvent(tx, { paperId: paper.paperId, atMs, event: 'sent', printer, operatorLogin: actor.login, reason: '' });
      }
      const applicationId = papers[0]?.applicationId ?? '';
      const numbers = papers.map((paper) => `${paper.number}/${paper.copy}`).join(' ');
      return succeed({
        value: paperIds,
        audit: { act: 'paper.print', applicationId, detail: { papers: numbers } },
        events: papers.map((paper) => ({ type: 'paper.changed' as const, applicationId: paper.applicationId, paperId: paper.paperId })),
      });
    },
  );
  if (!started.ok) return started;
  if (!run.isFirst) return succeed(viewsOf(desk, paperIds));

  for (const [index, paperId] of paperIds.entries()) {
    const sent = await send(desk, spooler, actor, paperId, printer);
    if (sent.ok) continue;
    takeBack(desk, actor, input.commandId, paperIds.slice(index), printer, sent.failure.code);
    return sent;
  }
  return succeed(viewsOf(desk, paperIds));
}

/** Why a prepared paper may not leave the desk any more: its case ended or moved back, or says something else by now. */
function findStop(db: Reader, paper: PaperView, plan: PlanAgain): string | null {
  const { applicationId } = paper;
  // The day's list says what the day was when it was made, with the time on it.
  if (applicationId === null) return null;
  const planned = plan(db, { ...paper, applicationId });
  if (!planned.ok) return String(planned.failure.params?.['reason'] ?? 'STATE');
  return isOutdated(db, paper, planned.value) ? 'DATA_CHANGED' : null;
}

async function send(desk: Desk, spooler: Spooler, actor: Actor, paperId: string, printer: string): Promise<Result<null, Failure>> {
  const paper = findPaper(desk.db, paperId);
  const bytes = findBytes(desk.db, paperId);
  if (paper === undefined || bytes === undefined) return fail('NOT_FOUND');
  // Somebody judged it while an earlier paper was on its way: a void one does not come out after all.
  if (paper.state !== 'printing') return fail('PAPER_STATE', { number: paper.number, state: paper.state });
  // What is printed is what was stored and audited, to the byte.
  if (createHash('sha256').update(bytes).digest('hex') !== paper.sha256) return fail('STORAGE_FAILED');
  const job = await spooler.submit(bytes, { printer, jobName: `${paper.number}-${paper.copy}`, copies: 1 });
  if (!job.ok) return job;
  void spooler.watch(job.value.jobRef, watchMs).then(
    (outcome) => {
      if (outcome.state === 'failed') noteQueueFailure(desk, actor, paperId, printer, outcome.reason);
    },
    () => undefined,
  );
  return succeed(null);
}

/**
 * Nothing was queued: the papers that nobody has judged meanwhile are as they were before, and the ledger keeps the attempt. The command goes
 * out of memory with it, because what it had promised did not happen: a retry under the same id, at this printer or another, is done and not
 * answered from memory.
 */
function takeBack(desk: Desk, actor: Actor, commandId: string, sent: readonly string[], printer: string, code: string): void {
  desk.acts.record(actor, (tx) => {
    const atMs = desk.clock.nowMs();
    const paperIds = sent.filter((paperId) => findPaper(tx, paperId)?.state === 'printing');
    tx.run('DELETE FROM remembered_commands WHERE command_id = @commandId', { commandId });
    for (const paperId of paperIds) {
      setState(tx, paperId, { state: 'prepared', printer: '', printedAtMs: null, reason: '' });
      insertEvent(tx, { paperId, atMs, event: 'refused', printer, operatorLogin: actor.login, reason: code });
    }
    return {
      value: null,
      audit: { act: 'paper.print_failed', detail: { code, papers: paperIds.length } },
      events: paperIds.map((paperId) => ({
        type: 'paper.changed' as const,
        applicationId: findPaper(tx, paperId)?.applicationId ?? null,
        paperId,
      })),
    };
  });
}

/** The queue gave the job up. Half a page may lie in the tray, so the state stays and the person is asked. */
function noteQueueFailure(desk: Desk, actor: Actor, paperId: string, printer: string, reason: string): void {
  const paper = findPaper(desk.db, paperId);
  if (paper?.state !== 'printing') return;
  desk.acts.record(actor, (tx) => {
    setState(tx, paperId, { state: 'printing', printer, printedAtMs: null, reason: 'queue_failed' });
    insertEvent(tx, {
      paperId,
      atMs: desk.clock.nowMs(),
      event: 'queue_failed',
      printer,
      operatorLogin: actor.login,
      reason: reason.slice(0, 200),
    });
    return {
      value: null,
      audit: { act: 'paper.queue_failed', detail: { paper: `${paper.number}/${paper.copy}` } },
      events: [{ type: 'paper.changed' as const, applicationId: paper.applicationId, paperId }],
    };
  });
}

export function viewsOf(desk: Desk, paperIds: readonly string[]): PaperView[] {
  return paperIds.flatMap((paperId) => findPaper(desk.db, paperId) ?? []);
}
