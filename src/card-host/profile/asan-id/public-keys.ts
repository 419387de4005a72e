import type { KeyAlgorithm } from '../../../shared/card-host/host-protocol.ts';
import { bits, objectId, sequence, tlv, unsignedInteger } from '../der.ts';

/** SubjectPublicKeyInfo of what the chip tells of its key. Source: RFC 3279 §2.3, RFC 5480 §2 */
const rsaEncryption = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ecPublicKey = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const curves = {
  'p-256': { id: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], pointBytes: 65 },
  'p-384': { id: [0x2b, 0x81, 0x04, 0x00, 0x22], pointBytes: 97 },
} as const;
const publicExponent = [0x01, 0x00, 0x01];

/** `answer` is the bare modulus, or `86 length 04 X Y` (30 for 86 when it is read later); undefined when it is no key of this algorithm. */
export function findPublicKeyInfo(algorithm: KeyAlgorithm, answer: Uint8Array): Uint8Array | undefined {
  if (algorithm === 'rsa-2048') {
    if (answer.length !== 256 || (answer[0] ?? 0) < 0x80) return undefined;
    const key = sequence(unsignedInteger(answer), unsignedInteger(publicExponent));
    return sequence(sequence(objectId(rsaEncryption), tlv(0x05)), bits(0, key));
  }
  const { id, pointBytes } = curves[algorithm];
  if (answer.length !== pointBytes + 2 || (answer[0] !== 0x86 && answer[0] !== 0x30)) return undefined;
  if (answer[1] !== pointBytes || answer[2] !== 0x04) return undefined;
  return sequence(sequence(objectId(ecPublicKey), objectId(id)), bits(0, answer.subarray(2)));
}
