/**
 * The card port: one exclusive session with one card in one reader. The PC/SC adapter, the direct link to a virtual card and the tests all speak it,
 * so that everything above runs on each of them unchanged. Source: cards.md §6; ADR-0027
 */

/** What can go wrong below the status words. Each is told to a person in his own words; none of them says what the card did with a command under way. */
export const cardFaultKinds = [
  /** The smart-card service of the system does not run. */
  'SERVICE_DOWN',
  /** The native link to the service could not be loaded; `detail` names the package. */
  'LINK_MISSING',
  'READER_UNKNOWN',
  'CARD_ABSENT',
  /** The card left, or answered fewer than two bytes: a command under way may have been carried out or not. */
  'CARD_REMOVED',
  /** Another program reset the card: nothing that was proven to it holds any more. */
  'CARD_RESET',
  /** Another program holds the card. */
  'CARD_SHARED',
  /** The card does not speak (mute, wrong way round, dirty contacts). */
  'CARD_MUTE',
  /** No answer within the time that the command may take; the process that holds the driver is ended. */
  'CARD_TIMEOUT',
  'TRANSPORT_FAILED',
] as const;
export type CardFaultKind = (typeof cardFaultKinds)[number];

/** Thrown by a card session; it is over after every fault but none of the card's own status words. */
export class CardFault extends Error {
  readonly kind: CardFaultKind;
  constructor(kind: CardFaultKind, detail = '') {
    super(detail === '' ? kind : `${kind}: ${detail}`);
    this.kind = kind;
  }
}

export interface CardSession {
  readonly readerName: string;
  /** Answer to reset, 2 … 33 bytes. */
  readonly atr: Uint8Array;
  /**
   * Sends one command APDU (at least 4 bytes; short or extended) and gives data and status word (at least 2 bytes). `61xx` and `6Cxx` are
   * followed up inside. At most `timeoutMs` (default 30,000; key generation 180,000). Commands of one session run one after the other.
   * Throws `CardFault`; the session is over then.
   */
  transmit(apdu: Uint8Array, timeoutMs?: number): Promise<Uint8Array>;
  /** Resets the card and goes on with it: what was proven to it is forgotten. Throws `CardFault`. */
  reset(): Promise<void>;
  /** Resets and releases the card; never throws, calling it again does nothing. */
  close(): Promise<void>;
}

export interface ReaderSight {
  /** As the system names it, any characters. */
  readonly name: string;
  readonly hasPinPad: boolean;
  readonly card: { readonly atrHex: string } | null;
}

export type CardEvent =
  | { readonly kind: 'service'; readonly isRunning: boolean }
  | { readonly kind: 'reader_attached' | 'reader_detached' | 'card_removed'; readonly readerName: string }
  | { readonly kind: 'card_inserted'; readonly readerName: string; readonly atrHex: string };

/** All readers of a machine. */
export interface CardReaders {
  /** `pcsc`: the system's smart-card service; `direct`: straight to a virtual card, in training only. */
  readonly link: 'pcsc' | 'direct';
  /** Throws `CardFault` SERVICE_DOWN or LINK_MISSING. */
  listReaders(): Promise<readonly ReaderSight[]>;
  /** Takes the card exclusively. Throws `CardFault`. */
  openCard(readerName: string): Promise<CardSession>;
  /** Tells of the present readers and cards first, then of every change, also across a stop and start of the service. */
  onEvent(listener: (event: CardEvent) => void): void;
  close(): Promise<void>;
}
