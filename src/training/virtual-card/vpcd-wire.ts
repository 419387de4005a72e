/**
 * The card's side of the vpcd protocol: two bytes of length (big-endian) and a payload, both ways. A payload of one byte is a power command, anything
 * longer a command APDU. Pure: bytes in, what to do out. Source: cards.md §5
 */
export type VpcdMessage =
  | { readonly kind: 'power_off' | 'power_on' | 'reset' | 'ask_atr' | 'unknown' }
  | { readonly kind: 'command'; readonly apdu: Uint8Array }
  /**
   * Exactly the length of a command has come and not a byte of the command: send the first byte of the answer's length now. Debian's driver sends
   * length and payload in two pieces, and the second waits 40 ms for the kernel's acknowledgement of the first unless something goes back.
   */
  | { readonly kind: 'acknowledge' };

const powerCommands = { 0: 'power_off', 1: 'power_on', 2: 'reset', 4: 'ask_atr' } as const;

export class VpcdReceiver {
  #pending: Uint8Array = new Uint8Array(0);

  *push(chunk: Uint8Array): Generator<VpcdMessage> {
    this.#pending = Uint8Array.of(...this.#pending, ...chunk);
    for (;;) {
      const [high, low] = this.#pending;
      if (high === undefined || low === undefined) return;
      const length = (high << 8) | low;
      if (this.#pending.length === 2 && chunk.length > 0 && length > 1) yield { kind: 'acknowledge' };
      if (this.#pending.length < 2 + length) return;
      const payload = this.#pending.slice(2, 2 + length);
      this.#pending = this.#pending.slice(2 + length);
      chunk = this.#pending;
      yield messageOf(payload);
    }
  }
}

function messageOf(payload: Uint8Array): VpcdMessage {
  const [first = -1] = payload;
  if (payload.length > 1) return { kind: 'command', apdu: payload };
  return { kind: first in powerCommands ? powerCommands[first as keyof typeof powerCommands] : 'unknown' };
}

/** The first byte of every answer's length, so that it can be sent before the answer is known. */
export const earlyByte = Uint8Array.of(0);
/** So no answer is longer than its second byte can say. */
const longestAnswerBytes = 255;

export const frameAnswer = (answer: Uint8Array, isAnnounced: boolean): Uint8Array =>
  isAnnounced ? Uint8Array.of(answer.length, ...answer) : Uint8Array.of(0, answer.length, ...answer);

/** Hands out answers that are too long for one frame in two, and serves the GET RESPONSE for the rest itself. */
export class AnswerSplitter {
  #rest: Uint8Array | null = null;

  /** The next part of the rest, when that is what the command asks for; any other command gives the rest up. */
  take(command: Uint8Array): Uint8Array | null {
    const rest = this.#rest;
    this.#rest = null;
    if (rest === null || command[1] !== 0xc0 || command.length !== 5) return null;
    return this.split(rest, command[4] === 0 ? 256 : (command[4] ?? 0));
  }

  split(answer: Uint8Array, le = 256): Uint8Array {
    const dataBytes = answer.length - 2;
    const now = Math.min(le, longestAnswerBytes - 2);
    if (dataBytes <= now) return answer;
    this.#rest = answer.slice(now);
    const left = dataBytes - now;
    return Uint8Array.of(...answer.subarray(0, now), 0x61, left > 255 ? 0 : left);
  }
}
