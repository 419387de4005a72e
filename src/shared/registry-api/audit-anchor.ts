import { z } from 'zod';

/**
 * The registry's countersignature under the head of a desk's audit chain: "at this moment desk `desk_id` in its life `epoch` had shown me that row
 * `seq` of its audit ends in `head`". It stands in the answer to every batch, for the highest row that the desk has ever shown in this life, be it by
 * an earlier batch. Whoever rewrites or cuts the chain afterwards contradicts it. A command whose pair (audit_seq, audit_head) contradicts an
 * anchored one is answered 409 AUDIT_FORK for the whole request. Source: sync-and-reliability b7, I-10, F-29
 */
export const auditAnchorSchema = z.object({
  desk_id: z.string(),
  epoch: z.number().int().positive(),
  seq: z.number().int().nonnegative(),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  at_ms: z.number().int().nonnegative(),
  sig: z.string().min(40).max(200),
});
export type AuditAnchor = z.infer<typeof auditAnchorSchema>;

/** What the registry signs with its receipt key (Ed25519 over UTF-8, base64url). */
export function auditAnchorText(anchor: Omit<AuditAnchor, 'sig'>): string {
  return `audit-anchor-1\n${JSON.stringify([anchor.desk_id, anchor.epoch, anchor.seq, anchor.head, anchor.at_ms])}`;
}
