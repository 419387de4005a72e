import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import { listNextStates } from '../../../shared/rules/application-states.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import { grantLease, releaseLease } from '../../leases/leases.ts';
import type { EffectContext } from '../effect.ts';

/** The case as the registry holds it; undefined when it has never heard of it. */
export function findCase(context: EffectContext): ApplicationEntity | undefined {
  if (context.aggregate.rev === 0) return undefined;
  return readCase(context.aggregate.body);
}

type OlderCase = Omit<ApplicationEntity, 'card' | 'spoiltCards' | 'personalisingSinceMs'> & Partial<ApplicationEntity>;

/** A stored case. Those of before there were cards name none, and all their carriers are SIMs. */
export function readCase(body: string): ApplicationEntity {
  const stored = JSON.parse(body) as OlderCase;
  const { data } = stored;
  const carrier: Partial<typeof data.carrier> = data.carrier;
  return {
    card: null,
    spoiltCards: [],
    personalisingSinceMs: 0,
    ...stored,
    data: { ...data, carrier: { ...data.carrier, kind: carrier.kind ?? 'sim' } },
  };
}

/** A case as it enters the register by its sending. */
export function makeSentCase(
  { payload, desk, envelope, nowMs }: EffectContext<'application.send'>,
  entered: Pick<ApplicationEntity, 'state'> & Partial<Pick<ApplicationEntity, 'certificates' | 'personalisingSinceMs'>>,
): ApplicationEntity {
  return {
    applicationId: payload.applicationId,
    officeId: desk.officeId,
    deskId: desk.deskId,
    data: payload.data,
    filedAtMs: payload.filedAtMs,
    sentAtMs: nowMs,
    certificates: [],
    userId: '',
    activationAttempts: 0,
    refusal: null,
    attachments: envelope.attachments,
    lease: null,
    card: null,
    spoiltCards: [],
    personalisingSinceMs: 0,
    acts: [],
    ...entered,
  };
}

/** Source: procedures.md §14.1 */
export function canGo(entity: ApplicationEntity, to: ApplicationState): boolean {
  return listNextStates(entity.state, entity.data.carrier.kind).includes(to);
}

/** The certificates are in use: a SIM has its User ID then, a card its certificates off the hold. */
export function isActivated({ userId, card, certificates }: ApplicationEntity): boolean {
  if (userId !== '') return true;
  return (
    card !== null &&
    card.certificateSerials.length > 0 &&
    card.certificateSerials.every((serial) => certificates.some((each) => each.serial === serial && each.state === 'ACTIVE'))
  );
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
