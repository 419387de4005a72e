import type { PaperView } from '../../../shared/contract/paper.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { losesSignatures } from '../../../shared/rules/papers.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { Tx } from '../../storage/database.ts';
import { findApplication, updateApplication, type StoredApplication } from '../../storage/repositories/application-repository.ts';
import { findPaper, insertEvent, listPapersOfNumber, setState, voidDocument } from './ledger.ts';

export interface ConfirmPapers {
  readonly commandId: string;
  readonly paperIds: readonly string[];
  readonly verdict: 'good' | 'spoilt';
  readonly reason: string;
}

/**
 * What came out, as the registrar saw it. Good: the copy is printed. Spoilt, with a reason: the number is void and with it every copy, because
 * two copies of one contract must carry one number; both are prepared anew under the next one. Source: COM-08; ADR 0009
 */
export function confirmPapers(desk: Desk, actor: Actor, input: ConfirmPapers): Result<PaperView[], Failure> {
  const reason = input.reason.trim();
  if (input.verdict === 'spoilt' && reason === '') return fail('FIELDS_INVALID', { field: 'reason', code: 'REQUIRED' });
  const done = desk.acts.perform<string[]>({ commandId: input.commandId, operation: 'paper.confirm', actor, input: { ...input } }, (tx) => {
    const papers: PaperView[] = [];
    for (const paperId of new Set(input.paperIds)) {
      const paper = findPaper(tx, paperId);
      if (paper === undefined) return fail('NOT_FOUND');
      if (!isConfirmable(paper, input.verdict)) return fail('PAPER_STATE', { number: paper.number, state: paper.state });
      papers.push(paper);
    }
    const atMs = desk.clock.nowMs();
    const changed = new Map<string, PaperView>();
    const cleared: StoredApplication[] = [];
    for (const paper of papers) {
      if (input.verdict === 'good') {
        if (paper.state === 'printing') {
          setState(tx, paper.paperId, { state: 'printed', printer: paper.printer, printedAtMs: atMs, reason: '' });
          insertEvent(tx, {
            paperId: paper.paperId,
            atMs,
            event: 'printed',
            printer: paper.printer,
            operatorLogin: actor.login,
            reason: '',
          });
        }
        changed.set(paper.paperId, paper);
      } else {
        voidDocument(tx, paper.number, reason, atMs, actor.login);
        for (const copy of listPapersOfNumber(tx, paper.number)) changed.set(copy.paperId, copy);
        const unsigned = clearSignatures(tx, paper, atMs);
        if (unsigned !== null) cleared.push(unsigned);
      }
    }
    const numbers = [...new Set(papers.map((paper) => paper.number))].join(' ');
    return succeed({
      value: [...changed.keys()],
      audit: {
        act: 'paper.confirm',
        applicationId: papers[0]?.applicationId ?? '',
        detail: { verdict: input.verdict, numbers, copies: changed.size, signaturesCleared: cleared.length > 0 },
      },
      events: [
        ...[...changed.values()].map((paper) => ({
          type: 'paper.changed' as const,
          applicationId: paper.applicationId,
          paperId: paper.paperId,
        })),
        ...cleared.map(({ applicationId, state }) => ({ type: 'application.changed' as const, applicationId, state })),
      ],
    });
  });
  if (!done.ok) return done;
  return succeed(done.value.flatMap((paperId) => findPaper(desk.db, paperId) ?? []));
}

/** Both copies were signed under the void number: the next one is signed again by both, and the registry learns it with that number. */
function clearSignatures(tx: Tx, paper: PaperView, atMs: number): StoredApplication | null {
  const application = paper.applicationId === null ? undefined : findApplication(tx, paper.applicationId);
  if (application === undefined || !losesSignatures(paper.form, application.state)) return null;
  if (!application.isCentreSigned && !application.isApplicantSigned) return null;
  const unsigned = { ...application, isCentreSigned: false, isApplicantSigned: false, updatedAtMs: atMs };
  updateApplication(tx, unsigned);
  return unsigned;
}

/** A paper that was never sent cannot have come out well, and a void one is not judged again. */
function isConfirmable(paper: PaperView, verdict: ConfirmPapers['verdict']): boolean {
  if (paper.state === 'spoilt') return false;
  return verdict === 'spoilt' || paper.state !== 'prepared';
}
