import { verify } from 'node:crypto';
import type { Envelope } from '../../shared/registry-api/envelope.ts';
import type { Desk } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

/** The command is the connected desk's own and nobody has touched it; anything else is a matter of security. Source: b5, integrity */
export function verifyEnvelope(desk: Desk, envelope: Envelope): void {
  if (envelope.desk_id !== desk.deskId) throw new RegistryError(403, 'DESK_MISMATCH');
  const { sig, ...signed } = envelope;
  const isGenuine = verify(
    'sha256',
    Buffer.from(canonicalJson(signed), 'utf8'),
    { key: desk.publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(sig, 'base64url'),
  );
  if (!isGenuine) throw new RegistryError(403, 'SIGNATURE_INVALID');
  if (sha256Hex(canonicalJson(envelope.payload)) !== envelope.payload_sha256) throw new RegistryError(403, 'PAYLOAD_HASH_INVALID');
}

/** Two commands of one id are the same command only when they ask for the same thing. */
export function fingerprintOf(envelope: Envelope): string {
  return sha256Hex(canonicalJson([envelope.kind, envelope.base_rev, envelope.payload_sha256]));
}
