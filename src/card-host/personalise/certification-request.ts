import type { KeyAlgorithm } from '../../shared/card-host/host-protocol.ts';
import { bits, objectId, printable, sequence, set, smallInteger, tlv, type Bytes } from '../profile/der.ts';

/**
 * A PKCS#10 request, DER. It says no more than whose key it is: the registry makes the holder's name from its own registers, so the subject is the
 * card serial. Source: RFC 2986; AID-12
 */
const commonName: Bytes = [0x55, 0x04, 0x03];
const signatureAlgorithms: Readonly<Record<KeyAlgorithm, Uint8Array>> = {
  'rsa-2048': sequence(objectId([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]), tlv(0x05)),
  'p-256': sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])),
  'p-384': sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03])),
};

/** What is signed: CertificationRequestInfo without attributes. */
export function requestInfo(cardSerial: string, publicKeyInfo: Uint8Array): Uint8Array {
  const subject = sequence(set(sequence(objectId(commonName), printable(cardSerial))));
  return sequence(smallInteger(0), subject, publicKeyInfo, tlv(0xa0));
}

export function certificationRequest(info: Uint8Array, algorithm: KeyAlgorithm, signature: Uint8Array): Uint8Array {
  return sequence(info, signatureAlgorithms[algorithm], bits(0, signature));
}
