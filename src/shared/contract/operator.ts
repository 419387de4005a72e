import { z } from 'zod';
import { roles } from '../rules/vocabulary.ts';
import { commandIdSchema, operation, pinTitleSchema, readerNameSchema } from './base.ts';

export const operatorViewSchema = z.object({
  operatorId: z.string(),
  login: z.string(),
  fullName: z.string(),
  roles: z.array(z.enum(roles)),
  isDisabled: z.boolean(),
  isLockedOut: z.boolean(),
  lastSeenAtMs: z.number().int().nullable(),
  /** The card he signs in with; no certificate, no code. */
  card: z.object({ cardSerial: z.string(), boundAtMs: z.number().int(), byLogin: z.string() }).nullable(),
  /** Who had which right when. */
  appointments: z.array(
    z.object({ role: z.enum(roles), fromMs: z.number().int(), untilMs: z.number().int().nullable(), byLogin: z.string() }),
  ),
});
export type OperatorView = z.infer<typeof operatorViewSchema>;
const act = z.object({ commandId: commandIdSchema, operatorId: z.uuid() });

/** All acts are online-only and take effect at every desk at its next contact. Source: R-08; sync-and-reliability (b6) */
export const operatorContract = {
  list: operation('operator.view').output(z.array(operatorViewSchema)),
  create: operation('operator.manage')
    .input(
      z.object({
        commandId: commandIdSchema,
        login: z
          .string()
          .min(2)
          .max(60)
          .regex(/^[a-z0-9._-]+$/),
        fullName: z.string().min(1).max(120),
        initialPassword: z.string().min(10).max(200),
        roles: z.array(z.enum(roles)).max(4),
      }),
    )
    .output(operatorViewSchema),
  appoint: operation('operator.manage')
    .input(act.extend({ roles: z.array(z.enum(roles)).max(4) }))
    .output(operatorViewSchema),
  disable: operation('operator.manage')
    .input(act.extend({ reason: z.string().min(3).max(300) }))
    .output(operatorViewSchema),
  enable: operation('operator.manage').input(act).output(operatorViewSchema),
  resetPassword: operation('operator.manage')
    .input(act.extend({ newPassword: z.string().min(10).max(200) }))
    .output(operatorViewSchema),
  /** Finished cards in the readers of this desk, for binding one. */
  cards: operation('operator.manage').output(
    z.array(z.object({ readerName: readerNameSchema, chipSerialHex: z.string(), cardSerial: z.string() })).max(32),
  ),
  /**
   * Binds the card in the reader to the operator; null takes his card away. Whoever came in with a card signs the order with its signing key and PIN2:
   * `sentence` is what his PIN window says and what the registry keeps.
   */
  bindCard: operation('operator.manage')
    .input(
      act.extend({
        card: z.object({ readerName: readerNameSchema, chipSerialHex: z.string().regex(/^[0-9A-F]{20}$/) }).nullable(),
        sentence: pinTitleSchema,
      }),
    )
    .output(operatorViewSchema),
  unlock: operation('operator.manage').input(act).output(operatorViewSchema),
};
