import type { CardHost, CardHostAnswerTo, CardHostEvent, CardHostRequestOf } from '../../src/core/cards/ports.ts';
import type { CardHostRequestKind, CardHostStatus, PinTries } from '../../src/shared/card-host/host-protocol.ts';
import { fail, succeed, type Failure, type Result } from '../../src/shared/platform/result.ts';
import type { SoftCard } from './soft-cards.ts';

/** What lies in a reader, and what its holder knows and does at the PIN window. */
interface Lying {
  readonly card: SoftCard | 'other';
  readonly pins: { pin1: string; pin2: string };
  readonly puk: string;
  tries: PinTries;
}

/**
 * A card host whose cards are keys in this process, with the words and the counters of the real one: for tests of what stands above it. The real host, on
 * virtual cards and the real card service, has tests of its own.
 */
export class SoftCardHost implements CardHost {
  readonly #listeners = new Set<(event: CardHostEvent) => void>();
  readonly #readers = new Map<string, Lying | null>();
  /** What is typed next at the PIN window: a PIN; null gives up. For a change: old code, then new. */
  readonly typed: (string | null)[] = [];
  /** Asked just before an answer is given, e.g. to pull the card. */
  onTyped: () => void | Promise<void> = () => undefined;
  /** Titles that stood on the PIN window. */
  readonly titles: string[] = [];
  isServiceRunning = true;
  isHostRunning = true;

