import { z } from 'zod';

/**
 * What can be made to go wrong with a card in a reader. `atApdu` counts the commands that reach the card from the moment the fault is set (1 = the
 * next one); a fault happens once. Set only through the control channel, or by a test that holds the readers itself.
 */
const atApdu = z.number().int().min(1);

export const cardFaultSchema = z.discriminatedUnion('kind', [
  /** Pulled out before the command reaches the card, or after it was carried out and before its answer. */
  z.object({ kind: z.literal('pull'), atApdu, moment: z.enum(['before', 'after']) }),
  /** Pulled out in the middle of the command, when so many of its writes were done. As `after` when it writes less. */
  z.object({ kind: z.literal('tear'), atApdu, writes: z.number().int().min(0) }),
  /** The power goes at this write, counted from now, whichever command makes it: the write is not done. */
  z.object({ kind: z.literal('power_loss'), atWrite: z.number().int().min(1) }),
  /** Another status word instead of the card's own answer; carried out or not. */
  z.object({ kind: z.literal('status'), atApdu, statusHex: z.string().regex(/^[0-9A-F]{4}$/), isCarriedOut: z.boolean() }),
  /** No answer ever comes; the card must be pulled out or reset. */
  z.object({ kind: z.literal('hang'), atApdu }),
]);
export type CardFaultSwitch = z.infer<typeof cardFaultSchema>;

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
