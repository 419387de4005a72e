import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import { applicationDataSchema } from '../../../shared/rules/application-data.ts';
import { categories } from '../../../shared/rules/vocabulary.ts';
import { moveCertificates } from '../../certification/certificate-records.ts';
import { rejected, type Effect, type EffectContext, type EffectResult } from '../effect.ts';
import { canGo, findCase, withAct, withLease } from './case-entity.ts';

/** Certificates that were made for the case and never activated are revoked with it. Source: procedures.md §14.2 [D] */
async function revokeUnused(context: EffectContext, entity: ApplicationEntity): Promise<ApplicationEntity> {
  if (entity.certificates.length === 0) return entity;
  const unused = entity.certificates.filter((certificate) => certificate.state === 'GENERATED').map((certificate) => certificate.serial);
  const session = await context.openSession();
  await moveCertificates(session, unused, { state: 'REVOKED', revokedAtMs: context.nowMs, reason: 'cessationOfOperation' });
  await session.db.deleteFrom('open_act').where('application_id', '=', entity.applicationId).execute();
  return {
    ...entity,
    certificates: entity.certificates.map((certificate) =>
      unused.includes(certificate.serial) ? { ...certificate, state: 'REVOKED' as const } : certificate,
    ),
  };
}

async function end(context: EffectContext, entity: ApplicationEntity, note: string): Promise<EffectResult> {
  const body = withLease(context, withAct(context, await revokeUnused(context, entity), note));
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
  if (!canGo(entity, 'REFUSED') || entity.userId !== '') return rejected('STATE', { state: entity.state }, entity.state);
  const refusal = { reasonCode: context.payload.reasonCode, atMs: context.nowMs };
  return await end(context, { ...entity, state: 'REFUSED', refusal }, context.payload.reasonCode);
};

export const withdrawApplication: Effect<'application.withdraw'> = async (context) => {
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (!canGo(entity, 'WITHDRAWN') || entity.userId !== '') return rejected('STATE', { state: entity.state }, entity.state);
  return await end(context, { ...entity, state: 'WITHDRAWN' }, context.payload.reason);
};
