import { EventEmitter } from 'node:events';
import { CardFault, type CardEvent, type ReaderSight } from '../../shared/card-host/card-port.ts';
import type { CardFaultSwitch } from '../../shared/card-host/virtual-card-control.ts';
import { fromHex, toHex } from './apdu.ts';
import { PowerLost } from './card-memory.ts';
import type { CardState } from './card-state.ts';
import { FaultSwitches } from './faults.ts';
import { VirtualCard } from './virtual-card.ts';

/** What went over the contacts of one card. */
export interface CardTally {
  apdus: number;
  /** Bytes of all commands, and of all answers with their status words. */
  sentBytes: number;
  receivedBytes: number;
}

export interface TracedCommand {
  readonly commandHex: string;
  /** Empty when no answer came. */
  readonly answerHex: string;
}

export interface CardOptions {
  readonly slowKeysMs?: number;
  /** Keeps every command and answer, codes and all: for tests and figures only. */
  readonly isTraced?: boolean;
  /** Called after each command that changed the card, before its answer is given out. */
  readonly save?: (state: CardState) => void;
}

/** A card that can be put into a reader. Its counters go on from one reader to the next. */
export class PlasticCard {
  readonly card: VirtualCard;
  readonly faults = new FaultSwitches();
  readonly tally: CardTally = { apdus: 0, sentBytes: 0, receivedBytes: 0 };
  /** Kept only from the moment somebody asks for it. */
  trace: TracedCommand[] | null;
  /** Does not answer to a reset. */
  isMute = false;
  readonly #save: (state: CardState) => void;

  constructor(state: CardState, options: CardOptions = {}) {
    this.card = new VirtualCard(state);
    this.card.slowKeysMs = options.slowKeysMs ?? 0;
    this.trace = options.isTraced === true ? [] : null;
    this.#save = options.save ?? (() => {});
  }

  get state(): CardState {
    return this.card.memory.state;
  }

  setFault(fault: CardFaultSwitch): void {
    this.faults.set(fault, this.tally.apdus, this.card.memory.writes);
    this.#limitWrites();
  }

  reset(): void {
    this.card.reset();
    this.#limitWrites();
  }

  #limitWrites(): void {
    const left = this.faults.writesLeft(this.card.memory.writes);
    if (left !== undefined) this.card.cutPowerAfterWrites(left);
  }

  async exchange(command: Uint8Array): Promise<ExchangeEnd> {
    this.tally.apdus += 1;
    this.tally.sentBytes += command.length;
    const end = await this.#exchangeWithFault(command);
    if (this.card.memory.takeChanged()) this.#save(this.state);
    if (end.kind === 'answered') this.tally.receivedBytes += end.answer.length;
    this.trace?.push({ commandHex: toHex(command), answerHex: end.kind === 'answered' ? toHex(end.answer) : '' });
    return end;
  }

  async #exchangeWithFault(command: Uint8Array): Promise<ExchangeEnd> {
    const fault = this.faults.take(this.tally.apdus);
    if (fault?.kind === 'pull' && fault.moment === 'before') return { kind: 'pulled' };
    if (fault?.kind === 'hang') return { kind: 'hung' };
    if (fault?.kind === 'status' && !fault.isCarriedOut) return { kind: 'answered', answer: fromHex(fault.statusHex) };
    if (fault?.kind === 'tear') this.card.cutPowerAfterWrites(fault.writes);
    try {
      const answer = await this.card.exchange(command);
      if (fault?.kind === 'pull' || fault?.kind === 'tear') return { kind: 'pulled' };
      return { kind: 'answered', answer: fault?.kind === 'status' ? fromHex(fault.statusHex) : answer };
    } catch (error) {
      if (!(error instanceof PowerLost)) throw error;
      this.faults.powerWent();
      return { kind: 'pulled' };
    }
  }
}

/** `pulled`: the card is out of the reader now; `hung`: it is in it and silent. */
export type ExchangeEnd = { readonly kind: 'answered'; readonly answer: Uint8Array } | { readonly kind: 'pulled' | 'hung' };

interface Slot {
  card: PlasticCard | null;
  /** Of the session that has the card to itself. */
  holder: symbol | null;
  hasPinPad: boolean;
}

/** The readers of a machine without hardware, with the cards that lie in them. Every link to them (direct, vpcd, in-process) goes through this. */
export class VirtualReaders {
  readonly #slots = new Map<string, Slot>();
  readonly #events = new EventEmitter<{ event: [CardEvent] }>();

  constructor(names: readonly string[] = ['Qeyd Virtual Reader 0']) {
    for (const name of names) this.attach(name);
    this.#events.setMaxListeners(0);
  }

