import { z } from 'zod';
import { packageNumberSchema } from '../registry-api/card-commands.ts';
import { packageStates } from '../rules/vocabulary.ts';
import { commandIdSchema, operation } from './base.ts';
import { paperViewSchema } from './paper.ts';

export const readyCardSchema = z.object({
  runId: z.string(),
  applicationId: z.string(),
  cardSerial: z.string(),
  envelopeNumber: z.string(),
  holderName: z.string(),
  dueAtMs: z.number().int(),
});

const spoiltLineSchema = z.object({ serial: z.string(), reason: z.string() });

/** Matched cards of one office that are in no package yet. */
export const readyOfficeSchema = z.object({
  officeId: z.string(),
  officeName: z.string(),
  cards: z.array(readyCardSchema),
  /** Spoilt cards of the office's requests, of which no register has told yet. */
  spoilt: z.array(spoiltLineSchema),
});
export type ReadyOffice = z.infer<typeof readyOfficeSchema>;

export const packageViewSchema = z.object({
  packageNumber: z.string(),
  state: z.enum(packageStates),
  isHere: z.boolean(),
  toOfficeName: z.string(),
  cards: z.array(z.object({ cardSerial: z.string(), envelopeNumber: z.string(), holderName: z.string() })),
  spoilt: z.array(spoiltLineSchema),
  courierName: z.string(),
  courierFin: z.string(),
  registerNumber: z.string(),
  preparedAtMs: z.number().int(),
  dispatchedAtMs: z.number().int().nullable(),
  papers: z.array(paperViewSchema),
});
export type PackageView = z.infer<typeof packageViewSchema>;

/** Packages of cards and envelopes on their way to the offices; their papers are read and printed like all others. Source: PRS-10..PRS-16, COU-01 */
export const dispatchContract = {
  ready: operation('card.dispatch').output(z.array(readyOfficeSchema)),
  packages: operation('card.dispatch').output(z.array(packageViewSchema)),
  /** PACKAGE_EMPTY for none, PACKAGE_TOO_LARGE for more than 500, CARD_NOT_READY for one that is not matched or in another package. */
  prepare: operation('card.dispatch')
    .input(z.object({ commandId: commandIdSchema, officeId: z.string().min(1).max(40), runIds: z.array(z.string()).max(1000) }))
    .output(packageViewSchema),
  /** Before the papers are made: they name him. Source: PRS-12 */
  nameCourier: operation('card.dispatch')
    .input(
      z.object({
        commandId: commandIdSchema,
        packageNumber: packageNumberSchema,
        courierName: z.string().max(120),
        courierFin: z.string().max(20),
      }),
    )
    .output(packageViewSchema),
  /** F-25 in three copies and F-24 in two; answers those that are there and not spoilt. */
  preparePapers: operation('card.dispatch')
    .input(z.object({ commandId: commandIdSchema, packageNumber: packageNumberSchema }))
    .output(packageViewSchema),
  /** Address checked, every copy signed: the courier has it. Queued for the registry. Source: PRS-13..PRS-16, PKG-02, COU-01 */
  send: operation('card.dispatch')
    .input(
      z.object({
        commandId: commandIdSchema,
        packageNumber: packageNumberSchema,
        isAddressChecked: z.boolean(),
        areCopiesSigned: z.boolean(),
      }),
    )
    .output(packageViewSchema),
};
