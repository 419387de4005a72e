import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import { applicationDataSchema } from '../../../shared/rules/application-data.ts';
import { categories } from '../../../shared/rules/vocabulary.ts';
import { putCardOut, revokeGenerated } from '../../cards/card-case.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../effect.ts';
import { canGo, findCase, isActivated, withAct, withLease } from './case-entity.ts';
import { closeActs } from './open-acts.ts';

/**
 * Certificates that were made for the case and never activated are revoked with it, and a card that waits at the office goes back.
 * Source: procedures.md §14.2 [D], §14.3 [D]
 */
async function endUnused(context: EffectContext, entity: ApplicationEntity): Promise<ApplicationEntity> {
  if (entity.certificates.length === 0 && entity.sentAtMs === 0) return entity;
  await closeActs(await context.openSession(), entity.applicationId);
  const { card } = entity;
  if (card !== null) return await putCardOut(context, { entity, card }, { state: 'RETURNED', reason: 'case_ended', note: '' });
  return { ...entity, certificates: await revokeGenerated(context, entity) };
}

async function end(context: EffectContext, entity: ApplicationEntity, note: string): Promise<EffectResult> {
  const body = withLease(context, withAct(context, await endUnused(context, entity), note));
  return { kind: 'applied', change: { state: body.state, body }, answer: { certificates: body.certificates } };
}

/** A case that was never sent is heard of here for the first time, by its summary. Source: COM-14 */
function makeUnsentCase(context: EffectContext<'application.refuse'>): ApplicationEntity {
  const { payload, desk, envelope } = context;
  const category = categories.find((each) => each === payload.summary.category) ?? 'K1';
  return {
    applicationId: payload.applicationId,
    officeId: desk.officeId,
    deskId: desk.deskId,
    state: 'DRAFT',
    data: applicationDataSchema.parse({
      category,
      person: { fin: payload.summary.fin, surname: payload.summary.surname, givenName: payload.summary.givenName },
    }),
    filedAtMs: envelope.occurred_at_ms,
    sentAtMs: 0,
    certificates: [],
    userId: '',
    activationAttempts: 0,
    refusal: null,
    attachments: [],
    lease: null,
    card: null,
    spoiltCards: [],
    personalisingSinceMs: 0,
    acts: [],
  };
}

export const refuseApplication: Effect<'application.refuse'> = async (context) => {
  const entity = findCase(context) ?? makeUnsentCase(context);
  if (!canGo(entity, 'REFUSED') || isActivated(entity)) return rejected('STATE', { state: entity.state }, entity.state);
  const refusal = { reasonCode: context.payload.reasonCode, atMs: context.nowMs };
  return await end(context, { ...entity, state: 'REFUSED', refusal }, context.payload.reasonCode);
};

export const withdrawApplication: Effect<'application.withdraw'> = async (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!canGo(entity, 'WITHDRAWN') || isActivated(entity)) return rejected('STATE', { state: entity.state }, entity.state);
  return await end(context, { ...entity, state: 'WITHDRAWN' }, context.payload.reason);
};
