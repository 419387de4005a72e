import { z } from 'zod';
import { attachmentRefSchema } from './envelope.ts';

/**
 * The file by which a desk without a link hands its unsent acts to the registry. Numbers are big endian.
 *
 *     8 bytes   "QEYDQF1\n"
 *     4 bytes   length of the header
 *     n bytes   header, JSON
 *     frames    4 bytes: highest bit set in the last frame, the others the length; then so many bytes of AES-256-GCM with its tag
 *     64 bytes  ECDSA P-256 of the desk's signing key over `queueFileText`, and nothing after it
 *
 * The key is HKDF-SHA256 of X25519 between a key made for this file and the registry's, salted with the hash of all bytes before the first frame, so
 * that a changed header opens nothing. The nonce of a frame is its number and whether it is the last (`frameNonce`): frames that are missing,
 * doubled, exchanged or cut off at the end do not open. What the frames hold together is a row of records: 1 byte kind, 4 bytes length, payload.
 */
export const queueFileMagic = 'QEYDQF1\n';
export const queueFileInfo = 'qeyd queue file 1';
export const queueFileSuffix = '.qeydq';

/** Plain bytes in one frame; the last may have less. */
export const frameBytes = 64 * 1024;
export const frameTagBytes = 16;
export const lastFrameBit = 0x80000000;
export const headerMaxBytes = 4096;
export const signatureBytes = 64;

export const queueFileHeaderSchema = z.object({
  v: z.literal(1),
  desk_id: z.string().min(1).max(60),
  /** The life in which the acts are signed. */
  desk_epoch: z.number().int().positive(),
  /** SHA-256 of the registry's key that can open it. */
  registry_key_id: z.string().regex(/^[0-9a-f]{64}$/),
  /** SPKI, base64: X25519, made for this file. */
  ephemeral_key: z.string().max(100),
  made_at_ms: z.number().int().nonnegative(),
});
export type QueueFileHeader = z.infer<typeof queueFileHeaderSchema>;

/** First `start`, then the commands in the order they were made, then each attachment with its pieces, then `end`. */
export const recordKinds = { start: 1, command: 2, attachment: 3, piece: 4, end: 5 } as const;
export const recordMaxBytes = 4 * 1024 * 1024;
export const recordHeadBytes = 5;

/** What the file holds, known before it is written. */
export const queueFileStartSchema = z.object({ commands: z.number().int().nonnegative(), attachments: z.number().int().nonnegative() });
export const queueFileAttachmentSchema = attachmentRefSchema.pick({ sha256: true, sizeBytes: true, mediaType: true });

/** What the desk signs; no command and no other text of a desk begins like this. */
export function queueFileText(sha256Hex: string): string {
  return `queue-file-1\n${sha256Hex}`;
}

/**
 * The registry's key for such files, in `GET /v1/registry`: the desk keeps it with the rest of the registry's description and believes it only with the
 * signature of the receipt key (Ed25519 over `queueFileKeyText`, base64url), which signs policies and receipts as well.
 */
export const queueFileKeySchema = z.object({
  /** SPKI, base64: X25519. */
  key: z.string().max(200),
  sig: z.string().min(40).max(200),
});
export type QueueFileKey = z.infer<typeof queueFileKeySchema>;

export function queueFileKeyText(keyBase64: string): string {
  return `queue-file-key-1\n${keyBase64}`;
}

export function frameNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(7, index);
  view.setUint8(11, isLast ? 1 : 0);
  return nonce;
}
