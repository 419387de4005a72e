import { createHash, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { decideCardCertificate, type CardCertificateRefusal } from '../../shared/rules/card-certificate.ts';
import { listCertificatesBySerial, type CertificateRecord } from '../certification/certificate-records.ts';
import type { Registry } from '../registry.ts';
import { canonicalJson } from '../intake/canonical.ts';
import type { Session } from '../store/store.ts';

/** The certificate of a card as it was shown, with its row of the register. */
export interface ShownCertificate {
  readonly publicKey: KeyObject;
  readonly sha256: string;
  readonly record: CertificateRecord;
}

export type ShownRefusal = CardCertificateRefusal;

/**
 * Looks at a certificate that came from a card: issued by our authority, byte for byte the one on record, meant for this use, and good now.
 * What does not parse is as foreign as what another authority signed. Source: CR-20, procedures.md §14.2
 */
export async function lookAtCertificate(
  registry: Registry,
  session: Session,
  der: string,
  use: 'auth' | 'sign',
): Promise<ShownCertificate | ShownRefusal> {
  const bytes = Buffer.from(der, 'base64');
  const shown = parseCertificate(bytes);
  if (shown === undefined) return 'CARD_FOREIGN';
  const authority = new X509Certificate(registry.authority.certificatePem);
  if (!shown.checkIssued(authority) || !isSignedBy(shown, authority)) return 'CARD_FOREIGN';
  const [record] = await listCertificatesBySerial(session, [shown.serialNumber]);
  if (record === undefined || record.der !== bytes.toString('base64')) return 'CARD_FOREIGN';
  // An authentication key lets in and signs nothing; a signing key signs and lets nobody in.
  if ((record.kind === 'AUT') !== (use === 'auth')) return 'CARD_FOREIGN';
  const refusal = decideCardCertificate(record, registry.nowMs());
  if (refusal !== null) return refusal;
  return { publicKey: shown.publicKey, sha256: createHash('sha256').update(bytes).digest('hex'), record };
}

function parseCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function isSignedBy(shown: X509Certificate, authority: X509Certificate): boolean {
  try {
    return shown.verify(authority.publicKey);
  } catch {
    return false;
  }
}

/** SHA-384 with P-384, SHA-256 with the others; ECDSA as a DER SEQUENCE. Source: cards.md §3.4 */
export function isCardSignature(publicKey: KeyObject, content: unknown, signature: string): boolean {
  const hash = publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
  try {
    return verify(hash, Buffer.from(canonicalJson(content), 'utf8'), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
