import { maxActivationAttempts } from '../../../shared/rules/application-states.ts';
import { listCertificatesBySerial, moveCertificates, toIssued } from '../../certification/certificate-records.ts';
import { bindSim } from '../../provider/mobile-signature.ts';
import { rejected, type Effect } from '../effect.ts';
import { findCase, leaseAnswer, withAct, withLease } from './case-entity.ts';

const retryAfterOutageMs = 5_000;

/**
 * One try and one renewal by the registrar; after the second failure only support may try. Success binds the card, gives the number its
 * User ID and takes the certificates off the hold. Source: SIM-16, COM-13, CR-06
 */
export const activateApplication: Effect<'application.activate'> = async (context) => {
  const { registry, payload, envelope, nowMs } = context;
  const entity = findCase(context);
  if (entity === undefined) return rejected('UNKNOWN_CASE');
  if (entity.userId !== '') return rejected('ALREADY_ACTIVATED', {}, entity.state);
  if (entity.state === 'ACT_FAILED') {
    if (!payload.bySupport || envelope.actor.role !== 'centre_officer') return rejected('SUPPORT_ONLY', {}, entity.state);
  } else if (entity.state !== 'CERT_PRINTED' && entity.state !== 'ACTIVATING') {
    return rejected('STATE', { state: entity.state }, entity.state);
  }
  if (registry.faults.isOut('MİP')) return { kind: 'deferred', retryAfterMs: retryAfterOutageMs };

  const attempts = entity.activationAttempts + 1;
  const isPastEnd = entity.certificates.some((certificate) => certificate.notAfterMs < nowMs);
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

  const { carrier, person } = entity.data;
  const session = await context.openSession();
  const serials = entity.certificates.map((certificate) => certificate.serial);
  await moveCertificates(session, serials, { state: 'ACTIVE', iccid: carrier.iccid });
  const userId = await bindSim(session, { phone: carrier.phone, iccid: carrier.iccid, holderFin: person.fin });
  const certificates = (await listCertificatesBySerial(session, serials)).map(toIssued);
  const body = withLease(context, withAct(context, { ...entity, state: 'ACTIVATING', activationAttempts: attempts, certificates, userId }));
  return { kind: 'applied', change: { state: body.state, body }, answer: { certificates, userId, ...leaseAnswer(body) } };
};
