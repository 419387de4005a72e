import { z } from 'zod';
import { incidentKinds } from '../rules/incidents.ts';
import { commandIdSchema, errorParamsSchema, operation } from './base.ts';

export const incidentRowSchema = z.object({
  incidentId: z.string(),
  kind: z.enum(incidentKinds),
  deskId: z.string(),
  isHere: z.boolean(),
  /** By the registry's clock as far as it is known, so that a wrong device clock puts nothing in a wrong place. */
  atMs: z.number().int(),
  params: errorParamsSchema,
  handled: z.object({ atMs: z.number().int(), byName: z.string(), note: z.string() }).nullable(),
});
export type IncidentRow = z.infer<typeof incidentRowSchema>;

export const incidentContract = {
  /** What happened to this desk, and what the registry tells of the other desks of the office; open ones first, then the newest first. */
  list: operation('audit.view').output(z.object({ rows: z.array(incidentRowSchema), open: z.number().int() })),
  /** A supervisor has dealt with it and says how. NOT_FOUND when there is no such incident, STEP_NOT_POSSIBLE when it was handled before. */
  handle: operation('register.review')
    .input(z.object({ commandId: commandIdSchema, incidentId: z.string().min(1).max(80), note: z.string().min(3).max(500) }))
    .output(z.object({ open: z.number().int() })),
};
