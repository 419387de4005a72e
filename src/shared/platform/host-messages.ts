import { z } from 'zod';
import { cardsConfigSchema, deskConfigSchema } from './desk-config.ts';

/**
 * What the shell and its host processes (core, paper host, maintenance, card host) say to each other over the parent port. Secrets travel here, never in arguments or
 * environment. A screen's port or socket travels beside `{type:'screen'}` as a transferred handle.
 */
export const coreStartSchema = z.object({
  type: z.literal('start'),
  /** All paths absolute. */
  config: deskConfigSchema,
  secrets: z.object({
    /** 64 hex digits; empty: the device has lost it, and the core may only ask for it. */
    databaseKey: z.string().regex(/^(?:[0-9a-f]{64})?$/),
    clientKeyPem: z.string(),
    signingKeyPem: z.string(),
  }),
  /** Socket or pipe of the paper host; empty when its port is transferred beside a `{type:'paper'}` message. */
  paperSocketPath: z.string(),
  /** The same of the maintenance process; its port comes beside `{type:'maintenance'}`. */
  maintenanceSocketPath: z.string(),
  /** The same of the card host; its port comes beside `{type:'cards'}`. Absent where the desk has no cards. */
  cardsSocketPath: z.string().optional(),
});
export type CoreStart = z.infer<typeof coreStartSchema>;

export const hostReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), tookMs: z.number(), parts: z.record(z.string(), z.number()) }),
  /** A start that cannot succeed: DATABASE_NEWER, DATABASE_KEY, DATABASE_DAMAGED, DATABASE_IN_USE, DISK_FULL, CONFIG_INCOMPLETE, NODE_TOO_OLD, INTERNAL. */
  z.object({ type: z.literal('failed'), code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
  /** The core runs without a desk and serves the recovery page only: the database is damaged and a person has to decide. */
  z.object({ type: z.literal('recovery'), code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
  /** The registry gave the key back: the shell keeps it as it keeps secrets and says `databaseKeyKept`. */
  z.object({ type: z.literal('databaseKey'), databaseKey: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ type: z.literal('stopped') }),
  /** The card host lives. One that is silent has been stopped by a driver, and is killed. */
  z.object({ type: z.literal('heartbeat') }),
  /** A driver does not come back from a command: nothing but the end of the process ends it. */
  z.object({ type: z.literal('hung') }),
  /** The PIN window waits here; the shell opens it. Empty: it has ended. */
  z.object({ type: z.literal('pinWindow'), address: z.string().regex(/^(?:http:\/\/localhost:\d{1,5}\/pin\?token=[\w-]{43})?$/) }),
]);
export type HostReport = z.infer<typeof hostReportSchema>;

/** The shell's answer: whether the device keeps the key durably now. */
export const databaseKeyKeptSchema = z.object({ type: z.literal('databaseKeyKept'), isKept: z.boolean() });

/** What the card host is started with. */
export const cardHostStartSchema = z.object({
  type: z.literal('start'),
  /** Empty where its port to the core is transferred beside `{type:'core'}`. */
  socketPath: z.string(),
  mode: z.enum(['training', 'production']),
  /** All paths absolute. */
  cards: cardsConfigSchema,
  /** Training keeps its card key there. */
  dataFolder: z.string(),
  /** The built page of the PIN window. */
  pinPageFolder: z.string(),
  /** Who opens the PIN window: the screen, told by the core's event, or the shell. */
  pinWindowBy: z.enum(['screen', 'shell']),
  /** Empty: there is none, or no token. */
  tokenPin: z.string(),
});
export type CardHostStart = z.infer<typeof cardHostStartSchema>;

/** For a host that only listens: the paper process and the maintenance process. */
export const listenerStartSchema = z.object({ type: z.literal('start'), socketPath: z.string() });
