import { z } from 'zod';
import { operation } from './base.ts';

const runSchema = z.object({ atMs: z.number().int(), code: z.string() });

/** What a restoration came to, in numbers a person can be told. */
export const restorationSchema = z.object({
  id: z.number().int(),
  atMs: z.number().int(),
  cause: z.enum(['damaged', 'asked']),
  /** Null: there was no good copy, the database is new. */
  backupAtMs: z.number().int().nullable(),
  actsRecovered: z.number().int(),
  actsLost: z.number().int(),
  actsToSend: z.number().int(),
  auditAside: z.number().int(),
  auditLost: z.number().int(),
  /** What the registry knew of this desk; null until it was asked. */
  reconciliation: z
    .object({ known: z.number().int(), unknownHere: z.number().int(), settled: z.number().int(), lost: z.number().int() })
    .nullable(),
  isSeen: z.boolean(),
});
export type Restoration = z.infer<typeof restorationSchema>;

export const storageContract = {
  /** How safely the desk's own data lies; cheap, no personal data. */
  state: operation('sync.view').output(
    z.object({
      lastBackup: z.object({ atMs: z.number().int(), sizeBytes: z.number().int() }).nullable(),
      /** The newest attempt, when it failed after the last good one. */
      backupFailure: runSchema.nullable(),
      nextBackupAtMs: z.number().int(),
      lastCheck: runSchema.nullable(),
      lastDrill: runSchema.nullable(),
      space: z.object({ level: z.enum(['fine', 'warning', 'read_only']), freeBytes: z.number().int().nullable() }),
      /** Since when the registry's recovery key can bring the database key back; null: only this machine has the key. */
      keyWrappedAtMs: z.number().int().nullable(),
      /** When a start found that the machine had stopped in the middle of a write. */
      tailDroppedAtMs: z.number().int().nullable(),
      restoration: restorationSchema.nullable(),
    }),
  ),
  /** Makes a copy now. */
  backUp: operation('storage.care').output(z.object({ atMs: z.number().int(), sizeBytes: z.number().int() })),
  /** Somebody has read what the restoration came to; the notice goes, the row stays. */
  confirmRestoration: operation('storage.care')
    .input(z.object({ id: z.number().int() }))
    .output(z.object({ done: z.boolean() })),
};
