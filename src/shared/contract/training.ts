import { z } from 'zod';
import { trainingCastSchema } from '../platform/desk-config.ts';
import { operation } from './base.ts';

/** The training menu: what the link and the registers should do next. Every operation answers FORBIDDEN in production. */
export const trainingFaultsSchema = z.object({
  isUnreachable: z.boolean(),
  outages: z.array(z.enum(['İAMAS', 'VMMS', 'VÖEN', 'MO', 'CA', 'MİP', 'X-06'])),
  latencyMs: z.number().int().min(0).max(60_000),
  failActivations: z.number().int().min(0).max(10),
  loseAnswers: z.number().int().min(0).max(10),
  /** The next `times` requests are answered with this status instead. */
  failWith: z.object({ status: z.number().int().min(400).max(599), times: z.number().int().min(1).max(20) }).nullable(),
  /** The registry shows an expired certificate: the desk must refuse it, never fall back. */
  useExpiredCertificate: z.boolean(),
});
/** Virtual cards and the readers they are in. `link`: whether the machine's card service shows them, or the card host reaches them straight. */
export const virtualCardsSchema = z.object({
  link: z.enum(['pcsc', 'direct', 'none']),
  readers: z.array(z.object({ name: z.string(), chipSerialHex: z.string().nullable() })),
  cards: z.array(z.object({ chipSerialHex: z.string(), readerName: z.string().nullable(), life: z.enum(['open', 'closed']) })),
});
const readerName = z.string().min(1).max(200);

export const trainingContract = {
  getFaults: operation('training.faults').output(trainingFaultsSchema),
  setFaults: operation('training.faults').input(trainingFaultsSchema).output(trainingFaultsSchema),
  /** People, organisations and SIMs to practise with. */
  listCast: operation('training.faults').output(trainingCastSchema),
  listCards: operation('training.faults').output(virtualCardsSchema),
  /** A new blank card, in no reader. */
  createCard: operation('training.faults').output(virtualCardsSchema),
  insertCard: operation('training.faults')
    .input(z.object({ readerName, chipSerialHex: z.string().regex(/^[0-9A-F]{20}$/) }))
    .output(virtualCardsSchema),
  ejectCard: operation('training.faults').input(z.object({ readerName })).output(virtualCardsSchema),
};
