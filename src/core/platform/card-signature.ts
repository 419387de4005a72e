import { createHash, verify, X509Certificate } from 'node:crypto';

/** A certificate as it was read from a card; undefined when the bytes are none. */
export function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

export function certificateSha256(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

/** Whether the key of this certificate signed the content: SHA-384 with P-384, SHA-256 with the others; ECDSA as a DER SEQUENCE. Source: cards.md §3.4 */
export function isSignedByCard(certificate: X509Certificate, content: Uint8Array, signature: Uint8Array): boolean {
  const { publicKey } = certificate;
  const hash = publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
  try {
    return verify(hash, content, publicKey, signature);
  } catch {
    return false;
  }
}
