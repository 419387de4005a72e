import { z } from 'zod';

/**
 * What a training desk or a test may do with virtual cards: put them in and out of readers, and make things go wrong. Nothing of it can be reached
 * through a reader or the direct link, only through the control socket of the virtual-card process. Source: issue 4 §7
 */
const atApdu = z.number().int().min(1);

/** `atApdu` counts the commands that reach the card from the moment the fault is set (1 = the next one). A fault happens once. */
export const cardFaultSwitchSchema = z.discriminatedUnion('kind', [
  /** Pulled out before the command reaches the card, or after it was carried out and before its answer. */
  z.object({ kind: z.literal('pull'), atApdu, moment: z.enum(['before', 'after']) }),
  /** Pulled out in the middle of the command, when so many of its writes were done. As `after` when it writes less. */
  z.object({ kind: z.literal('tear'), atApdu, writes: z.number().int().min(0) }),
  /** The power goes at this write, counted from now, whichever command makes it: the write is not done, the card is out of the reader. */
  z.object({ kind: z.literal('power_loss'), atWrite: z.number().int().min(1) }),
  /** Another status word instead of the card's own answer; carried out or not. */
  z.object({ kind: z.literal('status'), atApdu, statusHex: z.string().regex(/^[0-9A-F]{4}$/), isCarriedOut: z.boolean() }),
  /** No answer ever comes; the card must be pulled out or reset. */
  z.object({ kind: z.literal('hang'), atApdu }),
]);
export type CardFaultSwitch = z.infer<typeof cardFaultSwitchSchema>;

/** A card is named by its chip serial. */
const chipSerialHex = z.string().regex(/^[0-9A-F]{20}$/);
const readerName = z.string().min(1).max(200);

export const cardControlRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status') }),
  /** A blank card from the factory, in no reader. Without a serial, one by chance. */
  z.object({ kind: z.literal('create_card'), chipSerialHex: chipSerialHex.optional(), atrHex: z.string().optional() }),
  z.object({ kind: z.literal('insert'), readerName, chipSerialHex, isMute: z.boolean().optional() }),
  z.object({ kind: z.literal('eject'), readerName }),
  /** Only where the readers are ours, not those of the card service. */
  z.object({ kind: z.literal('attach_reader'), readerName, hasPinPad: z.boolean() }),
  z.object({ kind: z.literal('detach_reader'), readerName }),
  z.object({ kind: z.literal('set_fault'), chipSerialHex, fault: cardFaultSwitchSchema }),
  z.object({ kind: z.literal('clear_faults'), chipSerialHex }),
  z.object({ kind: z.literal('slow_keys'), chipSerialHex, delayMs: z.number().int().min(0).max(600_000) }),
  /** Keeps every command and answer from now on, codes and all. */
  z.object({ kind: z.literal('start_trace'), chipSerialHex }),
  z.object({ kind: z.literal('read_trace'), chipSerialHex }),
]);
export type CardControlRequest = z.infer<typeof cardControlRequestSchema>;

const virtualCardSchema = z.object({
  chipSerialHex,
  readerName: readerName.nullable(),
  life: z.enum(['open', 'closed']),
  apdus: z.number().int(),
  sentBytes: z.number().int(),
  receivedBytes: z.number().int(),
});

export const cardControlStatusSchema = z.object({
  /** `pcsc`: the card service of the machine has the readers; `direct`: they are reached through the direct socket. */
  link: z.enum(['pcsc', 'direct']),
  readers: z.array(z.object({ name: readerName, chipSerialHex: chipSerialHex.nullable() })),
  cards: z.array(virtualCardSchema),
});
export type CardControlStatus = z.infer<typeof cardControlStatusSchema>;

const id = z.number().int().nonnegative();
export const cardControlMessageSchema = z.object({ id, request: cardControlRequestSchema });
export const cardControlAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id }),
  z.object({ kind: z.literal('status'), id, status: cardControlStatusSchema }),
  z.object({ kind: z.literal('card'), id, chipSerialHex }),
  z.object({ kind: z.literal('trace'), id, commands: z.array(z.object({ commandHex: z.string(), answerHex: z.string() })) }),
  /** A sentence for whoever writes the test. */
  z.object({ kind: z.literal('refused'), id, reason: z.string() }),
]);
export type CardControlAnswer = z.infer<typeof cardControlAnswerSchema>;

/** To the virtual-card process from its parent, once. */
export const virtualCardStartSchema = z.object({
  type: z.literal('start'),
  /** Where the cards live on as files; null = only as long as the process. */
  cardFolder: z.string().nullable(),
  controlSocketPath: z.string(),
  directSocketPath: z.string(),
  /** So many blank cards lie in the box at least. */
  blankCards: z.number().int().min(0).max(100).optional(),
  /** Readers of the direct link. */
  readerNames: z.array(readerName).min(1).max(8),
  /**
   * `never`: the direct link. `always`: the machine's card service with the virtual reader, waited for as long as it takes. `auto`: the service where
   * its virtual reader listens now, else the direct link.
   */
  vpcd: z.enum(['never', 'always', 'auto']),
  /** The virtual reader listens here for its first slot, one port further for its second. */
  vpcdPort: z.number().int().min(1).max(65_534),
});
export type VirtualCardStart = z.infer<typeof virtualCardStartSchema>;

/** What it says back when it serves. */
export const virtualCardReadySchema = z.object({ type: z.literal('ready'), link: z.enum(['pcsc', 'direct']) });

/** As Debian's package configures it. */
export const standardVpcdPort = 35963;
