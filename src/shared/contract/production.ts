import { z } from 'zod';
import { cardSerialSchema, spoilReasons } from '../registry-api/card-commands.ts';
import { journalSteps } from '../rules/personalisation-journal.ts';
import { signingKinds } from '../rules/vocabulary.ts';
import { commandIdSchema, errorParamsSchema, operation, pieceSchema } from './base.ts';

/** A card in the making, or made and not yet carried away. */
const runViewSchema = z.object({
  runId: z.string(),
  cardSerial: z.string(),
  envelopeNumber: z.string(),
  state: z.enum(['making', 'made']),
  /** Steps done of `stepCount`, and the one that was begun last. */
  stepsDone: z.number().int(),
  stepCount: z.number().int(),
  step: z.enum(journalSteps).nullable(),
  /** Why the last step did not end well; empty otherwise. */
  code: z.string(),
  isRunning: z.boolean(),
  isMatched: z.boolean(),
  isFacePrinted: z.boolean(),
  packageNumber: z.string(),
});
export type RunView = z.infer<typeof runViewSchema>;

export const productionRowSchema = z.object({
  applicationId: z.string(),
  officeId: z.string(),
  officeName: z.string(),
  holderName: z.string(),
  fin: z.string(),
  signingKind: z.enum(signingKinds),
  organisationName: z.string(),
  photo: z.enum(['register', 'attachment', 'none']),
  sinceMs: z.number().int(),
  dueAtMs: z.number().int(),
  deadline: z.enum(['ok', 'soon', 'breached']),
  run: runViewSchema.nullable(),
  spoiltCards: z.array(z.object({ serial: z.string(), reason: z.string() })),
});
export type ProductionRow = z.infer<typeof productionRowSchema>;

const failureSchema = z.object({ code: z.string(), params: errorParamsSchema });

/** What the person at the reader is asked for now. */
export const batchPromptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('remove') }),
  z.object({ kind: z.literal('no_stock') }),
  z.object({ kind: z.literal('insert'), applicationId: z.string(), serial: z.string() }),
  z.object({ kind: z.literal('working'), applicationId: z.string(), serial: z.string() }),
  z.object({ kind: z.literal('refused'), failure: failureSchema }),
  z.object({ kind: z.literal('decide'), runId: z.string(), applicationId: z.string(), failure: failureSchema.nullable() }),
]);

export const batchViewSchema = z.object({
  batchId: z.string(),
  state: z.enum(['running', 'paused', 'stopped', 'done']),
  beganAtMs: z.number().int(),
  readerName: z.string(),
  items: z.array(z.object({ applicationId: z.string(), state: z.enum(['waiting', 'making', 'made', 'left']) })),
  prompt: batchPromptSchema,
  /** From the cards made lately; null while none was. */
  remainingMs: z.number().int().nullable(),
});
export type BatchViewData = z.infer<typeof batchViewSchema>;

export const blankViewSchema = z.object({
  serial: z.string(),
  deliveryId: z.string(),
  state: z.enum(['free', 'used', 'written_off']),
  reason: z.string(),
  note: z.string(),
  atMs: z.number().int(),
});
export type BlankView = z.infer<typeof blankViewSchema>;

const stockCountsSchema = z.object({ free: z.number().int(), used: z.number().int(), written_off: z.number().int() });
const nothing = z.object({});
const runIds = z.array(z.string().min(1).max(60)).min(1).max(500);

