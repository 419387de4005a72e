/** Ports of the machine, so that desk and registry can be simulated together (sync-and-reliability, a2). */

export interface Clock {
  /** UTC epoch milliseconds of the device clock; may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back within one boot. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels and may be called any number of times. */
  schedule(delayMs: number, run: () => void): () => void;
}

export interface Randomness {
  bytes(count: number): Uint8Array;
  /** UUIDv7, strictly increasing within one process. */
  uuid(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}

/**
 * A message pipe between two processes of the program. Values are structured-clone data; bytes travel as Uint8Array of at most
 * 256 KiB a message. Delivery is in order and at most once; `onClose` fires exactly once, after which `send` does nothing.
 */
export interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
