import { z } from 'zod';
import { commandKinds, commandOutcomeSchema, receiptSchema } from './envelope.ts';

/**
 * `GET /v1/desks/:deskId/commands?epoch&after_seq`: what the registry has of one life of a desk, in the order of its places, for a desk that was
 * restored and does not know what it had done since its copy. Intents have no place (0) and come first, with `after_seq=-1`; a page continues after
 * the last command of the one before (`after_seq` and `after_id`). A desk is shown its own commands only. Source: sync-and-reliability (b8)
 */
export const deskCommandsQuerySchema = z.object({
  epoch: z.coerce.number().int().positive(),
  after_seq: z.coerce.number().int().min(-1),
  /** Without it: everything of the place `after_seq` is known. */
  after_id: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

export const deskCommandsSchema = z.object({
  desk_id: z.string(),
  epoch: z.number().int(),
  /** The desk's present life. */
  present_epoch: z.number().int(),
  has_more: z.boolean(),
  commands: z.array(
    z.object({
      command_id: z.uuid(),
      desk_seq: z.number().int().nonnegative(),
      aggregate: z.object({ type: z.string(), key: z.string() }),
      kind: z.enum(commandKinds),
      occurred_at_ms: z.number().int(),
      operator_login: z.string(),
      /** Null while the command was taken and is not answered yet: asked again under its id it gets its answer. */
      result: commandOutcomeSchema.nullable(),
      receipt: receiptSchema.nullable(),
    }),
  ),
});
export type DeskCommands = z.infer<typeof deskCommandsSchema>;
