import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorParamsSchema } from './base.ts';

/**
 * What the recovery page may ask of a core that runs without its database. Apart from the desk's own contract: none of the desk's operations
 * exists then, and neither does a session; the one act there is names its person itself.
 */
export const recoveryCountsSchema = z.object({
  /** Null: there was no good copy, the database is new. */
  backupAtMs: z.number().int().nullable(),
  actsRecovered: z.number().int(),
  actsLost: z.number().int(),
  actsToSend: z.number().int(),
  auditAside: z.number().int(),
  auditLost: z.number().int(),
});
export type RecoveryCounts = z.infer<typeof recoveryCountsSchema>;

const failureSchema = z.object({ params: errorParamsSchema.default({}), retryable: z.boolean().default(false) });
export const recoveryFailureCodes = [
  'SIGN_IN_REFUSED',
  'LOCKED_OUT',
  'OPERATOR_DISABLED',
  'FORBIDDEN',
  'OFFLINE_SIGN_IN_NOT_ALLOWED',
  'REGISTRY_UNREACHABLE',
  'REGISTRY_REFUSED_DESK',
  'DATABASE_IN_USE',
  'DISK_FULL',
  'MAINTENANCE_UNAVAILABLE',
  'RECOVERY_FAILED',
] as const;
export type RecoveryFailureCode = (typeof recoveryFailureCodes)[number];

const base = oc.errors(
  Object.fromEntries(recoveryFailureCodes.map((code) => [code, { data: failureSchema }])) as Record<
    RecoveryFailureCode,
    { data: typeof failureSchema }
  >,
);

export const recoveryContract = {
  recovery: {
    state: base.output(
      z.object({
        /** DATABASE_DAMAGED. */
        code: z.string(),
        officeName: z.string(),
        deskId: z.string(),
        /** The newest copies by their names; whether one is good is seen when it is used. */
        backups: z.array(z.object({ atMs: z.number().int(), sizeBytes: z.number().int() })),
        isWorking: z.boolean(),
        counts: recoveryCountsSchema.nullable(),
      }),
    ),
    /** Restores, by a supervisor or a rights administrator who proves himself with his password. */
    restore: base.input(z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200) })).output(recoveryCountsSchema),
    /** Ends this core; the shell starts it again, on the restored database. */
    resume: base.output(z.object({ done: z.boolean() })),
  },
};
