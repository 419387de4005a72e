import { z } from 'zod';
import { trainingCastSchema } from '../platform/desk-config.ts';
import { operation } from './base.ts';

/** The training menu: what the link and the registers should do next. Every operation answers FORBIDDEN in production. */
export const trainingFaultsSchema = z.object({
  isUnreachable: z.boolean(),
  outages: z.array(z.enum(['İAMAS', 'VMMS', 'VÖEN', 'MO', 'CA', 'MİP'])),
  latencyMs: z.number().int().min(0).max(60_000),
  failActivations: z.number().int().min(0).max(10),
  loseAnswers: z.number().int().min(0).max(10),
  /** The next `times` requests are answered with this status instead. */
  failWith: z.object({ status: z.number().int().min(400).max(599), times: z.number().int().min(1).max(20) }).nullable(),
  /** The registry shows an expired certificate: the desk must refuse it, never fall back. */
  useExpiredCertificate: z.boolean(),
});
export const trainingContract = {
  getFaults: operation('training.faults').output(trainingFaultsSchema),
  setFaults: operation('training.faults').input(trainingFaultsSchema).output(trainingFaultsSchema),
  /** People, organisations and SIMs to practise with. */
  listCast: operation('training.faults').output(trainingCastSchema),
};
