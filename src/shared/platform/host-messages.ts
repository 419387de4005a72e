import { z } from 'zod';
import { deskConfigSchema } from './desk-config.ts';

/**
 * What the shell and its host processes (core, paper host, maintenance) say to each other over the parent port. Secrets travel here, never in arguments or
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
]);
export type HostReport = z.infer<typeof hostReportSchema>;

/** The shell's answer: whether the device keeps the key durably now. */
export const databaseKeyKeptSchema = z.object({ type: z.literal('databaseKeyKept'), isKept: z.boolean() });

/** For a host that only listens: the paper process and the maintenance process. */
export const listenerStartSchema = z.object({ type: z.literal('start'), socketPath: z.string() });