  attach(readerName: string): void {
    this.#readers.set(readerName, null);
    this.#tell({ kind: 'reader_attached', readerName });
  }
  detach(readerName: string): void {
    this.#readers.delete(readerName);
    this.#tell({ kind: 'reader_detached', readerName });
  }
  insert(readerName: string, card: SoftCard | 'other', codes = { pin1: '2580', pin2: '14703', puk: '95175346' }): void {
    this.#readers.set(readerName, {
      card,
      pins: { pin1: codes.pin1, pin2: codes.pin2 },
      puk: codes.puk,
      tries: { pin1: 3, pin2: 3, puk1: 3, puk2: 3 },
    });
    this.#tell({ kind: 'card_inserted', readerName, atrHex: this.#atrOf(card) });
  }
  pull(readerName: string): void {
    this.#readers.set(readerName, null);
    this.#tell({ kind: 'card_removed', readerName });
  }
  setTries(readerName: string, tries: Partial<PinTries>): void {
    const lying = this.#readers.get(readerName);
    if (lying) lying.tries = { ...lying.tries, ...tries };
  }
  stopService(): void {
    this.isServiceRunning = false;
    this.#tell({ kind: 'service', isRunning: false });
  }
  /** The process ends and is started anew. */
  crash(): void {
    this.#tell({ kind: 'host', isRunning: false });
  }

  async ask<Kind extends CardHostRequestKind>(request: CardHostRequestOf<Kind>): Promise<Result<CardHostAnswerTo<Kind>, Failure>> {
    if (!this.isHostRunning) return fail('CARD_HOST_FAILED', {}, true);
    const answer = await this.#answer(request);
    return answer.ok ? succeed({ id: 1, ...answer.value } as unknown as CardHostAnswerTo<Kind>) : answer;
  }
  onEvent(listener: (event: CardHostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  close(): void {
    this.#listeners.clear();
  }

  async #answer(request: CardHostRequestOf<CardHostRequestKind>): Promise<Result<object, Failure>> {
    switch (request.kind) {
      case 'status':
        return succeed({ kind: 'status', status: this.#status() });
      case 'cancel':
        this.typed.unshift(null);
        return succeed({ kind: 'step', apdus: 0, tookMs: 0 });
      case 'read_card':
        return this.#read(request.readerName);
      case 'sign':
        return await this.#sign(request);
      case 'change_pin':
      case 'unblock_pin':
        return await this.#change(request);
      default:
        return fail('CARD_NOT_OURS');
    }
  }

  #status(): CardHostStatus {
    return {
      link: 'pcsc',
      isServiceRunning: this.isServiceRunning,
      missing: [],
      readers: [...this.#readers].map(([name, lying]) => ({
        name,
        hasPinPad: false,
        atrHex: lying === null ? null : this.#atrOf(lying.card),
        profile: lying === null ? null : lying.card === 'other' ? ('other' as const) : ('asan_id' as const),
      })),
      token: { kind: 'none', label: '', isReady: false },
      mailer: { kind: 'none', isReady: false },
    };
  }

  #find(readerName: string): Result<Lying & { card: SoftCard }, Failure> {
    const lying = this.#readers.get(readerName);
    if (!this.isServiceRunning) return fail('SERVICE_DOWN', {}, true);
    if (lying === undefined) return fail('READER_UNKNOWN', {}, true);
    if (lying === null) return fail('CARD_ABSENT', {}, true);
    return lying.card === 'other' ? fail('CARD_NOT_OURS') : succeed(lying as Lying & { card: SoftCard });
  }

  #read(readerName: string): Result<object, Failure> {
    const found = this.#find(readerName);
    if (!found.ok && found.failure.code !== 'CARD_NOT_OURS') return found;
    if (!found.ok) {
      const nothing = { profile: 'other', chipSerialHex: '', life: 'unknown', cardSerial: '', tries: null, certificates: [] };
      return succeed({ kind: 'sight', sight: { readerName, atrHex: '3B00', ...nothing } });
    }
    const { card, tries } = found.value;
    const certificates = [
      { key: 'auth', der: Buffer.from(card.auth.der, 'base64') },
      { key: 'sign', der: Buffer.from(card.signing.der, 'base64') },
    ];
    const { chipSerialHex, cardSerial } = card;
    const sight = {
      readerName,
      atrHex: this.#atrOf(card),
      profile: 'asan_id',
      life: 'closed',
      chipSerialHex,
      cardSerial,
      tries,
      certificates,
    };
    return succeed({ kind: 'sight', sight });
  }

  async #sign(request: CardHostRequestOf<'sign'>): Promise<Result<object, Failure>> {
    const found = this.#find(request.readerName);
    if (!found.ok) return found;
    this.titles.push(request.title);
    const pin = request.key === 'auth' ? 'pin1' : 'pin2';
    const proven = await this.#prove(found.value, pin);
    if (!proven.ok) return proven;
    // As with a real card: what is pulled while the holder types signs nothing.
    if (this.#readers.get(request.readerName) !== found.value) return fail('CARD_REMOVED', {}, true);
    const { card } = found.value;
    const key = request.key === 'auth' ? card.auth : card.signing;
    const signature = key.sign(request.content);
    await this.onTyped();
    return succeed({ kind: 'signature', chipSerialHex: card.chipSerialHex, certificateDer: Buffer.from(key.der, 'base64'), signature });
  }

  async #change(request: CardHostRequestOf<'change_pin'> | CardHostRequestOf<'unblock_pin'>): Promise<Result<object, Failure>> {
    const found = this.#find(request.readerName);
    if (!found.ok) return found;
    const lying = found.value;
    if (lying.card.chipSerialHex !== request.chipSerialHex) return fail('CARD_EXCHANGED');
    const { pin } = request;
    if (request.kind === 'change_pin') {
      const proven = await this.#prove(lying, pin);
      if (!proven.ok) return proven;
    } else {
      const puk = pin === 'pin1' ? 'puk1' : 'puk2';
      if (lying.tries[puk] === 0) return fail('PUK_SPENT');
      const given = await this.#type();
      if (given === null) return fail('PIN_CANCELLED', {}, true);
      if (given !== lying.puk) {
        lying.tries = { ...lying.tries, [puk]: lying.tries[puk] - 1 };
        return fail(lying.tries[puk] === 0 ? 'PUK_SPENT' : 'PIN_WRONG', { triesLeft: lying.tries[puk] });
      }
    }
    const next = await this.#type();
    if (next === null) return fail('PIN_CANCELLED', {}, true);
    lying.pins[pin] = next;
    lying.tries = { ...lying.tries, [pin]: 3 };
    return succeed({ kind: 'pin_done', tries: lying.tries });
  }

  async #prove(lying: Lying, pin: 'pin1' | 'pin2'): Promise<Result<true, Failure>> {
    if (lying.tries[pin] === 0) return fail('PIN_BLOCKED');
    const given = await this.#type();
    if (given === null) return fail('PIN_CANCELLED', {}, true);
    const left = given === lying.pins[pin] ? 3 : lying.tries[pin] - 1;
    lying.tries = { ...lying.tries, [pin]: left };
    if (given === lying.pins[pin]) return succeed(true);
    return left === 0 ? fail('PIN_BLOCKED') : fail('PIN_WRONG', { triesLeft: left });
  }

  async #type(): Promise<string | null> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return this.typed.shift() ?? null;
  }

  #atrOf(card: SoftCard | 'other'): string {
    return card === 'other' ? '3B00' : '3B898131FE45516579644F73454944DF';
  }

  #tell(event: CardHostEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
