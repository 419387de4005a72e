import { actContent, mustBeSigned } from '../../shared/registry-api/actor-signature.ts';
import type { OperatorRecord } from '../../shared/registry-api/endpoints.ts';
import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../store/store.ts';
import { isCardSignature, lookAtCertificate } from './card-signature.ts';

/**
 * Why an order may not be carried out for want of its giver's own signature; null when it may. One that is there is looked at even where none is
 * asked for: a false one is never kept beside a record as if it proved something. Source: issue 4 §6; ADR-0031
 */
export async function decideSignatureRefusal(
  registry: Registry,
  session: Session,
  envelope: Envelope,
  giver: OperatorRecord | undefined,
): Promise<string | null> {
  const given = envelope.actor_signature;
  if (given === undefined) return mustBeSigned(envelope.kind, envelope.actor.auth_method) ? 'SIGNATURE_MISSING' : null;
  const shown = await lookAtCertificate(registry, session, given.certificate, 'sign');
  if (typeof shown === 'string') return shown;
  const bound = giver?.card?.signCertificateSha256 ?? '';
  if (bound !== shown.sha256) return 'SIGNATURE_NOT_GENUINE';
  return isCardSignature(shown.publicKey, actContent(envelope, given.sentence), given.signature) ? null : 'SIGNATURE_NOT_GENUINE';
}
