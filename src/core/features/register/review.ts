import type { RegisterRow } from '../../../shared/contract/register.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { isRegisterAct } from '../../../shared/rules/day-register.ts';
import { civilDateAt } from '../../../shared/language/dates.ts';
import type { Call } from '../../desk.ts';
import { findAct, insertAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { findApplication, updateApplication } from '../../storage/repositories/application-repository.ts';
import { saveReview } from '../../storage/repositories/review-repository.ts';
import type { ApplicationContext } from '../application/index.ts';
import { rowsOf } from './day.ts';

export interface ReviewInput {
  readonly commandId: string;
  readonly actCommandId: string;
  readonly verdict: 'reviewed' | 'returned';
  readonly reason: string;
}

/** The supervisor's verdict stands beside the act and never changes it; a returned one lands in its registrar's list. Source: R-31 */
export function reviewAct(context: ApplicationContext, call: Call, input: ReviewInput): Result<RegisterRow, Failure> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const performed = desk.acts.perform({ commandId: input.commandId, operation: 'register.review', actor, input }, (tx) => {
    const act = findAct(tx, input.actCommandId);
    const application = act && findApplication(tx, act.applicationId);
    if (act === undefined || application === undefined || !isRegisterAct(act.act)) return fail('NOT_FOUND');
    const atMs = desk.clock.nowMs();
    const { applicationId } = application;
    const { actCommandId, verdict, reason } = input;
    saveReview(tx, { actCommandId, applicationId, review: verdict, reason, byLogin: actor.login, byName: actor.fullName, atMs });
    insertAct(tx, {
      commandId: input.commandId,
      applicationId,
      act: 'register.review',
      atMs,
      registryAtMs: null,
      operatorLogin: actor.login,
      operatorName: actor.fullName,
      deskId: desk.identity.deskId,
      sync: 'queued',
      note: null,
    });
    const wasReturned = application.returned?.actCommandId === actCommandId;
    const returned =
      verdict === 'returned' ? { reason, byName: actor.fullName, atMs, actCommandId } : wasReturned ? null : application.returned;
    updateApplication(tx, { ...application, returned, sync: summariseSync(tx, applicationId), updatedAtMs: atMs });
    return succeed({
      value: null,
      audit: { act: 'register.review', applicationId, detail: { verdict, actCommandId } },
      outbox: [
        {
          kind: 'register.review' as const,
          payload: { applicationId, actCommandId, verdict, reason },
          aggregate: { type: 'application' as const, key: applicationId },
          baseRev: application.rev,
          leaseToken: 0,
        },
      ],
      events: [
        { type: 'register.changed' as const, on: civilDateAt(act.atMs) },
        { type: 'application.changed' as const, applicationId, state: application.state },
      ],
    });
  });
  if (!performed.ok) return performed;
  const act = findAct(desk.db, input.actCommandId);
  const [row] = act === undefined ? [] : rowsOf(context, desk.db, [act]);
  return row === undefined ? fail('NOT_FOUND') : succeed(row);
}
