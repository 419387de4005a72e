import { z } from 'zod';
import { auditAnchorSchema } from './audit-anchor.ts';

/**
 * The lives (epochs) of a desk. A desk restored from a backup, or set up anew under its old name, begins a new life before it sends anything:
 * `POST /v1/desk/epoch`. The registry gives the number; asked again under the same `raise_id` the answer is the same. From then on a command of an
 * older life that the registry does not know is answered 409 DESK_FORK; one that it knows keeps its stored answer. The desk therefore signs what it
 * had queued and the registry does not know anew: same `command_id` and content, new epoch and place. A desk without a link counts on by itself, and its
 * first command of a higher life begins that life.
 */
export const raiseEpochSchema = z.object({
  /** Made once for one restoration and kept until the answer is stored. */
  raise_id: z.uuid(),
  /** The life that stands in the restored database. */
  from_epoch: z.number().int().positive(),
  /**
   * The newest countersigned head in the restored audit chain, as it was received. Null only for a chain of which the registry has countersigned nothing, and
   * for a desk set up anew. One that the registry did not sign, or that contradicts what it signed, is answered 409 AUDIT_FORK.
   */
  audit_anchor: auditAnchorSchema.nullable(),
  cause: z.enum(['restored', 'set_up_anew']),
});
export type RaiseEpoch = z.infer<typeof raiseEpochSchema>;

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
