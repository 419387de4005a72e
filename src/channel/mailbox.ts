/**
 * What both channel adapters share: messages that arrive before the listener wait for it, the close is told exactly once, and a listener
 * that comes after the close still hears of it.
 */
export class Mailbox {
  #waiting: unknown[] = [];
  #listener: ((message: unknown) => void) | null = null;
  #closeListeners: (() => void)[] = [];
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  deliver(message: unknown): void {
    if (this.#listener === null) this.#waiting.push(message);
    else this.#listener(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) queueMicrotask(listener);
    else this.#closeListeners.push(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners = [];
  }
}
