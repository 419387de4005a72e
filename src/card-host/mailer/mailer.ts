import type { CardPins } from '../codes/pin-keeper.ts';

/** What goes onto a PIN envelope. Source: CR-05 */
export interface EnvelopeContent {
  readonly envelopeNumber: string;
  readonly cardSerial: string;
  readonly holderLabel: string;
  readonly pins: CardPins;
  /** 8 ASCII digits. */
  readonly puk: Uint8Array;
}

/** Prints envelopes blind. A number is printed at most once in the life of this process, whether it came out well or not. */
export interface Mailer {
  /** ENVELOPE_USED: nothing was printed. MAILER_FAILED: the envelope is spoilt, whatever of it came out. Wipes nothing of `content`. */
  print(content: EnvelopeContent): Promise<'printed' | 'ENVELOPE_USED' | 'MAILER_FAILED'>;
}
