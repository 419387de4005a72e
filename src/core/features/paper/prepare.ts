import { createHash } from 'node:crypto';
import type { PaperView } from '../../../shared/contract/paper.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { PaperForm } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { PaperWorker, RenderedPaper } from '../../documents/ports.ts';
import type { Reader } from '../../storage/database.ts';
import {
  findOpenDocument,
  insertDocument,
  listPapersOfNumber,
  nextNumber,
  voidDocument,
  type OpenDocument,
  type PaperKey,
} from './ledger.ts';
import { contentKeyOf, modelOf, type PlannedPaper } from './models.ts';

export interface PreparePaper {
  readonly commandId: string;
  readonly operation: string;
  readonly input: unknown;
  readonly actor: Actor;
  readonly key: PaperKey;
  /** Read again inside the transaction: what is printed is what the case says when the number is taken. */
  plan(db: Reader): Result<PlannedPaper, Failure>;
}

/**
 * Makes a numbered document with all its copies. The PDF is made first, for the number that would be next, and then number, ledger rows, bytes
 * and audit are written in one transaction that checks that number and content are still the same; if not, it is made again. So a number is
 * never taken for a paper that does not exist, and a failing paper process leaves no gap. Calls are taken one after the other.
 * Source: SIM-12, SIM-15, SIM-17; ADR 0009
 */
export function createPreparation(desk: Desk, worker: PaperWorker): (request: PreparePaper) => Promise<Result<PaperView[], Failure>> {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const run = last.then(() => prepare(desk, worker, request));
    last = run.catch(() => undefined);
    return run;
  };
}

const maxTries = 3;

async function prepare(desk: Desk, worker: PaperWorker, request: PreparePaper): Promise<Result<PaperView[], Failure>> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const draft = await draftOf(desk, worker, request);
    if (!draft.ok) return draft;
    const written = write(desk, request, draft.value);
    if (!written.ok) return written;
    if (written.value !== '') return succeed(listPapersOfNumber(desk.db, written.value));
  }
  return fail('CONFLICT', {}, true);
}

interface Draft {
  /** The document that is already there and stays valid, or null when a new one is to be written. */
  readonly existing: string | null;
  readonly number: string;
  readonly contentKey: string;
  readonly atMs: number;
  readonly copies: readonly RenderedPaper[];
}

async function draftOf(desk: Desk, worker: PaperWorker, request: PreparePaper): Promise<Result<Draft, Failure>> {
  const plan = request.plan(desk.db);
  if (!plan.ok) return plan;
  const atMs = desk.clock.nowMs();
  const contentKey = hashOf(contentKeyOf(plan.value.content));
  const open = findOpenDocument(desk.db, request.key);
  const { number } = nextNumber(desk.db, desk.identity, yearOf(atMs));
  if (open !== undefined && isKept(desk.db, open, contentKey, request.key.form))
    return succeed({ existing: open.number, number, contentKey, atMs, copies: [] });
  const copies: RenderedPaper[] = [];
  for (let copy = 1; copy <= plan.value.copies; copy += 1) {
    const { officeName, deskId, mode } = desk.identity;
    const head = {
      number,
      copy,
      copies: plan.value.copies,
      preparedAtMs: atMs,
      officeName,
      deskId,
      operatorName: request.actor.fullName,
      isTraining: mode === 'training',
    };
    const rendered = await worker.render(modelOf(plan.value.content, head));
    if (!rendered.ok) return rendered;
    copies.push(rendered.value);
  }
  return succeed({ existing: null, number, contentKey, atMs, copies });
}

/** Answers the number that now stands, or nothing when number or content moved on in between. */
function write(desk: Desk, request: PreparePaper, draft: Draft): Result<string, Failure> {
  const moved = 'MOVED';
  const answer = desk.acts.perform<string>(request, (tx) => {
    const plan = request.plan(tx);
    if (!plan.ok) return plan;
    const open = findOpenDocument(tx, request.key);
    const kept = open !== undefined && isKept(tx, open, draft.contentKey, request.key.form) ? open.number : null;
    const next = nextNumber(tx, desk.identity, yearOf(draft.atMs));
    const isSame = kept === draft.existing && next.number === draft.number && hashOf(contentKeyOf(plan.value.content)) === draft.contentKey;
    if (!isSame) return fail(moved);
    const applicationId = request.key.applicationId ?? '';
    const audit = { act: request.operation, applicationId };
    if (kept !== null) return succeed({ value: kept, audit: { ...audit, detail: { form: request.key.form, number: kept, isNew: false } } });
    // No longer true, and not kept: it is replaced without being asked about.
    const reason = open?.contentKey === draft.contentKey ? 'printed_again' : 'data_changed';
    if (open !== undefined) voidDocument(tx, open.number, reason, draft.atMs, request.actor.login);
    const copies = draft.copies.map((rendered) => ({ paperId: desk.random.uuid(), rendered }));
    insertDocument(tx, desk.identity, {
      ...request.key,
      number: next.number,
      sequence: next.sequence,
      year: yearOf(draft.atMs),
      contentKey: draft.contentKey,
      atMs: draft.atMs,
      operatorLogin: request.actor.login,
      copies,
    });
    const hashes = Object.fromEntries(copies.map(({ rendered }, index) => [`sha256Copy${index + 1}`, rendered.sha256]));
    return succeed({
      value: next.number,
      audit: { ...audit, detail: { form: request.key.form, number: next.number, isNew: true, copies: copies.length, ...hashes } },
      events: copies.map(({ paperId }) => ({ type: 'paper.changed' as const, applicationId: request.key.applicationId, paperId })),
    });
  });
  return !answer.ok && answer.failure.code === moved ? succeed('') : answer;
}

/**
 * A document stays as long as it says what the case says, or somebody may hold it in his hand. The day's list grows all day and belongs to
 * nobody: once it came out, a later print makes a new one, and one that is in the printer now waits for its answer.
 */
function isKept(db: Reader, open: OpenDocument, contentKey: string, form: PaperForm): boolean {
  const states = listPapersOfNumber(db, open.number).map(({ state }) => state);
  if (form === 'day-register') return states.includes('printing') || (open.contentKey === contentKey && !states.includes('printed'));
  return open.contentKey === contentKey || states.some((state) => state !== 'prepared');
}

/** Nobody holds it, and the case says something else by now: it is not printed but prepared anew. */
export function isOutdated(db: Reader, paper: PaperView, planned: PlannedPaper): boolean {
  const open = findOpenDocument(db, paper);
  return open?.number !== paper.number || !isKept(db, open, hashOf(contentKeyOf(planned.content)), paper.form);
}

function yearOf(atMs: number): number {
  return Number(civilDateAt(atMs).slice(0, 4));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
