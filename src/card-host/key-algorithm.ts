import { X509Certificate } from 'node:crypto';
import type { KeyAlgorithm } from '../shared/card-host/host-protocol.ts';

/** The kind of key that a certificate is for; undefined: none of ours, or no certificate. */
export function findKeyAlgorithm(der: Uint8Array): KeyAlgorithm | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(der).publicKey;
    if (asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048) return 'rsa-2048';
    if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'p-256';
    return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'p-384' : undefined;
  } catch {
    return undefined;
  }
}
