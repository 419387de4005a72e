import { z } from 'zod';
import { registryIncidentKinds } from '../rules/incidents.ts';

/**
 * An incident that the registry found out, as an entity of its office's change feed, so that a supervisor at any desk of the office hears of it; handled by
 * the command `incident.handle`. No personal data but the name of who handled it. Source: ADR-0025
 */
export const incidentEntitySchema = z.object({
  incidentId: z.string().max(80),
  deskId: z.string(),
  kind: z.enum(registryIncidentKinds),
  firstAtMs: z.number().int(),
  lastAtMs: z.number().int(),
  times: z.number().int().positive(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  handled: z.object({ atMs: z.number().int(), byLogin: z.string(), byName: z.string(), deskId: z.string(), note: z.string() }).nullable(),
});
export type IncidentEntity = z.infer<typeof incidentEntitySchema>;
