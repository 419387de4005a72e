import type { CardFaultSwitch } from '../../shared/card-host/virtual-card-control.ts';

interface Counted {
  readonly fault: CardFaultSwitch;
  /** Of commands or writes when it was set. */
  readonly setAt: number;
}

/** The faults set on one card. */
export class FaultSwitches {
  #set: readonly Counted[] = [];

  set(fault: CardFaultSwitch, apdus: number, writes: number): void {
    this.#set = [...this.#set, { fault, setAt: fault.kind === 'power_loss' ? writes : apdus }];
  }

  clear(): void {
    this.#set = [];
  }

  /** The fault of the command with this number, counted since the card is known; it will not happen again. */
  take(apdu: number): CardFaultSwitch | undefined {
    const due = this.#set.find(({ fault, setAt }) => fault.kind !== 'power_loss' && setAt + fault.atApdu === apdu);
    this.#set = this.#set.filter((other) => other !== due);
    return due?.fault;
  }

  /** How many writes are left until the power goes; undefined when it stays. */
  writesLeft(writes: number): number | undefined {
    const left = this.#set.flatMap(({ fault, setAt }) => (fault.kind === 'power_loss' ? [setAt + fault.atWrite - 1 - writes] : []));
    return left.length === 0 ? undefined : Math.max(0, Math.min(...left));
  }

  powerWent(): void {
    this.#set = this.#set.filter(({ fault }) => fault.kind !== 'power_loss');
  }
}
