import { z } from 'zod';

/**
 * The database key of a desk, sealed for one holder of a P-256 key: for the registry's recovery key (kept beside the database and in every backup), or
 * for a device that asks to be given the key again. An ephemeral key, HKDF-SHA-256 and AES-256-GCM; the whole header is bound in. Whoever has the
 * text learns which desk and which keys, and nothing of the key itself. Source: sync-and-reliability b8; ADR-0024
 */
const keyId = z.string().regex(/^[0-9a-f]{32}$/);
export const sealedKeySchema = z.object({
  v: z.literal(1),
  alg: z.literal('ECDH-P256+HKDF-SHA256+A256GCM'),
  purpose: z.enum(['recovery', 'device']),
  desk_id: z.string().min(1).max(60),
  /** Which database key is inside; told from the key, not the key from it. */
  database_key_id: keyId,
  /** The first half of SHA-256 over the recipient's SPKI. */
  recipient_key_id: keyId,
  /** The request that this answers; empty for the registry's own wrap. */
  request_id: z.string().max(36),
  sealed_at_ms: z.number().int().nonnegative(),
  /** SPKI, base64. */
  ephemeral: z.string().min(80).max(200),
  nonce: z.base64().max(20),
  /** Key and tag. */
  ciphertext: z.base64().max(80),
});
export type SealedKey = z.infer<typeof sealedKeySchema>;
export type SealedKeyHeader = Omit<SealedKey, 'nonce' | 'ciphertext'>;

/** What the cipher binds in, and what the key of the cipher is derived under. */
export function sealedKeyText(header: SealedKeyHeader): string {
  return `qeyd-sealed-key-1\n${JSON.stringify([
    header.v,
    header.alg,
    header.purpose,
    header.desk_id,
    header.database_key_id,
    header.recipient_key_id,
    header.request_id,
    header.sealed_at_ms,
    header.ephemeral,
  ])}`;
}

/** A desk whose device has lost the key asks for it, for a key pair that it made for this question alone. */
export const keyRequestSchema = z.object({
  request_id: z.uuid(),
  desk_id: z.string().min(1).max(60),
  requested_at_ms: z.number().int().nonnegative(),
  sealed: sealedKeySchema,
  /** SPKI, base64: P-256. */
  device_key: z.string().min(80).max(200),
  /** By the desk's key, over `keyRequestText`. */
  sig: z.string().min(40).max(200),
});
export type KeyRequest = z.infer<typeof keyRequestSchema>;

export function keyRequestText(request: Omit<KeyRequest, 'sig'>): string {
  const { sealed } = request;
  return `qeyd-key-request-1\n${JSON.stringify([
    request.request_id,
    request.desk_id,
    request.requested_at_ms,
    request.device_key,
    sealedKeyText(sealed),
    sealed.nonce,
    sealed.ciphertext,
  ])}`;
}

const credentialsSchema = z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200) });

/**
 * `POST /v1/desk/key`: two people prove themselves, one who works at the desk and a supervisor; the registry opens the wrapped key, seals it for the
 * device alone, and writes down who, when and which desk before it answers. Each request is answered once: a lost answer is asked for anew, with
 * a new device key. Refusals: 401 SIGN_IN_REFUSED, LOCKED_OUT, OPERATOR_DISABLED and 403 FORBIDDEN with `detail` = `first` or `second`; 403 SAME_PERSON,
 * DESK_REVOKED; 409 KEY_WRONG_DESK, KEY_REQUEST_USED; 422 KEY_WRAP_DAMAGED; 410 RECOVERY_KEY_GONE.
 */
export const keyRecoveryCallSchema = z.object({
  request: keyRequestSchema,
  officeId: z.string(),
  first: credentialsSchema,
  second: credentialsSchema,
});
export type KeyRecoveryCall = z.infer<typeof keyRecoveryCallSchema>;

export const keyRecoveryAnswerSchema = z.object({
  request_id: z.uuid(),
  sealed: sealedKeySchema,
  /** As the registry computed it from what it received. */
  check_number: z.string(),
  first_login: z.string(),
  second_login: z.string(),
  recorded_at_ms: z.number().int(),
});
export type KeyRecoveryAnswer = z.infer<typeof keyRecoveryAnswerSchema>;

/** Twelve digits that two people can read to each other, from SHA-256 over `keyRequestText`: `0412-7730-9915`. */
export function checkNumberOf(digest: Uint8Array): string {
  const digits = Array.from(digest.subarray(0, 12), (byte) => String(byte % 10)).join('');
  return `${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
}