/** The personalisation desk. Source: PRS-01..PRS-09 */
export const productionContract = {
  /** Requests whose card is not carried away yet, by office and deadline; stock, envelopes and the batch beside them. */
  work: operation('card.personalise').output(
    z.object({
      rows: z.array(productionRowSchema),
      stock: stockCountsSchema,
      envelopes: z.object({ printed: z.number().int(), spoilt: z.number().int() }),
      batch: batchViewSchema.nullable(),
    }),
  ),
  /** The readers as the card host sees them now. */
  readers: operation('card.personalise').output(
    z.object({
      link: z.enum(['pcsc', 'direct', 'none']),
      readers: z.array(z.object({ name: z.string(), hasCard: z.boolean() })),
      isTokenReady: z.boolean(),
      isMailerReady: z.boolean(),
    }),
  ),
  /** BATCH_OPEN while another one runs or rests. An empty `readerName`: whichever reader has the card. */
  startBatch: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, applicationIds: z.array(z.uuid()).min(1).max(500), readerName: z.string().max(200) }))
    .output(nothing),
  pauseBatch: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema }))
    .output(nothing),
  resumeBatch: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema }))
    .output(nothing),
  stopBatch: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema }))
    .output(nothing),
  /** The serial on the next card was scanned: that one and not the next of the pack. CARD_NOT_IN_STOCK */
  chooseSerial: operation('card.personalise')
    .input(z.object({ serial: cardSerialSchema }))
    .output(nothing),
  /** What may be done with a half-made card; looks at the card in the reader. */
  inspect: operation('card.personalise')
    .input(z.object({ runId: z.string() }))
    .output(
      z.object({
        sight: z.enum(['none', 'another', 'this']),
        action: z.enum(['continue', 'wipe', 'scrap', 'insert', 'abandoned', 'finished']),
        step: z.enum(journalSteps).nullable(),
        mayContinue: z.boolean(),
        mayWipe: z.boolean(),
        mayScrap: z.boolean(),
      }),
    ),
  /** CARD_NEEDS_DECISION where the journal and the card say that it is not safe. */
  resumeCard: operation('card.personalise')
    .input(z.object({ runId: z.string(), how: z.enum(['continue', 'wipe']) }))
    .output(nothing),
  /** A half-made card is laid aside for later; the batch goes on. */
  leaveCard: operation('card.personalise')
    .input(z.object({ applicationId: z.string() }))
    .output(nothing),
  /** The card is out for good and the request waits for another one. */
  scrapCard: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, runId: z.string(), reason: z.enum(spoilReasons), note: z.string().max(500) }))
    .output(nothing),
  /**
   * The barcodes of a card and of its envelope. M-18 when they do not belong together: nothing is changed, and the person says whether the card is spoilt.
   * CARD_MATCHED when it was done before; ENVELOPE_OLD for an envelope that was replaced. Source: PRS-06, PRS-07
   */
  match: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, card: z.string().min(1).max(40), envelope: z.string().min(1).max(40) }))
    .output(z.object({ runId: z.string(), holderName: z.string(), officeName: z.string(), left: z.number().int() })),
  stock: operation('card.personalise').output(z.object({ counts: stockCountsSchema, rows: z.array(blankViewSchema) })),
  /** Serials that are known already are named and not taken in twice. */
  takeIn: operation('card.personalise')
    .input(
      z.object({
        commandId: commandIdSchema,
        deliveryId: z.string().min(1).max(60),
        serials: z.array(cardSerialSchema).min(1).max(1000),
        note: z.string().max(500),
      }),
    )
    .output(z.object({ taken: z.number().int(), known: z.array(z.string()) })),
  writeOff: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, serial: cardSerialSchema, reason: z.enum(spoilReasons), note: z.string().max(500) }))
    .output(nothing),
  /** Both sides of a card as they are printed, PDF. PHOTO_MISSING when there is no picture. */
  face: operation('card.personalise')
    .input(z.object({ runId: z.string() }))
    .output(z.object({ base64: pieceSchema, totalBytes: z.number().int() })),
  /** To the card printer's queue, in the order given. */
  printFaces: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, runIds, printer: z.string().min(1).max(200) }))
    .output(z.object({ printed: z.number().int() })),
  /** What lies in the folder that Asure ID reads. Source: PRS-04, PRS-08 */
  asure: operation('card.personalise').output(
    z.object({ isConfigured: z.boolean(), hasProgram: z.boolean(), serials: z.array(z.string()), oldestAtMs: z.number().int().nullable() }),
  ),
  /** Writes the rows and starts the program where one is configured. ASURE_NOT_CONFIGURED, ASURE_FOLDER */
  asureHandOver: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, runIds }))
    .output(z.object({ rows: z.number().int() })),
  /** They came out of the printer: their rows go. */
  asureDone: operation('card.personalise')
    .input(z.object({ commandId: commandIdSchema, serials: z.array(cardSerialSchema).max(500) }))
    .output(z.object({ rows: z.number().int() })),
};
