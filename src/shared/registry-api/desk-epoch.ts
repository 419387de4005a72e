import { z } from 'zod';
import { auditAnchorSchema } from './audit-anchor.ts';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The lives (epochs) of a desk. A desk restored from a backup, or set up anew under its old name, begins a new life before it sends anything:
 * `POST /v1/desk/epoch`. The registry gives the number; it is accepted once: asked again under the same `raise_id` the answer is the same, and from then on a
 * command of an older life that the registry does not know is answered 409 DESK_FORK. A command of an older life that it does know keeps its stored answer.
 * The desk therefore signs what it had queued and the registry does not know anew: same `command_id` and content, new epoch and place.
 */
export const raiseEpochSchema = z.object({
  /** Made once for one restoration and kept until the answer is stored. */
  raise_id: z.uuid(),
  /** The life that stands in the restored database. */
  from_epoch: z.number().int().positive(),
  /**
   * A pair of the restored audit chain that the registry has countersigned or seen in a command: the newest one. Null only for a chain of which the registry
   * has seen nothing. A pair that it does not know, or that contradicts what it knows, is answered 409 AUDIT_FORK.
   */
  audit: z.object({ epoch: z.number().int().positive(), seq: z.number().int().nonnegative(), head: hex64 }).nullable(),
  cause: z.enum(['restored', 'set_up_anew']),
});

/** `GET` and `POST /v1/desk/epoch`. */
export const deskEpochSchema = z.object({
  desk_id: z.string(),
  /** The present life: commands carry it as `desk_epoch`. */
  epoch: z.number().int().positive(),
  /** The highest place that the registry has seen of this life; the next free one is above it. */
  last_seq: z.number().int().nonnegative(),
  /** The newest countersigned head of any life, null when there is none. */
  audit_anchor: auditAnchorSchema.nullable(),
  registry_epoch: z.string(),
});
export type DeskEpoch = z.infer<typeof deskEpochSchema>;
