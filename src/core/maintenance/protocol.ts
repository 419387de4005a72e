import { z } from 'zod';
import { recoveryCountsSchema } from '../../shared/contract/recovery.ts';

/** Whose database; the key travels by message only and is kept no longer than the work takes. */
export interface MaintainedDesk {
  readonly file: string;
  readonly keyHex: string;
  readonly deskId: string;
}

/** What the core asks of the maintenance process. */
export type MaintenanceTask =
  | { readonly kind: 'verify_audit' }
  /** `isFull`: every index against its table as well, not only every page. */
  | { readonly kind: 'check'; readonly isFull: boolean }
  | { readonly kind: 'backup'; readonly nowMs: number; readonly freeAfterBytes: number }
  | { readonly kind: 'drill'; readonly nowMs: number; readonly freeAfterBytes: number }
  /** Only while no desk runs on the file. */
  | { readonly kind: 'restore'; readonly nowMs: number; readonly byLogin: string };
export interface MaintenanceRequest {
  readonly id: number;
  readonly desk: MaintainedDesk;
  readonly task: MaintenanceTask;
}

const count = z.number().int().nonnegative();
export const backupFactsSchema = z.object({ atMs: count, sizeBytes: count, auditRows: count, commands: count, applications: count });
export const drillFactsSchema = z.object({
  backupAtMs: count,
  sizeBytes: count,
  tookMs: count,
  auditRows: count,
  commands: count,
  applications: count,
});

/** Its answers are checked like any input: what crashed once may speak nonsense next. */
export const maintenanceAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('verified'),
    id: z.number(),
    rows: count,
    firstBadSeq: z.number().int().nullable(),
    seals: count,
    sealedUptoSeq: count,
    countersignedUptoSeq: count,
  }),
  z.object({ kind: z.literal('checked'), id: z.number(), isWhole: z.boolean(), pages: count }),
  z.object({ kind: z.literal('backed_up'), id: z.number(), facts: backupFactsSchema }),
  z.object({ kind: z.literal('drilled'), id: z.number(), facts: drillFactsSchema }),
  z.object({ kind: z.literal('restored'), id: z.number(), counts: recoveryCountsSchema }),
  z.object({ kind: z.literal('failed'), id: z.number(), code: z.string().max(40) }),
]);
export type MaintenanceAnswer = z.infer<typeof maintenanceAnswerSchema>;
