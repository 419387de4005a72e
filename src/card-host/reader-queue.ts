/** An operation was ended by `cancel`. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

/** What an operation in turn is told. */
export interface Turn {
  /** Throws `Cancelled` when the operation was ended. */
  check(): void;
  /** Runs at once when the operation is or was ended. */
  onCancel(end: () => void): void;
  /** Ending it is too late from here on. */
  keep(): void;
}

const longestQueue = 16;

/** One operation at a time on each reader, in the order they came; readers do not wait for each other. */
export class ReaderQueue {
  readonly #readers = new Map<string, { last: Promise<unknown>; waiting: number; cancel: () => void }>();

  /** Nothing is taken any more when too much waits already: `undefined`. */
  run<T>(readerName: string, work: (turn: Turn) => Promise<T>): Promise<T> | undefined {
    const reader = this.#readers.get(readerName) ?? { last: Promise.resolve(), waiting: 0, cancel: () => undefined };
    if (reader.waiting >= longestQueue) return undefined;
    this.#readers.set(readerName, reader);
    reader.waiting += 1;
    const turn = reader.last.then(async () => {
      let isCancelled = false;
      let isKept = false;
      const ends: (() => void)[] = [];
      reader.cancel = () => {
        if (isCancelled || isKept) return;
        isCancelled = true;
        for (const end of ends) end();
      };
      try {
        return await work({
          check() {
            if (isCancelled && !isKept) throw new Cancelled();
          },
          onCancel(end) {
            if (isCancelled) end();
            else ends.push(end);
          },
          keep() {
            isKept = true;
          },
        });
      } finally {
        reader.cancel = () => undefined;
        reader.waiting -= 1;
        if (reader.waiting === 0) this.#readers.delete(readerName);
      }
    });
    reader.last = turn.catch(() => undefined);
    return turn;
  }

  /** Ends what runs on this reader now; what waits behind it goes on. */
  cancel(readerName: string): void {
    this.#readers.get(readerName)?.cancel();
  }

  cancelAll(): void {
    for (const { cancel } of this.#readers.values()) cancel();
  }
}
