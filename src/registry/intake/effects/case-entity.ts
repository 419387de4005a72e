import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import { listNextStates } from '../../../shared/rules/application-states.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import { grantLease, releaseLease } from '../../leases/leases.ts';
import type { EffectContext } from '../effect.ts';

/** The case as the registry holds it; undefined when it has never heard of it. */
export function findCase(context: EffectContext): ApplicationEntity | undefined {
  return context.aggregate.rev === 0 ? undefined : (JSON.parse(context.aggregate.body) as ApplicationEntity);
}

/** Source: procedures.md §14.1 */
export function canGo(entity: ApplicationEntity, to: ApplicationState): boolean {
  return listNextStates(entity.state, entity.data.carrier.kind).includes(to);
}

/** Adds the act to the case's own list. */
export function withAct(context: EffectContext, entity: ApplicationEntity, note = ''): ApplicationEntity {
  const { envelope, desk, nowMs } = context;
  return {
    ...entity,
    acts: [
      ...entity.acts,
      {
        commandId: envelope.command_id,
        kind: envelope.kind,
        atMs: nowMs,
        occurredAtMs: envelope.occurred_at_ms,
        operatorLogin: envelope.actor.login,
        role: envelope.actor.role,
        deskId: desk.deskId,
        note,
      },
    ],
  };
}

/** The desk that acts on a case holds it from now for the time of a lease; an ended case is held by nobody. */
export function withLease(context: EffectContext, entity: ApplicationEntity): ApplicationEntity {
  const held = context.findLease();
  if (entity.state === 'ARCHIVED' || entity.state === 'REFUSED' || entity.state === 'WITHDRAWN') {
    if (held !== undefined) context.putLease(releaseLease(held));
    return { ...entity, lease: null };
  }
  const { operatorLogin, ...lease } = grantLease(held, context.desk, context.envelope.actor.login, context.nowMs);
  context.putLease({ ...lease, operatorLogin });
  return { ...entity, lease };
}

/** What the answer says of the lease. */
export function leaseAnswer(entity: ApplicationEntity): { lease_token?: number; lease_until_ms?: number } {
  return entity.lease === null ? {} : { lease_token: entity.lease.token, lease_until_ms: entity.lease.untilMs };
}
