import type { CardEvent } from '../../shared/card-host/card-port.ts';
import type { NativeContext, NativeLink, NativeReader } from './native-link.ts';
import { openContext } from './pcsc-session.ts';
import { probePinPad } from './pin-pad.ts';

export interface SeenReader {
  readonly name: string;
  readonly hasPinPad: boolean;
  readonly card: { readonly atrHex: string; readonly insertion: number } | null;
}

export interface PcscMonitor {
  readonly isServiceRunning: boolean;
  list(): readonly SeenReader[];
  /** What this reader says about its keys is known then; at once for a reader that is not there. */
  probed(readerName: string): Promise<void>;
  onEvent(listener: (event: CardEvent) => void): void;
  close(): Promise<void>;
}

const pnpName = '\\\\?PnP?\\Notification';
/** Longest sleep: what the service forgot to tell is seen after it. */
const waitMs = 1_000;
const firstBackOffMs = 250;
const lastBackOffMs = 4_000;
/** A wait that ends at once again and again must not eat the processor. */
const leastPauseMs = 50;

/**
 * Watches readers and cards over a context of its own. The package's `ReaderMonitor` never recovers from a restart of the service, and its loop
 * loses a card that comes together with a reader; so the truth is read from `listReaders` after each wake-up of `waitForChange`, and every error
 * drops the context and builds a new one with a growing pause. Source: cards.md §6
 */
export function startPcscMonitor(link: NativeLink): PcscMonitor {
  const listeners: ((event: CardEvent) => void)[] = [];
  const probes = new Map<string, Promise<void>>();
  let seen = new Map<string, SeenReader>();
  let isServiceRunning: boolean | undefined;
  let context: NativeContext | undefined;
  let isClosed = false;
  let wake: (() => void) | undefined;
  const hasClosed = (): boolean => isClosed;

  const emit = (event: CardEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // One listener's fault is not the others': they are told all the same.
      }
    }
  };
  const setService = (isRunning: boolean): void => {
    if (isServiceRunning === isRunning) return;
    isServiceRunning = isRunning;
    emit({ kind: 'service', isRunning });
  };
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const compare = (now: Map<string, SeenReader>): void => {
    const before = seen;
    seen = now;
    for (const [name, reader] of before) {
      const next = now.get(name);
      if (reader.card !== null && next?.card?.insertion !== reader.card.insertion) emit({ kind: 'card_removed', readerName: name });
      if (next === undefined) {
        probes.delete(name);
        emit({ kind: 'reader_detached', readerName: name });
      }
    }
    for (const [name, reader] of now) {
      const former = before.get(name);
      if (former === undefined) emit({ kind: 'reader_attached', readerName: name });
      if (reader.card !== null && former?.card?.insertion !== reader.card.insertion)
        emit({ kind: 'card_inserted', readerName: name, atrHex: reader.card.atrHex });
    }
  };
  const probe = (reader: NativeReader): void => {
    if (probes.has(reader.name)) return;
    const result = probePinPad(link, reader).then((hasPinPad) => {
      const known = seen.get(reader.name);
      if (known !== undefined) seen.set(reader.name, { ...known, hasPinPad });
    });
    probes.set(reader.name, result);
  };

  const watch = async (open: NativeContext): Promise<void> => {
    while (!isClosed) {
      const readers = open.listReaders();
      setService(true);
      compare(new Map(readers.map((reader) => [reader.name, toSeen(link, reader, seen.get(reader.name)?.hasPinPad ?? false)])));
      for (const reader of readers) probe(reader);
      const states = readers.map(({ name, state }) => ({ name, state, changed: false, atr: null }));
      const pnp = { name: pnpName, state: link.SCARD_STATE_UNAWARE, changed: false, atr: null };
      const fromMs = performance.now();
      const changes = await open.waitForChange([...states, pnp], waitMs).catch((error: unknown) => {
        // A reader left between the list and the wait, or has a name that does not survive the way through text: look again soon.
        if (error instanceof Error && error.message === 'Unknown reader') return [];
        throw error;
      });
      if (changes !== null && performance.now() - fromMs < leastPauseMs) await sleep(leastPauseMs);
    }
  };
  const run = async (): Promise<void> => {
    let backOffMs = firstBackOffMs;
    while (!isClosed) {
      try {
        context = openContext(link);
        backOffMs = firstBackOffMs;
        await watch(context);
      } catch {
        compare(new Map());
        setService(false);
      } finally {
        closeQuietly(context);
        context = undefined;
      }
      if (!hasClosed()) await sleep(backOffMs);
      backOffMs = Math.min(backOffMs * 2, lastBackOffMs);
    }
  };
  const running = run();

  return {
    get isServiceRunning() {
      return isServiceRunning === true;
    },
    list: () => [...seen.values()],
    probed: (readerName) => probes.get(readerName) ?? Promise.resolve(),
    onEvent(listener) {
      if (isServiceRunning !== undefined) listener({ kind: 'service', isRunning: isServiceRunning });
      for (const reader of seen.values()) {
        listener({ kind: 'reader_attached', readerName: reader.name });
        if (reader.card !== null) listener({ kind: 'card_inserted', readerName: reader.name, atrHex: reader.card.atrHex });
      }
      listeners.push(listener);
    },
    async close() {
      isClosed = true;
      wake?.();
      try {
        context?.cancel();
      } catch {
        // Nothing waits any more.
      }
      await running;
    },
  };
}

function toSeen(link: NativeLink, reader: NativeReader, hasPinPad: boolean): SeenReader {
  const { atr } = reader;
  return {
    name: reader.name,
    hasPinPad,
    // The upper half counts insertions and removals: another card in the same second is another card.
    card:
      (reader.state & link.SCARD_STATE_PRESENT) !== 0 && atr !== null
        ? { atrHex: atr.toString('hex').toUpperCase(), insertion: reader.state >>> 16 }
        : null,
  };
}

function closeQuietly(context: NativeContext | undefined): void {
  try {
    context?.close();
  } catch {
    // The service is gone, and its end of the context with it.
  }
}
