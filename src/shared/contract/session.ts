import { z } from 'zod';
import { permissions, roles } from '../rules/vocabulary.ts';
import { operation, pinTitleSchema, readerNameSchema } from './base.ts';

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
  /** Came in with a card: the screen locks when it leaves this reader, and only the same card brings it back. Empty after a password. */
  cardReader: z.string(),
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
  /** Readers with a card in them, for signing in; `code` says why there is none. Names of readers only. */
  cards: operation('anyone', { whileLocked: true }).output(
    z.object({
      code: z.string(),
      readers: z.array(z.object({ readerName: readerNameSchema, isOurs: z.boolean(), hasPinPad: z.boolean() })).max(32),
    }),
  ),
  /**
   * Online: the registry's challenge, signed by the card after PIN1 was typed in the PIN window or on the pad. Without the link: for a card that was
   * used online at this desk within 7 days, whose certificate was good when the registry was asked last. Answers when the PIN was typed or given up.
   */
  signInWithCard: operation('anyone')
    .input(z.object({ readerName: readerNameSchema, title: pinTitleSchema, role: z.enum(roles).optional() }))
    .output(sessionViewSchema),
  /** The same card and PIN1 after a lock. */
  unlockWithCard: operation('anyone', { whileLocked: true })
    .input(z.object({ readerName: readerNameSchema, title: pinTitleSchema }))
    .output(sessionViewSchema),
  /** Gives up typing the PIN on this reader. */
  cancelCard: operation('anyone', { whileLocked: true })
    .input(z.object({ readerName: readerNameSchema }))
    .output(z.object({ done: z.literal(true) })),
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
