import type { CertificateState } from './vocabulary.ts';

/** What a relying party must know of a certificate that stands on a card. */
export interface CardCertificateStanding {
  /** Null: the authority never gave it. */
  readonly state: CertificateState | null;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export type CardCertificateRefusal = 'CARD_FOREIGN' | 'CERTIFICATE_EXPIRED' | 'CERTIFICATE_REVOKED' | 'CERTIFICATE_NOT_ACTIVE';

/**
 * Why nobody may be let in by this certificate now; null when he may. Only ACTIVE counts: before activation, under suspension and after its end a
 * certificate proves nothing. A revocation is said before an end that came later. Source: procedures.md §14.2, CR-20
 */
export function decideCardCertificate(standing: CardCertificateStanding, nowMs: number): CardCertificateRefusal | null {
  const { state, notBeforeMs, notAfterMs } = standing;
  if (state === null) return 'CARD_FOREIGN';
  if (state === 'REVOKED') return 'CERTIFICATE_REVOKED';
  if (state === 'EXPIRED' || state === 'REVOKED_EXPIRY' || nowMs > notAfterMs) return 'CERTIFICATE_EXPIRED';
  return state === 'ACTIVE' && nowMs >= notBeforeMs ? null : 'CERTIFICATE_NOT_ACTIVE';
}
