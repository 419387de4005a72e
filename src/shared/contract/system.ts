import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { offlineLimitNames } from '../rules/offline-limits.ts';
import { applicationStates } from '../rules/vocabulary.ts';
import { operation } from './base.ts';

export const linkStateSchema = z.object({
  /** `checking` only until the first probe after start. */
  state: z.enum(['online', 'offline', 'checking', 'frozen']),
  sinceMs: z.number().int(),
  /** Last answer in a code the screen can say in a sentence. */
  lastAnswer: z.object({ code: z.string(), atMs: z.number().int() }).nullable(),
});
export const queueStateSchema = z.object({
  queued: z.number().int(),
  attention: z.number().int(),
  unknown: z.number().int(),
  oldestAtMs: z.number().int().nullable(),
  attachmentsBytes: z.number().int(),
});

/** How near the bounds of working without the registry are; `uses` names those that are near or reached. Source: sync-and-reliability (b6) */
export const offlineVerdictSchema = z.object({
  level: z.enum(['fine', 'warning', 'reached']),
  uses: z.array(z.object({ limit: z.enum(offlineLimitNames), used: z.number(), max: z.number() })),
});

export const systemContract = {
  /** What the frame and the sign-in page need; cheap, no personal data. */
  status: operation('anyone', { whileLocked: true }).output(
    z.object({
      /** A screen of another version reloads itself before it asks anything else. */
      contractVersion: z.number().int(),
      mode: z.enum(['training', 'production']),
      appVersion: z.string(),
      officeId: z.string(),
      officeName: z.string(),
      deskId: z.string(),
      nowMs: z.number().int(),
      clockOffsetMs: z.number().int().nullable(),
      link: linkStateSchema,
      queue: queueStateSchema,
      limits: offlineVerdictSchema,
      /** Jumps and drifts of the device clock that no supervisor has read yet. */
      clockAlerts: z.number().int(),
      /** Incidents of the office that no supervisor has handled yet. */
      incidents: z.number().int(),
      languageProblems: z.array(z.string()),
      idleLockMs: z.number().int(),
      freeDiskBytes: z.number().int().nullable(),
    }),
  ),
  /** Facts, past tense; never control flow. A client that reconnects re-reads everything. */
  events: operation('anyone', { whileLocked: true }).output(
    eventIterator(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('application.changed'), applicationId: z.string(), state: z.enum(applicationStates) }),
        z.object({ type: z.literal('paper.changed'), applicationId: z.string().nullable(), paperId: z.string() }),
        z.object({ type: z.literal('package.changed'), packageNumber: z.string() }),
        z.object({ type: z.literal('pin_request.changed'), requestId: z.string() }),
        z.object({ type: z.literal('scan.changed'), applicationId: z.string() }),
        z.object({ type: z.literal('queue.changed'), queue: queueStateSchema }),
        z.object({ type: z.literal('link.changed'), link: linkStateSchema }),
        z.object({ type: z.literal('session.changed') }),
        z.object({ type: z.literal('operator.changed'), operatorId: z.string() }),
        z.object({ type: z.literal('register.changed'), on: z.string() }),
        z.object({ type: z.literal('incident.changed') }),
        /** Something happened at a reader, or to the card service: whoever shows cards looks anew. */
        z.object({ type: z.literal('card.changed') }),
        /** The PIN window waits at this address (single use, a minute); the screen opens it and never sees more of it. Empty: it has ended. */
        z.object({ type: z.literal('pin.window'), address: z.string() }),
        z.object({ type: z.literal('production.changed') }),
        z.object({ type: z.literal('dispatch.changed') }),
      ]),
    ),
  ),
};
export type DeskEvent =
  | { type: 'application.changed'; applicationId: string; state: (typeof applicationStates)[number] }
  | { type: 'paper.changed'; applicationId: string | null; paperId: string }
  | { type: 'package.changed'; packageNumber: string }
  | { type: 'pin_request.changed'; requestId: string }
  | { type: 'scan.changed'; applicationId: string }
  | { type: 'queue.changed'; queue: z.infer<typeof queueStateSchema> }
  | { type: 'link.changed'; link: z.infer<typeof linkStateSchema> }
  | { type: 'session.changed' }
  | { type: 'operator.changed'; operatorId: string }
  | { type: 'register.changed'; on: string }
  | { type: 'incident.changed' }
  | { type: 'card.changed' }
  | { type: 'pin.window'; address: string }
  | { type: 'production.changed' }
  | { type: 'dispatch.changed' };
export type LinkState = z.infer<typeof linkStateSchema>;
export type QueueState = z.infer<typeof queueStateSchema>;
