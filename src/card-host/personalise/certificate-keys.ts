import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { CardSession } from '../../shared/card-host/card-port.ts';
import { cardKeys, type CardKeyName, type KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { equalBytes } from '../profile/der.ts';
import type { StepDeps } from '../step-port.ts';

/** Certificates as the registry made them, and the keys that they are for. */
export interface CertificateKey {
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly publicKey: KeyObject;
}

/** Undefined when the bytes are no whole certificate, or one for a key that no card of ours has. */
export function findCertificateKey(der: Uint8Array): CertificateKey | undefined {
  try {
    const certificate = new X509Certificate(der);
    // Bytes behind the certificate would come onto the card unseen.
    if (!equalBytes(certificate.raw, der)) return undefined;
    const { publicKey } = certificate;
    const algorithm = algorithmOf(publicKey);
    if (algorithm === undefined) return undefined;
    return { algorithm, publicKey, publicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) };
  } catch {
    return undefined;
  }
}

function algorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  const { modulusLength, namedCurve, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength === 2048 && publicExponent === 65537n ? 'rsa-2048' : undefined;
  if (key.asymmetricKeyType !== 'ec') return undefined;
  return namedCurve === 'prime256v1' ? 'p-256' : namedCurve === 'secp384r1' ? 'p-384' : undefined;
}

/** The first of both whose certificate is not for the key on the chip. */
export async function findOtherKey(
  session: CardSession,
  certificates: Readonly<Record<CardKeyName, Uint8Array>>,
  { profile }: StepDeps,
): Promise<CardKeyName | undefined> {
  for (const key of cardKeys) {
    const wanted = findCertificateKey(certificates[key]);
    if (wanted === undefined) return key;
    const onChip = await profile.readPublicKey(session, key, wanted.algorithm);
    if (onChip === null || !equalBytes(onChip, wanted.publicKeyInfo)) return key;
  }
  return undefined;
}

export function isSignedBy(publicKey: KeyObject, algorithm: KeyAlgorithm, content: Uint8Array, signature: Uint8Array): boolean {
  return verify(algorithm === 'p-384' ? 'sha384' : 'sha256', content, publicKey, signature);
}

export function toKeyObject(publicKeyInfo: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
}
