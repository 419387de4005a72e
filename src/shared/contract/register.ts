import { z } from 'zod';
import { syncWords } from '../rules/vocabulary.ts';
import { civilDateSchema, commandIdSchema, operation } from './base.ts';
import { paperViewSchema } from './paper.ts';

export const registerRowSchema = z.object({
  commandId: z.string(),
  applicationId: z.string(),
  kind: z.string(),
  atMs: z.number().int(),
  personMasked: z.string(),
  serials: z.array(z.string()),
  operatorName: z.string(),
  deskId: z.string(),
  documents: z.enum(['complete', 'incomplete', 'not_needed']),
  sync: z.enum(syncWords),
  review: z.enum(['none', 'reviewed', 'returned', 'corrected']),
  reviewReason: z.string(),
});
export type RegisterRow = z.infer<typeof registerRowSchema>;

/** Source: R-31; the day's register of the office */
export const registerContract = {
  day: operation('register.view')
    .input(z.object({ on: civilDateSchema }))
    .output(z.object({ on: civilDateSchema, rows: z.array(registerRowSchema), counts: z.record(z.string(), z.number().int()) })),
  /** Online: the registry's counts of the same day beside ours, each difference named. */
  compare: operation('register.view')
    .input(z.object({ on: civilDateSchema }))
    .output(
      z.object({
        atMs: z.number().int(),
        lines: z.array(z.object({ kind: z.string(), here: z.number().int(), registry: z.number().int() })),
        onlyHere: z.array(z.string()),
        onlyThere: z.array(z.string()),
      }),
    ),
  review: operation('register.review')
    .input(
      z.object({
        commandId: commandIdSchema,
        actCommandId: z.string(),
        verdict: z.enum(['reviewed', 'returned']),
        reason: z.string().max(500).default(''),
      }),
    )
    .output(registerRowSchema),
  /** Takes a document number, so FORBIDDEN for an auditor. */
  preparePaper: operation('register.view')
    .input(z.object({ commandId: commandIdSchema, on: civilDateSchema }))
    .output(paperViewSchema),
};
