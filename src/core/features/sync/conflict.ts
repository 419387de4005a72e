import type { syncContract } from '../../../shared/contract/sync.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { CommandDraft } from '../../act/act.ts';
import { classOfKind, conflictChoices, decideChoice, type ChoiceStop, type ConflictChoice } from '../../../shared/rules/conflict.ts';
import { mayActOnQueue } from '../../../shared/rules/queue-acts.ts';
import type { Call, Desk } from '../../desk.ts';
import type { OperationOutput } from '../../rpc/handlers.ts';
import { insertAct, settleAct, summariseSync } from '../../storage/repositories/act-repository.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import { findOperatorByLogin } from '../../storage/repositories/operator-repository.ts';
import type { Reader, Tx } from '../../storage/database.ts';
import type { ConflictPort, StoredConflict } from './ports.ts';

type ConflictView = OperationOutput<typeof syncContract.conflict>;

/** Both sides of one conflict: who, when, what, and what each answer would do. Source: sync-and-reliability (b4) */
export function viewConflict(desk: Desk, port: ConflictPort, targetId: string, call: Call): Result<ConflictView, Failure> {
  const conflict = port.findConflict(desk.db, targetId);
  if (conflict === undefined) return fail('NOT_FOUND');
  const { envelope, theirs } = conflict;
  const last = theirs?.acts.at(-1);
  return succeed({
    applicationId: envelope.aggregate.type === 'application' ? envelope.aggregate.key : '',
    kind: envelope.kind,
    dataClass: classOfKind[envelope.kind],
    isAboutLease: conflict.fields.includes('lease'),
    mine: { atMs: envelope.occurred_at_ms, operatorName: conflict.operatorName, role: envelope.actor.role, baseRev: envelope.base_rev },
    theirs: {
      rev: conflict.rev,
      state: theirs?.state ?? '',
      lastAct:
        last === undefined
          ? null
          : { kind: last.kind, atMs: last.atMs, operatorName: nameOf(desk.db, last.operatorLogin), deskId: last.deskId },
      holderDeskId: theirs?.lease?.deskId ?? '',
    },
    choices: conflictChoices.map((choice) => ({ choice, stop: stopOf(desk, conflict, choice, call) })),
  });
}

/**
 * A person's answer: theirs stays, or mine goes again as a new command on the state that was shown. What happened is not edited: the old command
 * keeps its receipt, and the new one names it.
 */
export function resolveConflict(
  desk: Desk,
  port: ConflictPort,
  input: { readonly commandId: string; readonly targetId: string; readonly choice: ConflictChoice },
  call: Call,
): Result<{ queue: ReturnType<Desk['sync']['queue']> }, Failure> {
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const done = desk.acts.perform<null>({ commandId: input.commandId, operation: 'sync.resolve', actor, input }, (tx) => {
    const conflict = port.findConflict(tx, input.targetId);
    if (conflict === undefined) return fail('NOT_FOUND');
    const stop = stopOf(desk, conflict, input.choice, call);
    if (stop !== null)
      return fail(stop === 'LEASE_HELD' ? 'LEASE_HELD' : stop === 'NOT_YOUR_RIGHT' ? 'FORBIDDEN' : 'CONFLICT', { reason: stop });
    const { envelope, rev } = conflict;
    const { type, key } = envelope.aggregate;
    const applicationId = type === 'application' ? key : '';
    const isAgain = input.choice === 'send_again';
    if (!isAgain && !port.letTheirsStand(tx, input.targetId, input.commandId)) return fail('NOT_FOUND');
    const application = findApplication(tx, applicationId);
    if (application !== undefined) {
      settleAct(
        tx,
        { applicationId, commandId: input.targetId },
        { sync: 'refused', registryAtMs: null, note: { code: isAgain ? 'CONFLICT_REDONE' : 'CONFLICT_KEPT', params: {} } },
      );
      if (isAgain) {
        insertAct(tx, {
          commandId: input.commandId,
          applicationId,
          act: envelope.kind,
          atMs: desk.clock.nowMs(),
          registryAtMs: null,
          operatorLogin: actor.login,
          operatorName: actor.fullName,
          deskId: desk.identity.deskId,
          sync: 'queued',
          note: null,
        });
      }
      summarise(tx, applicationId);
    }
    return succeed({
      value: null,
      audit: { act: 'sync.resolve', applicationId, detail: { choice: input.choice, kind: envelope.kind, target: input.targetId, rev } },
      ...(isAgain ? { outbox: [draftOf(conflict, application?.leaseToken ?? 0)] } : {}),
      ...(application === undefined ? {} : { events: [{ type: 'application.changed', applicationId, state: application.state }] }),
    });
  });
  if (!done.ok) return done;
  desk.sync.wake(true);
  return succeed({ queue: desk.sync.queue() });
}

function stopOf(desk: Desk, conflict: StoredConflict, choice: ConflictChoice, { permissions }: Call): ChoiceStop {
  const { deskId } = desk.identity;
  const lease = conflict.theirs?.lease ?? null;
  return decideChoice(choice, {
    kind: conflict.envelope.kind,
    isIntent: conflict.isIntent,
    theirState: conflict.theirs?.state ?? '',
    isHeldByOther: lease !== null && lease.deskId !== deskId && lease.untilMs > desk.clock.nowMs() + (desk.sync.clockOffsetMs() ?? 0),
    mayActOnQueue: mayActOnQueue(permissions),
    permissions,
  });
}

/** The same command once more, on the revision that the person has seen now. */
function draftOf({ envelope, rev }: StoredConflict, leaseToken: number): CommandDraft {
  const { kind, payload, aggregate, attachments } = envelope;
  // Kind and payload were paired when the first command was made, and both come from it unchanged.
  return { kind, payload, aggregate, attachments, baseRev: rev, leaseToken } as CommandDraft;
}

function nameOf(db: Reader, login: string): string {
  return findOperatorByLogin(db, login)?.record.fullName ?? login;
}

function summarise(tx: Tx, applicationId: string): void {
  tx.run('UPDATE application SET sync = @sync WHERE application_id = @applicationId', {
    applicationId,
    sync: summariseSync(tx, applicationId),
  });
}
