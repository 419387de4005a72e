import type { CardControlAnswer, CardControlRequest, CardControlStatus } from '../../shared/card-host/virtual-card-control.ts';
import { createBlankState, type CardState } from './card-state.ts';
import type { CardStore } from './card-store.ts';
import { PlasticCard, type VirtualReaders } from './virtual-readers.ts';

type Distribute<T> = T extends unknown ? Omit<T, 'id'> : never;
type ControlResult = Distribute<CardControlAnswer>;

const done: ControlResult = { kind: 'done' };

/** All virtual cards of the process, in readers and beside them, and what the control channel may do with them. */
export class CardBox {
  readonly #readers: VirtualReaders;
  readonly #link: CardControlStatus['link'];
  readonly #store: CardStore | null;
  readonly #cards = new Map<string, PlasticCard>();

  constructor(readers: VirtualReaders, link: CardControlStatus['link'], store: CardStore | null) {
    this.#readers = readers;
    this.#link = link;
    this.#store = store;
    for (const state of store?.list() ?? []) this.#add(state);
  }

  #add(state: CardState): PlasticCard {
    if (this.#cards.has(state.serialHex)) throw new Error(`There is a card ${state.serialHex} already`);
    const store = this.#store;
    const card = new PlasticCard(state, store === null ? {} : { save: (changed) => store.save(changed) });
    this.#cards.set(state.serialHex, card);
    return card;
  }

  #get(chipSerialHex: string): PlasticCard {
    const card = this.#cards.get(chipSerialHex);
    if (card === undefined) throw new Error(`There is no card ${chipSerialHex}`);
    return card;
  }

  /** Cards on which a personalisation could begin. */
  countOpen(): number {
    return this.#status().cards.filter(({ life }) => life === 'open').length;
  }

  /** Throws an error with a sentence when it cannot be done. */
  carryOut(request: CardControlRequest): ControlResult {
    switch (request.kind) {
      case 'status':
        return { kind: 'status', status: this.#status() };
      case 'create_card': {
        const { chipSerialHex: serialHex, atrHex } = request;
        const state = createBlankState({ ...(serialHex === undefined ? {} : { serialHex }), ...(atrHex === undefined ? {} : { atrHex }) });
        this.#addNew(state);
        return { kind: 'card', chipSerialHex: state.serialHex };
      }
      case 'insert': {
        const card = this.#get(request.chipSerialHex);
        if (this.#findReader(card) !== null) throw new Error(`The card ${request.chipSerialHex} is in a reader already`);
        card.isMute = request.isMute ?? false;
        this.#readers.insert(request.readerName, card);
        return done;
      }
      case 'eject':
        this.#readers.eject(request.readerName);
        return done;
      case 'attach_reader':
        this.#requireOwnReaders();
        this.#readers.attach(request.readerName, { hasPinPad: request.hasPinPad });
        return done;
      case 'detach_reader':
        this.#requireOwnReaders();
        this.#readers.detach(request.readerName);
        return done;
      case 'set_fault':
        this.#get(request.chipSerialHex).setFault(request.fault);
        return done;
      case 'clear_faults':
        this.#get(request.chipSerialHex).faults.clear();
        return done;
      case 'slow_keys':
        this.#get(request.chipSerialHex).card.slowKeysMs = request.delayMs;
        return done;
      case 'start_trace':
        this.#get(request.chipSerialHex).trace = [];
        return done;
      case 'read_trace':
        return { kind: 'trace', commands: [...(this.#get(request.chipSerialHex).trace ?? [])] };
    }
  }

  #addNew(state: CardState): PlasticCard {
    const card = this.#add(state);
    this.#store?.save(state);
    return card;
  }

  #requireOwnReaders(): void {
    if (this.#link !== 'direct') throw new Error('The readers belong to the card service');
  }

  #findReader(card: PlasticCard): string | null {
    return this.#readers.list().find(({ name }) => this.#readers.findCard(name) === card)?.name ?? null;
  }

  #status(): CardControlStatus {
    return {
      link: this.#link,
      readers: this.#readers.list().map(({ name }) => ({ name, chipSerialHex: this.#readers.findCard(name)?.state.serialHex ?? null })),
      cards: [...this.#cards].map(([chipSerialHex, card]) => ({
        chipSerialHex,
        readerName: this.#findReader(card),
        life: card.state.lifecycle === 7 ? 'closed' : 'open',
        ...card.tally,
      })),
    };
  }
}
