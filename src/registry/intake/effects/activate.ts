import { maxActivationAttempts } from '../../../shared/rules/application-states.ts';
import { listCertificatesBySerial, moveCertificates, toIssued } from '../../certification/certificate-records.ts';
import type { ApplicationEntity } from '../../../shared/registry-api/endpoints.ts';
import { bindSim } from '../../provider/mobile-signature.ts';
import { rejected, type Effect, type EffectContext } from '../effect.ts';
import { findCase, isActivated, leaseAnswer, withAct, withLease } from './case-entity.ts';

const retryAfterOutageMs = 5_000;

/**
 * One try and one renewal by the registrar; after the second failure only support may try. Success takes the certificates off the hold; it binds a SIM and
 * gives its number a User ID, and needs the case's own card to be registered at the office. Source: SIM-16, HND-10, COM-13, CR-06
 */
export const activateApplication: Effect<'application.activate'> = async (context) => {
  const { registry, payload, envelope, nowMs } = context;
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (isActivated(entity)) return rejected('ALREADY_ACTIVATED', {}, entity.state);
  if (entity.state === 'ACT_FAILED') {
    if (!payload.bySupport || envelope.actor.role !== 'centre_officer') return rejected('SUPPORT_ONLY', {}, entity.state);
  } else if (entity.state !== 'CERT_PRINTED' && entity.state !== 'ACTIVATING') {
    return rejected('STATE', { state: entity.state }, entity.state);
  }
  const { kind: carrierKind } = entity.data.carrier;
  if (carrierKind === 'asan_id' && entity.card?.state !== 'REGISTERED')
    return rejected('CARD_STATE', { state: entity.card?.state ?? '' }, entity.state);
  if (registry.faults.isOut(carrierKind === 'sim' ? 'MİP' : 'CA')) return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };

  const attempts = entity.activationAttempts + 1;
  const serials = entity.card?.certificateSerials ?? entity.certificates.map((certificate) => certificate.serial);
  const isPastEnd = entity.certificates.some(({ serial, notAfterMs }) => serials.includes(serial) && notAfterMs < nowMs);
  if (isPastEnd || registry.faults.take('failActivations')) {
    const state = attempts >= maxActivationAttempts ? 'ACT_FAILED' : 'ACTIVATING';
    const body = withLease(context, withAct(context, { ...entity, state, activationAttempts: attempts }, 'failed'));
    return {
      kind: 'rejected',
      code: 'M-12',
      params: { səbəb: isPastEnd ? 'CERTIFICATE_EXPIRED' : 'PROVIDER_REFUSED', attempts },
      change: { state, body },
    };
  }

  const activated = await takeOffHold(context, entity, serials);
  const body = withLease(context, withAct(context, { ...activated, state: 'ACTIVATING', activationAttempts: attempts }));
  const { certificates, userId } = body;
  return {
    kind: 'applied',
    change: { state: body.state, body },
    answer: { certificates, ...(userId === '' ? {} : { userId }), ...leaseAnswer(body) },
  };
};

async function takeOffHold(context: EffectContext, entity: ApplicationEntity, serials: readonly string[]): Promise<ApplicationEntity> {
  const { carrier, person } = entity.data;
  const session = await context.openSession();
  await moveCertificates(session, serials, { state: 'ACTIVE', ...(carrier.kind === 'sim' ? { iccid: carrier.iccid } : {}) });
  const userId =
    carrier.kind === 'sim' ? await bindSim(session, { phone: carrier.phone, iccid: carrier.iccid, holderFin: person.fin }) : '';
  const active = new Map((await listCertificatesBySerial(session, serials)).map((record) => [record.serial, toIssued(record)]));
  return { ...entity, userId, certificates: entity.certificates.map((each) => active.get(each.serial) ?? each) };
}
