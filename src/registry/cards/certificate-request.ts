import { createHash, createPublicKey } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { x509 } from '../provision/x509.ts';

export interface CheckedRequest {
  readonly publicKey: x509.PublicKey;
  readonly algorithm: KeyAlgorithm;
  readonly spkiSha256: string;
}

export type RequestStop = 'CSR_INVALID' | 'CSR_SIGNATURE' | 'KEY_NOT_ALLOWED';

/**
 * A PKCS#10 request as the chip signed it: whole, signed with the key that it names, and the key of a kind that the policy allows. Names in it mean nothing:
 * the subject is the state register's. Source: AID-10, cards.md §3
 */
export async function checkRequest(
  base64: string,
  allowed: readonly KeyAlgorithm[],
): Promise<{ readonly ok: true; readonly request: CheckedRequest } | { readonly ok: false; readonly code: RequestStop }> {
  const der = Buffer.from(base64, 'base64');
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(der);
    // Nothing may stand after the request.
    if (sequenceLength(der) !== der.length) return { ok: false, code: 'CSR_INVALID' };
  } catch {
    return { ok: false, code: 'CSR_INVALID' };
  }
  const spki = Buffer.from(request.publicKey.rawData);
  const algorithm = findAlgorithm(spki);
  if (algorithm === null || !allowed.includes(algorithm)) return { ok: false, code: 'KEY_NOT_ALLOWED' };
  if (!(await isSigned(request))) return { ok: false, code: 'CSR_SIGNATURE' };
  return { ok: true, request: { publicKey: request.publicKey, algorithm, spkiSha256: createHash('sha256').update(spki).digest('hex') } };
}

/** Bytes of the outermost SEQUENCE with its head; -1 when it is none. */
function sequenceLength(der: Buffer): number {
  const [tag, length = 0] = der;
  if (tag !== 0x30) return -1;
  if (length < 0x80) return 2 + length;
  const lengthBytes = length & 0x7f;
  return lengthBytes === 0 || lengthBytes > 4 || der.length < 2 + lengthBytes ? -1 : 2 + lengthBytes + der.readUIntBE(2, lengthBytes);
}

async function isSigned(request: x509.Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    // An algorithm of signature that nobody knows.
    return false;
  }
}

const largestExponent = 2n ** 64n;

/** Exactly the kinds that cards have: no shorter, longer or other key. */
function findAlgorithm(spki: Buffer): KeyAlgorithm | null {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const { modulusLength, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType === 'rsa') {
      const isSound =
        publicExponent !== undefined && publicExponent >= 65_537n && publicExponent % 2n === 1n && publicExponent < largestExponent;
      return modulusLength === 2048 && isSound ? 'rsa-2048' : null;
    }
    if (key.asymmetricKeyType !== 'ec') return null;
    return namedCurve === 'prime256v1' ? 'p-256' : namedCurve === 'secp384r1' ? 'p-384' : null;
  } catch {
    return null;
  }
}
