import { connectChannel } from '../../channel/socket-channel.ts';
import { CardFault, type CardEvent, type CardReaders, type CardSession } from '../../shared/card-host/card-port.ts';
import { directAnswerSchema, type DirectAnswer, type DirectRequest } from '../../shared/card-host/direct-wire.ts';
import { exchangeWithFollowUp } from '../../shared/card-host/follow-up.ts';
import type { Channel } from '../../shared/platform/ports.ts';

/** The card port straight to virtual cards, for a training desk without a card service. Left out of what ships. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
type Ask = (request: WithoutId<DirectRequest>, timeoutMs?: number) => Promise<DirectAnswer>;

const defaultTimeoutMs = 30_000;
const retryMs = 250;

/** The process with the cards may be starting beside this one. */
const patienceMs = 1_000;

/**
 * Connects, and again whenever the process with the cards was started anew. Null when that process says that the machine's card service has the cards,
 * and when there is no such process.
 */
export async function createDirectReaders(socketPath: string): Promise<CardReaders | null> {
  const link = new DirectLink(socketPath);
  if ((await link.firstHello(patienceMs)) !== 'direct') {
    link.close();
    return null;
  }
  return {
    link: 'direct',
    listReaders: async () => {
      const answer = await link.ask({ kind: 'list' });
      return answer.kind === 'readers' ? answer.readers : refuseAnswer();
    },
    openCard: async (readerName) => {
      const answer = await link.ask({ kind: 'open', readerName });
      return answer.kind === 'opened' ? openSession(readerName, answer, link.ask) : refuseAnswer();
    },
    onEvent: (listener) => link.listen(listener),
    close: async () => link.close(),
  };
}

const refuseAnswer = (): never => {
  throw new CardFault('TRANSPORT_FAILED', 'the virtual cards answered something else');
};

class DirectLink {
  readonly #socketPath: string;
  readonly #listeners = new Set<(event: CardEvent) => void>();
  readonly #readers = new Map<string, string | null>();
  readonly #waiting = new Map<number, (answer: DirectAnswer | 'gone') => void>();
  #channel: Channel | null = null;
  #retry: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;
  #onHello: (link: 'direct' | 'pcsc') => void = () => {};

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** What the process with the cards says first; nothing when it does not speak in time. */
  async firstHello(withinMs: number): Promise<'direct' | 'pcsc' | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), withinMs);
      this.#onHello = (link) => {
        clearTimeout(timer);
        resolve(link);
      };
      void this.#connect();
    });
  }

  async #connect(): Promise<void> {
    try {
      this.#join(await connectChannel(this.#socketPath, 0));
    } catch {
      // The process with the cards may be starting.
      this.#connectLater();
    }
  }

  #connectLater(): void {
    if (!this.#isClosed) this.#retry = setTimeout(() => void this.#connect(), retryMs);
  }

  #join(channel: Channel): void {
    if (this.#isClosed) {
      channel.close();
      return;
    }
    this.#channel = channel;
    this.#tell({ kind: 'service', isRunning: true });
    channel.onMessage((message) => {
      const parsed = directAnswerSchema.safeParse(message);
      if (!parsed.success) channel.close();
      else if (parsed.data.kind === 'hello') this.#onHello(parsed.data.link);
      else if (parsed.data.kind === 'event') this.#follow(parsed.data.event);
      else this.#settle(parsed.data.id, parsed.data);
    });
    channel.onClose(() => this.#part());
  }

  #part(): void {
    this.#channel = null;
    for (const id of this.#waiting.keys()) this.#settle(id, 'gone');
    for (const readerName of this.#readers.keys()) this.#follow({ kind: 'reader_detached', readerName });
    this.#tell({ kind: 'service', isRunning: false });
    this.#connectLater();
  }

  #settle(id: number, answer: DirectAnswer | 'gone'): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  #follow(event: CardEvent): void {
    if (event.kind === 'reader_detached') this.#readers.delete(event.readerName);
    else if (event.kind !== 'service') this.#readers.set(event.readerName, event.kind === 'card_inserted' ? event.atrHex : null);
    this.#tell(event);
  }

  #tell(event: CardEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: (event: CardEvent) => void): void {
    listener({ kind: 'service', isRunning: this.#channel !== null });
    for (const [readerName, atrHex] of this.#readers) {
      listener({ kind: 'reader_attached', readerName });
      if (atrHex !== null) listener({ kind: 'card_inserted', readerName, atrHex });
    }
    this.#listeners.add(listener);
  }

  readonly ask: Ask = async (request, timeoutMs = defaultTimeoutMs) => {
    const channel = this.#channel;
    if (channel === null) throw new CardFault('SERVICE_DOWN');
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = await new Promise<DirectAnswer | 'gone' | 'late'>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve('late');
      }, timeoutMs);
      this.#waiting.set(id, (settled) => {
        clearTimeout(timer);
        resolve(settled);
      });
      channel.send({ ...request, id });
    });
    if (answer === 'late') throw new CardFault('CARD_TIMEOUT');
    if (answer === 'gone') throw new CardFault('SERVICE_DOWN');
    if (answer.kind === 'failed') throw new CardFault(answer.fault);
    return answer;
  };

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    this.#channel?.close();
  }
}

function openSession(readerName: string, { session, atr }: Extract<DirectAnswer, { kind: 'opened' }>, ask: Ask): CardSession {
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other; after a fault the session is over, whatever the card does. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      if (isOver) throw new CardFault('CARD_REMOVED', 'the session is over');
      try {
        return await work();
      } catch (error) {
        isOver = true;
        throw error;
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const exchange = async (command: Uint8Array, timeoutMs: number): Promise<Uint8Array> => {
    const answer = await ask({ kind: 'exchange', session, command }, timeoutMs);
    return answer.kind === 'answered' ? answer.answer : refuseAnswer();
  };
  let isClosed = false;
  return {
    readerName,
    atr,
    transmit: (apdu, timeoutMs = defaultTimeoutMs) => {
      if (apdu.length < 4) return Promise.reject(new RangeError('A command APDU has at least 4 bytes'));
      return inTurn(() => exchangeWithFollowUp(apdu, (command) => exchange(command, timeoutMs)));
    },
    reset: () =>
      inTurn(async () => {
        await ask({ kind: 'reset', session });
      }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await last;
      isOver = true;
      // Where the other end is gone, so is what there was to release.
      await ask({ kind: 'close', session }).catch(() => undefined);
    },
  };
}