  attach(name: string, { hasPinPad = false } = {}): void {
    if (this.#slots.has(name)) throw new Error(`There is a reader ${name} already`);
    this.#slots.set(name, { card: null, holder: null, hasPinPad });
    this.#tell({ kind: 'reader_attached', readerName: name });
  }

  detach(name: string): void {
    this.eject(name);
    this.#slots.delete(name);
    this.#tell({ kind: 'reader_detached', readerName: name });
  }

  insert(name: string, card: PlasticCard): void {
    const slot = this.#getSlot(name);
    if (slot.card !== null) throw new Error(`There is a card in ${name} already`);
    slot.card = card;
    card.reset();
    this.#tell({ kind: 'card_inserted', readerName: name, atrHex: card.isMute ? '' : card.state.atrHex });
  }

  /** Gives back the card that was in the reader, if any. */
  eject(name: string): PlasticCard | null {
    const slot = this.#getSlot(name);
    const { card } = slot;
    if (card === null) return null;
    slot.card = null;
    slot.holder = null;
    card.card.cutPower();
    this.#tell({ kind: 'card_removed', readerName: name });
    return card;
  }

  findCard(name: string): PlasticCard | null {
    return this.#getSlot(name).card;
  }

  list(): readonly ReaderSight[] {
    return [...this.#slots].map(([name, { card, hasPinPad }]) => ({
      name,
      hasPinPad,
      card: card === null ? null : { atrHex: card.isMute ? '' : card.state.atrHex },
    }));
  }

  /** Tells of what is there first. Returns how to stop listening. */
  onEvent(listener: (event: CardEvent) => void): () => void {
    for (const { name, card } of this.list()) {
      listener({ kind: 'reader_attached', readerName: name });
      if (card !== null) listener({ kind: 'card_inserted', readerName: name, atrHex: card.atrHex });
    }
    this.#events.on('event', listener);
    return () => this.#events.off('event', listener);
  }

  /** Takes the card of a reader to itself, reset. Throws `CardFault`. */
  open(name: string): CardHold {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new CardFault('READER_UNKNOWN');
    if (slot.card === null) throw new CardFault('CARD_ABSENT');
    if (slot.card.isMute) throw new CardFault('CARD_MUTE');
    if (slot.holder !== null) throw new CardFault('CARD_SHARED');
    const holder = Symbol(name);
    slot.holder = holder;
    slot.card.reset();
    return new CardHold(
      this,
      name,
      slot.card,
      () => slot.holder === holder,
      () => (slot.holder = null),
    );
  }

  /** One command to the card that is in the reader now; pulls it out when a fault says so. */
  async exchange(name: string, card: PlasticCard, command: Uint8Array): Promise<ExchangeEnd> {
    const end = await card.exchange(command);
    if (end.kind === 'pulled' && this.#slots.get(name)?.card === card) this.eject(name);
    return end;
  }

  #getSlot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`There is no reader ${name}`);
    return slot;
  }

  #tell(event: CardEvent): void {
    this.#events.emit('event', event);
  }
}

/** A card that one session has to itself, until it is released or pulled out. */
export class CardHold {
  readonly atr: Uint8Array;
  readonly #readers: VirtualReaders;
  readonly #name: string;
  readonly #card: PlasticCard;
  readonly #isHeld: () => boolean;
  readonly #letGo: () => void;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(readers: VirtualReaders, name: string, card: PlasticCard, isHeld: () => boolean, letGo: () => void) {
    this.atr = card.card.atr;
    this.#readers = readers;
    this.#name = name;
    this.#card = card;
    this.#isHeld = isHeld;
    this.#letGo = letGo;
  }

  /** The card's own answer, `61xx` and `6Cxx` as they are. Throws `CardFault`; never ends when the card hangs. */
  exchange(command: Uint8Array): Promise<Uint8Array> {
    const result = this.#queue.then(() => this.#exchange(command));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #exchange(command: Uint8Array): Promise<Uint8Array> {
    if (!this.#isHeld()) throw new CardFault('CARD_REMOVED');
    const end = await this.#readers.exchange(this.#name, this.#card, command);
    if (end.kind === 'hung') return new Promise(() => {});
    if (end.kind !== 'answered' || !this.#isHeld()) throw new CardFault('CARD_REMOVED');
    return end.answer;
  }

  reset(): void {
    if (!this.#isHeld()) throw new CardFault('CARD_REMOVED');
    this.#card.reset();
  }

  release(): void {
    if (!this.#isHeld()) return;
    this.#card.reset();
    this.#letGo();
  }
}
