import { z } from 'zod';
import { cardHostStatusSchema, cardKeys, pinTriesSchema } from '../card-host/host-protocol.ts';
import { cardFindingSchema } from '../rules/card-diagnosis.ts';
import { cardActions, cardActionReasons } from '../rules/card-service.ts';
import { certificateStates } from '../rules/vocabulary.ts';
import { commandIdSchema, operation, readerNameSchema } from './base.ts';

const chipSerialHexSchema = z.string().regex(/^[0-9A-F]{20}$/);
const pinSchema = z.enum(['pin1', 'pin2']);

export const cardCertificateViewSchema = z.object({
  key: z.enum(cardKeys),
  serial: z.string(),
  holder: z.string(),
  issuer: z.string(),
  notBeforeMs: z.number().int(),
  notAfterMs: z.number().int(),
  status: z.object({
    /** Null: the registry never gave it, or was never asked. */
    state: z.enum(certificateStates).nullable(),
    /** `registry`: told just now; `remembered`: told at `atMs`; `unknown`: never told, or the card is of another authority. */
    source: z.enum(['registry', 'remembered', 'unknown']),
    atMs: z.number().int().nullable(),
  }),
});

export const readerCardViewSchema = z.object({
  atrHex: z.string(),
  profile: z.enum(['asan_id', 'other']),
  chipSerialHex: z.string(),
  cardSerial: z.string(),
  life: z.enum(['blank', 'open', 'closed', 'unknown']),
  tries: pinTriesSchema.nullable(),
  certificates: z.array(cardCertificateViewSchema).max(2),
  /** What can be done with it now, and why not. */
  actions: z.array(z.object({ action: z.enum(cardActions), reason: z.enum(cardActionReasons).nullable() })),
  /** The case this card belongs to, where this office has it. */
  applicationId: z.string().nullable(),
  /** Another is being typed a PIN for: what is shown is as it was before. */
  isBusy: z.boolean(),
});

export const readerViewSchema = z.object({
  readerName: readerNameSchema,
  hasPinPad: z.boolean(),
  /** Null: no card, or one that could not be read; `code` says why. */
  card: readerCardViewSchema.nullable(),
  code: z.string(),
});
export type ReaderView = z.infer<typeof readerViewSchema>;
export type ReaderCardView = z.infer<typeof readerCardViewSchema>;
export type CardCertificateView = z.infer<typeof cardCertificateViewSchema>;

const pinAct = z.object({ readerName: readerNameSchema, chipSerialHex: chipSerialHexSchema, pin: pinSchema });

/** Card service at the desk. The holder types in the PIN window or on the pad; no code ever comes here. Source: issue 4 §5; C-27 */
export const cardContract = {
  /** Every reader and what is on its card. `code` is empty, or says why no reader can be seen. */
  readers: operation('card.service').output(
    z.object({ code: z.string(), link: z.enum(['pcsc', 'direct', 'none']), readers: z.array(readerViewSchema).max(32) }),
  ),
  /** Answers when the holder typed, or gave up: PIN_CANCELLED, PIN_WRONG, PIN_BLOCKED, PIN_WEAK, PUK_SPENT, CARD_EXCHANGED. */
  changePin: operation('card.service')
    .input(pinAct)
    .output(z.object({ tries: pinTriesSchema })),
  unblockPin: operation('card.service')
    .input(pinAct)
    .output(z.object({ tries: pinTriesSchema })),
  cancel: operation('card.service')
    .input(z.object({ readerName: readerNameSchema }))
    .output(z.object({ done: z.literal(true) })),
  /** Registers that the card in the reader is blocked, or in use again; what it says of itself decides which. Queued. Source: CR-05 */
  recordBlock: operation('card.service')
    .input(z.object({ commandId: commandIdSchema, readerName: readerNameSchema, chipSerialHex: chipSerialHexSchema }))
    .output(z.object({ isBlocked: z.boolean() })),
  /** Whatever role, whatever is missing. */
  diagnosis: operation('signed_in').output(
    z.object({ status: cardHostStatusSchema.nullable(), findings: z.array(cardFindingSchema), atMs: z.number().int() }),
  ),
};
