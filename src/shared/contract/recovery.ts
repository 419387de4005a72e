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

/** The desk's question for its key, as two people compare it. */
export const keyQuestionSchema = z.object({
  /** Of the request that is made next; the registry answers with the same. */
  checkNumber: z.string(),
  /** Null: there is no wrapped key, neither beside the database nor in a backup. */
  wrap: z.object({ sealedAtMs: z.number().int(), recoveryKeyId: z.string(), databaseKeyId: z.string() }).nullable(),
});
/** The key is here again and kept by the device; the next start goes on. */
export const keyReturnedSchema = z.object({
  checkNumber: z.string(),
  firstLogin: z.string(),
  secondLogin: z.string(),
  recordedAtMs: z.number().int(),
});
export type KeyReturned = z.infer<typeof keyReturnedSchema>;
const credentialsSchema = z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200) });

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
  'FIRST_REFUSED',
  'SECOND_REFUSED',
  'FIRST_NOT_ALLOWED',
  'SECOND_NOT_ALLOWED',
  'SAME_PERSON',
  'DESK_REVOKED',
  'KEY_WRONG_DESK',
  'KEY_WRAP_DAMAGED',
  'KEY_WRAP_MISSING',
  'RECOVERY_KEY_GONE',
  'KEY_REQUEST_USED',
  'KEY_ANSWER_INVALID',
  'KEY_NOT_KEPT',
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
        /** DATABASE_DAMAGED or SECRET_MISSING. */
        code: z.string(),
        officeName: z.string(),
        deskId: z.string(),
        /** The newest copies by their names; whether one is good is seen when it is used. */
        backups: z.array(z.object({ atMs: z.number().int(), sizeBytes: z.number().int() })),
        isWorking: z.boolean(),
        counts: recoveryCountsSchema.nullable(),
        /** Only where the device has lost the key. */
        keyQuestion: keyQuestionSchema.nullable(),
        keyReturned: keyReturnedSchema.nullable(),
      }),
    ),
    /** Restores, by a supervisor or a rights administrator who proves himself with his password. */
    restore: base.input(z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200) })).output(recoveryCountsSchema),
    /** Brings the key back from the registry: one who works at the desk, and a supervisor. */
    returnKey: base.input(z.object({ first: credentialsSchema, second: credentialsSchema })).output(keyReturnedSchema),
    /** Ends this core; the shell starts it again, on the restored database. */
    resume: base.output(z.object({ done: z.boolean() })),
  },
};
