import type { OperatorCard } from '../../shared/registry-api/card-session.ts';
import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import { rejected, type Effect } from '../intake/effect.ts';
import { listCardHolders } from './card-sign-in.ts';
import { lookAtCertificate } from './card-signature.ts';

/**
 * Binds a card to an operator, or takes it away: never to two, never a certificate that is not good now, and nobody binds his own. What the record
 * keeps are serials and hashes, the certificates stand in the register. Source: issue 4 §6; ADR-0031; R-08
 */
export const bindOperatorCard: Effect<'operator.bind_card'> = async (context) => {
  const { payload, registry, envelope, nowMs } = context;
  if (context.aggregate.rev === 0) return rejected('OPERATOR_UNKNOWN');
  const record = JSON.parse(context.aggregate.body) as OperatorRecord;
  if (record.operatorId === envelope.actor.operator_id) return rejected('OWN_ACCOUNT');
  if (payload.card === null) return applied(record, null);
  const session = await context.openSession();
  const auth = await lookAtCertificate(registry, session, payload.card.authCertificate, 'auth');
  if (typeof auth === 'string') return rejected(auth);
  const sign =
    payload.card.signCertificate === null ? null : await lookAtCertificate(registry, session, payload.card.signCertificate, 'sign');
  if (typeof sign === 'string') return rejected(sign);
  // Both of one card and so of one case: a signing certificate of somebody else is no part of it.
  if (sign !== null && sign.record.applicationId !== auth.record.applicationId) return rejected('CARD_FOREIGN');
  const holders = await listCardHolders(session, auth.sha256);
  if (holders.some(({ operatorId }) => operatorId !== record.operatorId)) return rejected('CARD_BOUND_TO_OTHER');
  return applied(record, {
    cardSerial: payload.card.cardSerial,
    chipSerial: payload.card.chipSerial,
    certificateSerial: auth.record.serial,
    certificateSha256: auth.sha256,
    signCertificateSha256: sign?.sha256 ?? '',
    boundAtMs: nowMs,
    byLogin: envelope.actor.login,
  });
};

function applied(record: OperatorRecord, card: OperatorCard | null) {
  return { kind: 'applied', change: { state: record.isDisabled ? 'disabled' : 'enabled', body: { ...record, card } } } as const;
}
