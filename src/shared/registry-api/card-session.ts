import { z } from 'zod';
import { certificateStates } from '../rules/vocabulary.ts';

/**
 * Signing in with a card and asking about the certificates on one. A key of a card signs canonical JSON that names its purpose, so that a signature
 * given for one thing is worth nothing for another. Source: issue 4 §6; ADR-0031; ADR-0027
 */

/** Base64 of DER. */
export const certificateDerSchema = z.string().min(100).max(12_000);
/** Base64: PKCS#1 v1.5, or ECDSA as a DER SEQUENCE. */
export const cardSignatureSchema = z.string().min(40).max(1_000);
export const certificateSerialSchema = z.string().regex(/^[0-9A-F]{8,40}$/);

/** `POST /v1/session/card/challenge`: random bytes for one sign-in of this desk, soon worthless and never taken twice. */
export const cardChallengeRequestSchema = z.object({ officeId: z.string().min(1).max(60) });
export const cardChallengeAnswerSchema = z.object({
  challengeId: z.uuid(),
  /** Base64 of 32 random bytes. */
  challenge: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  expires_at_ms: z.number().int(),
  server_time_ms: z.number().int(),
});
export type CardChallenge = z.infer<typeof cardChallengeAnswerSchema>;

/**
 * `POST /v1/session/card`: 401 with CARD_CHALLENGE_GONE, CARD_SIGNATURE_INVALID, CARD_FOREIGN, CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED,
 * CERTIFICATE_NOT_ACTIVE, CARD_NOT_BOUND, OPERATOR_DISABLED.
 */
export const cardSignInRequestSchema = z.object({
  challengeId: z.uuid(),
  certificate: certificateDerSchema,
  signature: cardSignatureSchema,
  officeId: z.string().min(1).max(60),
});

/** What the card signs to let its holder in. `atMs` is when the challenge was made: by the registry's clock (`server_time_ms`), or by the desk's own where there is no link. */
export function cardSignInContent(of: {
  readonly challenge: string;
  readonly deskId: string;
  readonly officeId: string;
  readonly atMs: number;
  readonly isOffline: boolean;
}): Readonly<Record<string, string | number>> {
  return {
    purpose: of.isOffline ? 'qeyd.sign-in.offline' : 'qeyd.sign-in',
    challenge: of.challenge,
    desk_id: of.deskId,
    office_id: of.officeId,
    at_ms: of.atMs,
  };
}

/** `POST /v1/certificates/status`: what the register says of each serial now. No personal data. */
export const certificateStatusRequestSchema = z.object({ serials: z.array(certificateSerialSchema).min(1).max(16) });
export const certificateStatusSchema = z.object({
  serial: certificateSerialSchema,
  /** Null: this authority never gave it. */
  state: z.enum(certificateStates).nullable(),
  notBeforeMs: z.number().int(),
  notAfterMs: z.number().int(),
  /** The case it was issued in; empty when unknown. */
  applicationId: z.string(),
});
export type CertificateStatus = z.infer<typeof certificateStatusSchema>;
export const certificateStatusAnswerSchema = z.object({
  certificates: z.array(certificateStatusSchema).max(16),
  server_time_ms: z.number().int(),
});

/** The card an operator signs in and signs acts with, as his record names it. */
export const operatorCardSchema = z.object({
  cardSerial: z.string().max(40),
  chipSerial: z.string().max(40),
  certificateSerial: certificateSerialSchema,
  /** SHA-256 of the DER, hex. */
  certificateSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the signing certificate; empty when the card has none. */
  signCertificateSha256: z.string().regex(/^(?:[0-9a-f]{64})?$/),
  boundAtMs: z.number().int(),
  byLogin: z.string(),
});
export type OperatorCard = z.infer<typeof operatorCardSchema>;

/**
 * The signature of the person who gives an order, beside that of his desk: made by the `sign` key of his card after PIN2, over the exact order and the
 * sentence that he was shown. Source: issue 4 §6; ADR-0031
 */
export const actorSignatureSchema = z.object({
  /** As it stood on the PIN window. */
  sentence: z.string().min(1).max(200),
  certificate: certificateDerSchema,
  signature: cardSignatureSchema,
});
export type ActorSignature = z.infer<typeof actorSignatureSchema>;
