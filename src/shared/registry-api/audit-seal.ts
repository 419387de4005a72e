import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A seal over the audit chain of a desk up to one row. Each seal is signed with a key of its own (Ed25519) that the seal before it names and that is destroyed
 * with the signature, so that whoever takes the machine later can make no earlier seal again. A desk that lost the key begins a new series (`begins`), which its
 * journal says. Source: sync-and-reliability b7, F-29; ADR-0024
 */
export const auditSealSchema = z.object({
  desk_id: z.string().min(1).max(60),
  /** The desk's life. */
  epoch: z.number().int().positive(),
  /** Gapless within the database. */
  no: z.number().int().positive(),
  upto_seq: z.number().int().positive(),
  head: hash,
  at_ms: z.number().int().nonnegative(),
  /** SHA-256 over text and signature of the seal before it; zeros for the first. */
  prev: hash,
  begins: z.boolean(),
  /** Raw Ed25519 public keys: of this seal, and of the one that follows. */
  key: hash,
  next_key: hash,
  sig: z.string().min(80).max(100),
});
export type AuditSeal = z.infer<typeof auditSealSchema>;

/** As many travel with a batch at most; the others follow with the next. */
export const sealsPerBatch = 20;
export const noSeal = '0'.repeat(64);

/** What the seal's key signs. */
export function auditSealText(seal: Omit<AuditSeal, 'sig'>): string {
  const { desk_id, epoch, no, upto_seq, head, at_ms, prev, begins, key, next_key } = seal;
  return `audit-seal-1\n${JSON.stringify([desk_id, epoch, no, upto_seq, head, at_ms, prev, begins, key, next_key])}`;
}

/** What the hash of a seal is made over: `prev` of the next one, and what the registry countersigns. */
export function auditSealWhole(seal: AuditSeal): string {
  return `${auditSealText(seal)}\n${seal.sig}`;
}

/**
 * The registry's countersignature under the newest seal that a desk has shown: every earlier one hangs on it by `prev`. A seal that contradicts one that is
 * known, or follows none, is answered 409 AUDIT_FORK for the whole batch.
 */
export const auditSealAnchorSchema = z.object({
  desk_id: z.string(),
  epoch: z.number().int().positive(),
  no: z.number().int().positive(),
  seal: hash,
  at_ms: z.number().int().nonnegative(),
  sig: z.string().min(40).max(200),
});
export type AuditSealAnchor = z.infer<typeof auditSealAnchorSchema>;

/** What the registry signs with its receipt key (Ed25519 over UTF-8, base64url). */
export function auditSealAnchorText(anchor: Omit<AuditSealAnchor, 'sig'>): string {
  return `audit-seal-anchor-1\n${JSON.stringify([anchor.desk_id, anchor.epoch, anchor.no, anchor.seal, anchor.at_ms])}`;
}
