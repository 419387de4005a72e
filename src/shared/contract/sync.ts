import { z } from 'zod';
import { conflictChoices, dataClasses } from '../rules/conflict.ts';
import { clockEventKinds } from '../rules/trusted-time.ts';
import { roles } from '../rules/vocabulary.ts';
import { commandIdSchema, operation } from './base.ts';
import { linkStateSchema, offlineVerdictSchema, queueStateSchema } from './system.ts';

export const syncContract = {
  page: operation('sync.view').output(
    z.object({
      link: linkStateSchema,
      queue: queueStateSchema,
      limits: offlineVerdictSchema,
      /** The desk's places in the registry's sequence: taken here, still open, proven there; and what had to be sent again. */
      places: z.object({
        taken: z.number().int(),
        open: z.number().int(),
        proven: z.number().int(),
        checkedAtMs: z.number().int().nullable(),
        sentAgain: z.number().int(),
        different: z.number().int(),
      }),
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
  /** Both sides of a conflict, and what each answer would do; `stop` says why an answer is not offered. NOT_FOUND when it was answered. */
  conflict: operation('sync.view')
    .input(z.object({ targetId: commandIdSchema }))
    .output(
      z.object({
        applicationId: z.string(),
        kind: z.string(),
        dataClass: z.enum(dataClasses),
        /** Another desk held the case; nothing of it was changed. */
        isAboutLease: z.boolean(),
        mine: z.object({ atMs: z.number().int(), operatorName: z.string(), role: z.enum(roles), baseRev: z.number().int().nullable() }),
        theirs: z.object({
          rev: z.number().int(),
          state: z.string(),
          lastAct: z.object({ kind: z.string(), atMs: z.number().int(), operatorName: z.string(), deskId: z.string() }).nullable(),
          holderDeskId: z.string(),
        }),
        choices: z.array(
          z.object({
            choice: z.enum(conflictChoices),
            stop: z.enum(['NOT_YOUR_RIGHT', 'LEASE_HELD', 'ONLINE_ACT', 'CASE_IS_OVER']).nullable(),
          }),
        ),
      }),
    ),
  /** A person's answer; `send_again` makes a new command that names the old one. */
  resolve: operation('sync.view')
    .input(z.object({ commandId: commandIdSchema, targetId: commandIdSchema, choice: z.enum(conflictChoices) }))
    .output(z.object({ queue: queueStateSchema })),
  /** What a file of unsent acts would hold, where it would go, and how far one that is being written has come. */
  exportState: operation('storage.care').output(
    z.object({
      acts: z.number().int(),
      attachments: z.number().int(),
      attachmentBytes: z.number().int(),
      folder: z.string(),
      /** Why none can be written now: NOTHING_TO_EXPORT or EXPORT_KEY_UNKNOWN. */
      stop: z.string().nullable(),
      progress: z.object({ doneBytes: z.number(), totalBytes: z.number() }).nullable(),
    }),
  ),
  /** Writes all unsent acts into a file for the registry; the queue stays as it is. QUEUE_CHANGED when it is not `acts` any more. */
  exportQueue: operation('storage.care')
    .input(z.object({ acts: z.number().int().nonnegative() }))
    .output(
      z.object({
        /** Whole path. */
        file: z.string(),
        acts: z.number().int(),
        attachments: z.number().int(),
        attachmentBytes: z.number().int(),
        sizeBytes: z.number().int(),
        sha256: z.string(),
      }),
    ),
  /** Writes a file for support: versions, settings, counts and codes; no personal data, no keys. */
  helpPackage: operation('sync.view').output(z.object({ file: z.string(), sizeBytes: z.number().int() })),
  /** A supervisor has read what became of the clock. */
  markClockSeen: operation('register.review')
    .input(z.object({ commandId: commandIdSchema }))
    .output(z.object({ seen: z.number().int() })),
  /** Sends again a command that was set aside, under its own id. Of those who may change something; NOT_FOUND when it is not set aside. */
  sendAgain: operation('sync.view')
    .input(z.object({ commandId: commandIdSchema, targetId: commandIdSchema }))
    .output(z.object({ queue: queueStateSchema })),
};
