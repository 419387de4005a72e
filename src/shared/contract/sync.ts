import { z } from 'zod';
import { commandIdSchema, operation } from './base.ts';
import { linkStateSchema, offlineVerdictSchema, queueStateSchema } from './system.ts';

export const syncContract = {
  page: operation('sync.view').output(
    z.object({
      link: linkStateSchema,
      queue: queueStateSchema,
      limits: offlineVerdictSchema,
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
  /** Sends again a command that was set aside, under its own id. Of those who may change something; NOT_FOUND when it is not set aside. */
  sendAgain: operation('sync.view')
    .input(z.object({ commandId: commandIdSchema, targetId: commandIdSchema }))
    .output(z.object({ queue: queueStateSchema })),
};
