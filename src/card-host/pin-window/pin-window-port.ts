import type { CodeWeakness } from '../../shared/rules/weak-codes.ts';

/** What the holder is asked in the PIN window. */
export interface PinQuestion {
  readonly readerName: string;
  readonly kind: 'change' | 'unblock' | 'sign';
  readonly pin: 'pin1' | 'pin2';
  /** Of the code that is typed first: the PIN, or the PUK. */
  readonly triesLeft: number;
  /** What is signed; empty otherwise. */
  readonly title: string;
}

/** Codes as ASCII digits; `current`: the PIN, or the PUK for `unblock`. They are wiped when `use` has come back. */
export interface TypedCodes {
  readonly current: Uint8Array;
  /** Empty for `sign`. */
  readonly next: Uint8Array;
}

export type PinOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'wrong'; readonly triesLeft: number }
  /** Why the new code is no good; nothing was tried on the card. */
  | { readonly state: 'weak'; readonly reason: CodeWeakness }
  | { readonly state: 'blocked' }
  | { readonly state: 'failed' };

/** Asks the holder and nobody else: codes stay between the window and this process. Source: ADR-0027 */
export interface PinWindow {
  /**
   * Opens the window. `use` tries what was typed and is called again after `wrong` and `weak`; every other outcome closes the window.
   * `done`: `use` said so. `cancelled`: Esc, closed, nobody came or typed in time, or `signal`.
   */
  ask(
    question: PinQuestion,
    use: (codes: TypedCodes) => Promise<PinOutcome>,
    signal: AbortSignal,
  ): Promise<PinOutcome['state'] | 'cancelled'>;
  close(): Promise<void>;
}
