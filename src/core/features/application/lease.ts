import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Call } from '../../desk.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import type { ApplicationContext } from './case.ts';
import { answerOf, type ActAnswer } from './perform.ts';

/** Asks the registry for the case: a sent case is edited by one desk at a time. Another desk's running lease answers LEASE_HELD. */
export async function claim(context: ApplicationContext, call: Call, applicationId: string): Promise<Result<ActAnswer, Failure>> {
  const claimed = await takeLease(context, call, applicationId, false);
  return claimed.ok ? answerOf(context, call, applicationId, []) : claimed;
}

export async function release(context: ApplicationContext, call: Call, applicationId: string): Promise<Result<ActAnswer, Failure>> {
  const released = await takeLease(context, call, applicationId, true);
  return released.ok ? answerOf(context, call, applicationId, []) : released;
}

/**
 * Before an act of somebody who has no right to claim (scans, support): takes the lease quietly when nobody else holds it. Whatever happens,
 * the act itself says why it is not possible.
 */
export async function claimIfFree(context: ApplicationContext, call: Call, applicationId: string): Promise<void> {
  const { desk } = context;
  const application = findApplication(desk.db, applicationId);
  if (application === undefined || application.rev === null) return;
  // A lease that ran out while the computer slept may be somebody else's by now: it is asked for again, by the registry's time.
  const trustedNowMs = desk.clock.nowMs() + (desk.sync.clockOffsetMs() ?? 0);
  if (application.leaseDeskId === desk.identity.deskId && application.leaseUntilMs > trustedNowMs) return;
  if (desk.sync.link().state === 'online') await takeLease(context, call, applicationId, false);
}

async function takeLease(
  context: ApplicationContext,
  call: Call,
  applicationId: string,
  isRelease: boolean,
): Promise<Result<undefined, Failure>> {
  const { desk } = context;
  const { actor } = call;
  if (actor === null) return fail('NOT_SIGNED_IN');
  const application = findApplication(desk.db, applicationId);
  if (application === undefined) return fail('NOT_FOUND');
  if (application.rev === null) return succeed(undefined);
  if (isRelease && application.leaseDeskId !== desk.identity.deskId) return succeed(undefined);
  const lease = await desk.registry.lease(applicationId, actor.login, isRelease);
  if (!lease.ok) return lease;
  const held = isRelease ? { deskId: '', token: 0, untilMs: 0 } : lease.value;
  const { rev } = lease.value;
  desk.acts.record(actor, (tx) => {
    tx.run(
      `UPDATE application SET lease_desk_id = @deskId, lease_token = @token, lease_until_ms = @untilMs, lease_rev = @rev
       WHERE application_id = @applicationId`,
      { applicationId, deskId: held.deskId, token: held.token, untilMs: held.untilMs, rev },
    );
    return {
      value: undefined,
      audit: { act: isRelease ? 'application.release' : 'application.claim', applicationId, detail: { token: held.token } },
      events: [{ type: 'application.changed', applicationId, state: application.state }],
    };
  });
  return succeed(undefined);
}
