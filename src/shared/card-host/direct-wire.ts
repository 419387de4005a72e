import { z } from 'zod';
import { cardFaultKinds } from './card-port.ts';

/**
 * The card port over a channel, for training: the virtual-card process says `hello` first; then the card host asks and is answered once for each id;
 * `event` comes unasked, first for what is there. It can do what a reader can do and nothing else. Source: ADR-0027
 */
const id = z.number().int().nonnegative();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const session = z.number().int().nonnegative();
const readerName = z.string().min(1).max(200);

export const directRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('list'), id }),
  z.object({ kind: z.literal('open'), id, readerName }),
  /** One command as it is; `61xx` and `6Cxx` come back. */
  z.object({ kind: z.literal('exchange'), id, session, command: bytes }),
  z.object({ kind: z.literal('reset'), id, session }),
  /** Resets and releases; also done when the channel closes. */
  z.object({ kind: z.literal('close'), id, session }),
]);
export type DirectRequest = z.infer<typeof directRequestSchema>;

export const directAnswerSchema = z.discriminatedUnion('kind', [
  /** `pcsc`: the machine's card service has the virtual cards, look for them there. */
  z.object({ kind: z.literal('hello'), link: z.enum(['direct', 'pcsc']) }),
  z.object({
    kind: z.literal('readers'),
    id,
    readers: z.array(z.object({ name: readerName, hasPinPad: z.boolean(), card: z.object({ atrHex: z.string() }).nullable() })).max(32),
  }),
  z.object({ kind: z.literal('opened'), id, session, atr: bytes }),
  z.object({ kind: z.literal('answered'), id, answer: bytes }),
  z.object({ kind: z.literal('done'), id }),
  z.object({ kind: z.literal('failed'), id, fault: z.enum(cardFaultKinds) }),
  z.object({
    kind: z.literal('event'),
    event: z.union([
      z.object({ kind: z.enum(['reader_attached', 'reader_detached', 'card_removed']), readerName }),
      z.object({ kind: z.literal('card_inserted'), readerName, atrHex: z.string() }),
    ]),
  }),
]);
export type DirectAnswer = z.infer<typeof directAnswerSchema>;
