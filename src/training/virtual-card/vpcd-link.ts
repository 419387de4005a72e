import { createConnection, type Socket } from 'node:net';
import type { CardEvent } from '../../shared/card-host/card-port.ts';
import type { PlasticCard, VirtualReaders } from './virtual-readers.ts';
import { AnswerSplitter, earlyByte, frameAnswer, VpcdReceiver, type VpcdMessage } from './vpcd-wire.ts';

/** An instant exchange of cards can be missed by the service, and the old handle then talks to the new card. Source: cards.md §5 */
const leastPauseMs = 1_100;
const retryMs = 250;

export interface VpcdLinkOptions {
  readonly readerName: string;
  readonly host: string;
  readonly port: number;
}

/** One slot of the virtual reader: connected while a card lies in our reader of that name, and again after the card service was started anew. */
export class VpcdLink {
  readonly #readers: VirtualReaders;
  readonly #options: VpcdLinkOptions;
  readonly #stopListening: () => void;
  #connection: { readonly socket: Socket; readonly slot: VpcdSlot } | null = null;
  #retry: NodeJS.Timeout | undefined;
  #leftAt = -Infinity;
  #isClosed = false;

  constructor(readers: VirtualReaders, options: VpcdLinkOptions) {
    this.#readers = readers;
    this.#options = options;
    this.#stopListening = readers.onEvent((event) => this.#follow(event));
  }

  #follow(event: CardEvent): void {
    if (event.kind === 'service' || event.readerName !== this.#options.readerName) return;
    if (event.kind === 'card_inserted') this.#plan();
    if (event.kind === 'card_removed') this.#leave();
  }

  #plan(delayMs = 0): void {
    clearTimeout(this.#retry);
    const pauseMs = Math.max(delayMs, this.#leftAt + leastPauseMs - performance.now(), 0);
    this.#retry = setTimeout(() => this.#connect(), pauseMs);
  }

  #connect(): void {
    const card = this.#readers.findCard(this.#options.readerName);
    if (card === null || this.#isClosed) return;
    const socket = createConnection({ host: this.#options.host, port: this.#options.port, noDelay: true });
    const receiver = new VpcdReceiver();
    const slot = new VpcdSlot(this.#readers, this.#options.readerName, card, (bytes) => {
      if (socket.writable) socket.write(bytes);
    });
    this.#connection = { socket, slot };
    socket.on('data', (chunk) => {
      for (const message of receiver.push(chunk)) slot.receive(message);
    });
    // The service may not run yet, or no longer: the card waits for it.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#connection?.socket !== socket) return;
      this.#connection = null;
      card.card.cutPower();
      this.#plan(retryMs);
    });
  }

  #leave(): void {
    clearTimeout(this.#retry);
    const connection = this.#connection;
    this.#connection = null;
    if (connection === null) return;
    this.#leftAt = performance.now();
    const { socket, slot } = connection;
    socket.end(slot.lastBytes());
    // A service that hangs does not hang up.
    setTimeout(() => socket.destroy(), leastPauseMs).unref();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#leave();
  }
}

/** Longer than any answer to reset may be: the driver sees that a card is there, and the service that it does not speak. */
const unusableAtr = new Uint8Array(34);

/** One insertion: what the driver asks, one after the other. */
class VpcdSlot {
  readonly #readers: VirtualReaders;
  readonly #readerName: string;
  readonly #card: PlasticCard;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #splitter = new AnswerSplitter();
  #isAnnounced = false;

  constructor(readers: VirtualReaders, readerName: string, card: PlasticCard, write: (bytes: Uint8Array) => void) {
    this.#readers = readers;
    this.#readerName = readerName;
    this.#card = card;
    this.#write = write;
  }

  receive(message: VpcdMessage): void {
    switch (message.kind) {
      case 'acknowledge':
        this.#isAnnounced = true;
        this.#write(earlyByte);
        return;
      case 'ask_atr':
        this.#answer(this.#card.isMute ? unusableAtr : this.#card.card.atr);
        return;
      case 'power_off':
      case 'power_on':
      case 'reset':
        this.#splitter.take(new Uint8Array(0));
        this.#card.reset();
        return;
      case 'command':
        void this.#command(message.apdu);
        return;
      case 'unknown':
    }
  }

  async #command(apdu: Uint8Array): Promise<void> {
    const rest = this.#splitter.take(apdu);
    if (rest !== null) {
      this.#answer(rest);
      return;
    }
    const end = await this.#readers.exchange(this.#readerName, this.#card, apdu);
    if (end.kind === 'answered') this.#answer(this.#splitter.split(end.answer));
  }

  /**
   * What the driver must still get when the card goes: after the early byte it would take the end of the stream for an answer of one byte that it never
   * got room for, and crash the service. An empty answer is what it makes of every other pulled card.
   */
  lastBytes(): Uint8Array {
    return this.#isAnnounced ? frameAnswer(new Uint8Array(0), true) : new Uint8Array(0);
  }

  #answer(bytes: Uint8Array): void {
    const isAnnounced = this.#isAnnounced;
    this.#isAnnounced = false;
    this.#write(frameAnswer(bytes, isAnnounced));
  }
}
