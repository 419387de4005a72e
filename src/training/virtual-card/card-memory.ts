import { CardStatus, sw } from './apdu.ts';
import type { CardFile, CardState, PinRecord } from './card-state.ts';

/** The chip stopped between two writes: nothing of the command after the last write happened, and no answer leaves the card. */
export class PowerLost extends Error {}

/** The power of one insertion; once off it never comes back, so a command that was under way can write nothing any more. */
export interface Power {
  isOn: boolean;
  /** The power goes when so many writes were done; undefined = never. */
  writesLeft: number | undefined;
}

/** The lasting memory of the chip. Every change goes through `write`, each of which is whole or not at all, as on a real chip. */
export class CardMemory {
  readonly state: CardState;
  power: Power = { isOn: false, writesLeft: undefined };
  /** Writes since the card was made known to this process. */
  writes = 0;
  #changed = false;

  constructor(state: CardState) {
    this.state = state;
  }

  write(change: (state: CardState) => void, power: Power = this.power): void {
    if (power.writesLeft === 0) power.isOn = false;
    if (!power.isOn) throw new PowerLost();
    if (power.writesLeft !== undefined) power.writesLeft -= 1;
    change(this.state);
    this.state.changeCounter = (this.state.changeCounter + 1) & 0xffff;
    this.writes += 1;
    this.#changed = true;
  }

  /** Whether there was a write since this was last asked. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  findPin(reference: number): PinRecord | undefined {
    return this.state.pins[String(reference)];
  }

  findFile(uid: number): CardFile | undefined {
    return this.state.files.find((file) => file.uid === uid);
  }

  getFile(uid: number): CardFile {
    const file = this.findFile(uid);
    if (file === undefined) throw new CardStatus(sw.fileNotFound);
    return file;
  }
}

/** What holds only as long as the power: proven PINs, the selection, the security environment. */
export interface CardSecurity {
  readonly verified: Set<number>;
}

/** Whether an access condition nibble is met. In creation state every one is. */
export function isMet(memory: CardMemory, security: CardSecurity, nibble: number): boolean {
  if (memory.state.lifecycle === 1 || nibble === 0) return true;
  return nibble !== 15 && security.verified.has(nibble);
}

export function requireMet(memory: CardMemory, security: CardSecurity, nibble: number): void {
  if (!isMet(memory, security, nibble)) throw new CardStatus(sw.securityNotSatisfied);
}

export const highNibble = (value: number): number => value >> 4;
export const lowNibble = (value: number): number => value & 15;
