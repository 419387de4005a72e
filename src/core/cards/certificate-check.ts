import { X509Certificate } from 'node:crypto';

/**
 * Whether a certificate is for the key that the chip made and the request it signed: compared before anything is written to the card, which compares
 * once more with the key that it holds. Source: issue rule of AID-10; cards.md §3.4
 */
export function isForKey(certificateDer: Uint8Array, spki: Uint8Array | null, atMs: number): boolean {
  if (spki === null) return false;
  try {
    const certificate = new X509Certificate(Buffer.from(certificateDer));
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
    return key.equals(Buffer.from(spki)) && Date.parse(certificate.validTo) > atMs;
  } catch {
    return false;
  }
}

/** A request for another key than the chip showed is not sent: PKCS#10 carries the key's SubjectPublicKeyInfo as it is. */
export function isRequestForKey(request: Uint8Array, spki: Uint8Array | null): boolean {
  return spki !== null && Buffer.from(request).includes(Buffer.from(spki));
}
