import { z } from 'zod';
import { permissions, roles } from '../rules/vocabulary.ts';
import { operation } from './base.ts';

export const sessionViewSchema = z.object({
  operatorId: z.string(),
  login: z.string(),
  fullName: z.string(),
  roles: z.array(z.enum(roles)),
  /** The role this session works in; a person with several chooses one. */
  role: z.enum(roles),
  permissions: z.array(z.enum(permissions)),
  isLocked: z.boolean(),
  isOffline: z.boolean(),
  signedInAtMs: z.number().int(),
  mustChangePassword: z.boolean(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;

export const sessionContract = {
  current: operation('anyone', { whileLocked: true }).output(sessionViewSchema.nullable()),
  /** Training only: names and passwords of the training operators; empty in production. */
  listTrainingOperators: operation('anyone').output(
    z.array(z.object({ login: z.string(), fullName: z.string(), roles: z.array(z.enum(roles)), password: z.string() })),
  ),
  /** Online against the registry; without the link, for operators seen online at this desk within 7 days. */
  signIn: operation('anyone')
    .input(z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200), role: z.enum(roles).optional() }))
    .output(sessionViewSchema),
  changeRole: operation('signed_in')
    .input(z.object({ role: z.enum(roles) }))
    .output(sessionViewSchema),
  lock: operation('signed_in', { whileLocked: true }).output(sessionViewSchema),
  unlock: operation('anyone', { whileLocked: true })
    .input(z.object({ password: z.string().min(1).max(200) }))
    .output(sessionViewSchema),
  /**
   * The operator's own password; online-only, and proven by the current one. While `mustChangePassword` stands, this and the rest of `session`
   * and `system` are all that the dispatcher lets through: everything else answers PASSWORD_MUST_CHANGE.
   */
  changePassword: operation('signed_in')
    .input(z.object({ currentPassword: z.string().min(1).max(200), newPassword: z.string().min(10).max(200) }))
    .output(sessionViewSchema),
  signOut: operation('signed_in', { whileLocked: true }).output(z.object({ done: z.literal(true) })),
  /** Resets the idle clock; the screen calls it on real input, at most every 30 s. */
  touch: operation('signed_in').output(z.object({ lockAtMs: z.number().int() })),
};
