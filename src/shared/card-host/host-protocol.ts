import { z } from 'zod';
import { cardFaultKinds } from './card-port.ts';

/**
 * What the core and the card host say to each other over their channel. A request carries an `id` and is answered once by `done` or `failed` with the
 * same id; `event` comes unasked. No message ever carries a PIN, a PUK or an issuer code in either direction: they are made, typed, used, printed and
 * wiped in the card host (ADR-0027). What the core believes of the card host is no more than these schemas.
 */
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const hex = (length: number): z.ZodString => z.string().regex(new RegExp(`^[0-9A-F]{${length * 2}}$`));
/** Of the holder, where it is known: a new PIN may not be made of it. */
const bornOn = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const readerName = z.string().min(1).max(200);

export const keyAlgorithms = ['rsa-2048', 'p-256', 'p-384'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** `auth` is proven with PIN1, `sign` with PIN2 for every single signature. */
export const cardKeys = ['auth', 'sign'] as const;
export type CardKeyName = (typeof cardKeys)[number];

/** Tries left: of PIN1, PIN2, and of the PUK kept beside each. 0 = blocked. */
export const pinTriesSchema = z.object({
  pin1: z.number().int().min(0).max(15),
  pin2: z.number().int().min(0).max(15),
  puk1: z.number().int().min(0).max(15),
  puk2: z.number().int().min(0).max(15),
});
export type PinTries = z.infer<typeof pinTriesSchema>;

/** What a card says of itself without any code. */
export const cardSightSchema = z.object({
  readerName,
  atrHex: z.string().regex(/^(?:[0-9A-F]{2}){2,33}$/),
  /** `asan_id`: our profile; `other`: a card that none of our profiles knows, and nothing further is said of it. */
  profile: z.enum(['asan_id', 'other']),
  /** The chip's own number, never changed by anybody; empty for `other`. */
  chipSerialHex: z.string().regex(/^(?:[0-9A-F]{20})?$/),
  /** `blank`: nothing on it; `open`: personalisation begun and not closed, every access condition open; `closed`: in use. */
  life: z.enum(['blank', 'open', 'closed', 'unknown']),
  /** The card serial of the office's registers, from the card's own TokenInfo; empty while there is none. */
  cardSerial: z.string().max(40),
  tries: pinTriesSchema.nullable(),
  certificates: z.array(z.object({ key: z.enum(cardKeys), der: bytes })).max(2),
});
export type CardSight = z.infer<typeof cardSightSchema>;

const stepCommon = {
  readerName,
  /** The chip that the journal began with: another one in the reader is refused (CARD_EXCHANGED) before anything is written. */
  chipSerialHex: hex(10),
  cardSerial: z.string().min(1).max(40),
};

export const cardHostRequestSchema = z.discriminatedUnion('kind', [
  /** Readers, service, link, token, printer: for the diagnostics page. Answer: `status`. */
  z.object({ kind: z.literal('status') }),
  /** Answer: `sight`. */
  z.object({ kind: z.literal('read_card'), readerName }),
  /** Deletes everything; needs the derived issuer code on a closed card. Idempotent. Answer: `step`. */
  z.object({ kind: z.literal('wipe'), ...stepCommon }),
  /** Makes PIN1 and PIN2 by chance, derives PUK and issuer code, writes the records. The PINs stay in the host until `envelope` or its end. */
  z.object({ kind: z.literal('codes'), ...stepCommon }),
  /** Generates both keys on the chip. Answer: `keys`. */
  z.object({ kind: z.literal('keys'), ...stepCommon, algorithm: z.enum(keyAlgorithms) }),
  /** PKCS#10 requests signed by the chip. Answer: `requests`. */
  z.object({ kind: z.literal('requests'), ...stepCommon, algorithm: z.enum(keyAlgorithms) }),
  /** Checks each certificate against its key on the chip, then writes it. CERTIFICATE_OTHER_KEY changes nothing. */
  z.object({ kind: z.literal('certificates'), ...stepCommon, auth: bytes, sign: bytes }),
  /** The PKCS#15 directory files. */
  z.object({ kind: z.literal('objects'), ...stepCommon, algorithm: z.enum(keyAlgorithms) }),
  /** Closes the personalisation: access conditions apply from here on. Idempotent. */
  z.object({ kind: z.literal('close'), ...stepCommon }),
  /**
   * Resets the card, reads everything back byte for byte, has both keys sign a challenge with their PINs and checks them against the certificates, reads
   * the tries and that a signature without a PIN is refused. CODES_GONE when the host no longer has the PINs.
   */
  z.object({ kind: z.literal('verify'), ...stepCommon, auth: bytes, sign: bytes }),
  /**
   * Prints the envelope `envelopeNumber` blind to the mailer printer and forgets the PINs, printed or not: the same number is never printed twice.
   * CODES_GONE, ENVELOPE_USED, MAILER_FAILED (the envelope is spoilt then).
   */
  z.object({ kind: z.literal('envelope'), ...stepCommon, envelopeNumber: z.string().min(1).max(40), holderLabel: z.string().max(120) }),
  /** New PIN1 and PIN2 by chance through the derived PUK (re-issue; or when the host lost them before `envelope`). PUK_SPENT when it is used up. */
  z.object({ kind: z.literal('new_codes'), ...stepCommon }),
  /** Card service: opens the PIN window for the holder and does what he asked for. Answer: `pin_done`; PIN_CANCELLED, PIN_WRONG, PIN_BLOCKED, PUK_SPENT. */
  z.object({ kind: z.literal('change_pin'), readerName, chipSerialHex: hex(10), pin: z.enum(['pin1', 'pin2']), bornOn: bornOn.optional() }),
  z.object({
    kind: z.literal('unblock_pin'),
    readerName,
    chipSerialHex: hex(10),
    pin: z.enum(['pin1', 'pin2']),
    bornOn: bornOn.optional(),
  }),
  /**
   * The operator's own card signs `content` (SHA-256 and the key's algorithm; ECDSA as DER) after its PIN was typed in the PIN window or on the pad.
   * `title` says on the PIN window what is signed. Answer: `signature`.
   */
  z.object({ kind: z.literal('sign'), readerName, key: z.enum(cardKeys), content: bytes, title: z.string().max(200) }),
  /** Ends what runs on this reader as soon as the card allows. */
  z.object({ kind: z.literal('cancel'), readerName }),
]);
export type CardHostRequest = z.infer<typeof cardHostRequestSchema>;
export type CardHostRequestKind = CardHostRequest['kind'];

/** Codes of `failed`; each has a sentence on the screen that says what to do. */
export const cardHostFailures = [
  ...cardFaultKinds,
  'CARD_NOT_OURS',
  'CARD_EXCHANGED',
  'CARD_IN_USE',
  'CARD_NOT_OPEN',
  'CARD_NOT_CLOSED',
  /** The card answered a status word that the step does not expect; `params.sw` has it. */
  'CARD_REFUSED',
  'CARD_CHECK_FAILED',
  'CERTIFICATE_OTHER_KEY',
  'CODES_GONE',
  'ENVELOPE_USED',
  'MAILER_FAILED',
  'TOKEN_MISSING',
  'TOKEN_FAILED',
  'PIN_CANCELLED',
  'PIN_WRONG',
  'PIN_BLOCKED',
  'PIN_WEAK',
  'PUK_SPENT',
  'CANCELLED',
  'CARD_HOST_FAILED',
] as const;
export type CardHostFailure = (typeof cardHostFailures)[number];

export const cardHostStatusSchema = z.object({
  link: z.enum(['pcsc', 'direct', 'none']),
  isServiceRunning: z.boolean(),
  /** Native packages that could not be loaded. */
  missing: z.array(z.enum(['smartcard', 'pkcs11js'])),
  readers: z
    .array(
      z.object({
        name: readerName,
        hasPinPad: z.boolean(),
        atrHex: z.string().nullable(),
        profile: z.enum(['asan_id', 'other']).nullable(),
      }),
    )
    .max(32),
  token: z.object({ kind: z.enum(['pkcs11', 'training', 'none']), label: z.string(), isReady: z.boolean() }),
  mailer: z.object({ kind: z.enum(['device', 'file', 'none']), isReady: z.boolean() }),
});
export type CardHostStatus = z.infer<typeof cardHostStatusSchema>;

const id = z.number().int().nonnegative();
export const cardHostAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), id, status: cardHostStatusSchema }),
  z.object({ kind: z.literal('sight'), id, sight: cardSightSchema }),
  /** `apdus`: how many commands the card got for it; `tookMs` of them. */
  z.object({ kind: z.literal('step'), id, apdus: z.number().int(), tookMs: z.number() }),
  /** Public keys as SPKI, DER. */
  z.object({ kind: z.literal('keys'), id, auth: bytes, sign: bytes, apdus: z.number().int(), tookMs: z.number() }),
  z.object({ kind: z.literal('requests'), id, auth: bytes, sign: bytes, apdus: z.number().int(), tookMs: z.number() }),
  z.object({ kind: z.literal('verified'), id, tries: pinTriesSchema, apdus: z.number().int(), tookMs: z.number() }),
  z.object({ kind: z.literal('pin_done'), id, tries: pinTriesSchema }),
  z.object({ kind: z.literal('signature'), id, chipSerialHex: hex(10), certificateDer: bytes, signature: bytes }),
  z.object({
    kind: z.literal('failed'),
    id,
    code: z.enum(cardHostFailures),
    params: z.record(z.string().max(40), z.union([z.string().max(200), z.number()])),
  }),
  z.object({
    kind: z.literal('event'),
    event: z.union([
      z.object({ kind: z.literal('service'), isRunning: z.boolean() }),
      z.object({ kind: z.enum(['reader_attached', 'reader_detached', 'card_removed']), readerName }),
      z.object({ kind: z.literal('card_inserted'), readerName, atrHex: z.string() }),
      /** The browser shell's PIN window waits at `address` (single-use, for a minute); the screen opens it and never sees more of it. */
      z.object({
        kind: z.literal('pin_window'),
        readerName,
        address: z.string().regex(/^http:\/\/localhost:\d{1,5}\/pin\?token=[\w-]{43}$/),
      }),
      z.object({ kind: z.literal('pin_window_closed'), readerName }),
    ]),
  }),
]);
export type CardHostAnswer = z.infer<typeof cardHostAnswerSchema>;
