import { z } from 'zod';
import { clockEventKinds } from '../rules/trusted-time.ts';
import { commandIdSchema, operation } from './base.ts';
import { linkStateSchema, offlineVerdictSchema, queueStateSchema } from './system.ts';

export const syncContract = {
  page: operation('sync.view').output(
    z.object({
      link: linkStateSchema,
      queue: queueStateSchema,
      limits: offlineVerdictSchema,
      /** Our clock beside the registry's, and what became of it, newest first. */
      clock: z.object({
        offsetMs: z.number().int().nullable(),
        errorMs: z.number().int().nullable(),
        unseen: z.number().int(),
        events: z.array(
          z.object({
            id: z.number().int(),
            kind: z.enum(clockEventKinds),
            atMs: z.number().int(),
            byMs: z.number().int(),
            seenBy: z.string(),
          }),
        ),
      }),
      /** The registry's signed policy; null while it has given none, and the defaults hold. */
      policy: z
        .object({
          version: z.number().int(),
          validUntilMs: z.number().int(),
          maxOfflineHours: z.number().int(),
          maxOfflineCommands: z.number().int(),
          minFreeBytes: z.number().int(),
        })
        .nullable(),
      /** Null when nothing waits. */
      nextTryAtMs: z.number().int().nullable(),
      rows: z.array(
        z.object({
          commandId: z.string(),
          kind: z.string(),
          applicationId: z.string(),
          atMs: z.number().int(),
          operatorName: z.string(),
          state: z.enum(['queued', 'conflict', 'parked', 'rejected', 'unknown']),
          attempts: z.number().int(),
          lastAnswer: z.string(),
          sizeBytes: z.number().int(),
        }),
      ),
      lastDrain: z.object({ atMs: z.number().int(), commands: z.number().int(), tookMs: z.number().int() }).nullable(),
    }),
  ),
  /** Resets the backoff and tries now; answers what the try came to. */
  sendNow: operation('sync.view').output(z.object({ link: linkStateSchema, queue: queueStateSchema })),
  /** A supervisor has read what became of the clock. */
  markClockSeen: operation('register.review')
    .input(z.object({ commandId: commandIdSchema }))
    .output(z.object({ seen: z.number().int() })),
  /** Sends again a command that was set aside, under its own id. Of those who may change something; NOT_FOUND when it is not set aside. */
  sendAgain: operation('sync.view')
    .input(z.object({ commandId: commandIdSchema, targetId: commandIdSchema }))
    .output(z.object({ queue: queueStateSchema })),
};
