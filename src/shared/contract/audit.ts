import { z } from 'zod';
import { operation } from './base.ts';

export const auditContract = {
  list: operation('audit.view')
    .input(
      z.object({
        beforeSeq: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(200),
        act: z.string().max(60).optional(),
        operatorLogin: z.string().max(60).optional(),
      }),
    )
    .output(
      z.array(
        z.object({
          seq: z.number().int(),
          atMs: z.number().int(),
          act: z.string(),
          operatorLogin: z.string(),
          role: z.string(),
          applicationId: z.string(),
          detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
          hash: z.string(),
        }),
      ),
    ),
  /** Recomputes the chain from the first row; names the first bad one. */
  verify: operation('audit.view').output(
    z.object({
      rows: z.number().int(),
      firstBadSeq: z.number().int().nullable(),
      /** Seals that hold, the last row under one, and the last row under a head that the registry has countersigned. */
      seals: z.number().int(),
      sealedUptoSeq: z.number().int(),
      countersignedUptoSeq: z.number().int(),
    }),
  ),
};
