import type { CardReaders, CardSession } from '../../shared/card-host/card-port.ts';
import type { StepKind } from '../step-port.ts';

/**
 * Keeps a card open from one step of its personalisation to the next: opening and releasing it takes longer than most steps. It is let go when
 * nothing comes for a moment, when anything else is asked of the reader, and after every fault. No step leaves a PIN proven for the next one: the one
 * that proves them lets the card go.
 */
export interface HeldCards {
  /** The held card, or the card newly opened. Closing the session ends it, or starts the moment in which the next step may come. */
  open(readerName: string, kind: string): Promise<CardSession>;
  close(): Promise<void>;
}

const heldKinds: readonly string[] = [
  'wipe',
  'codes',
  'keys',
  'requests',
  'certificates',
  'objects',
  'close',
  'verify',
] satisfies StepKind[];
const lastKind: StepKind = 'verify';
const defaultIdleMs = 2_000;

interface Held {
  session: CardSession;
  /** It was open before this step: what happened to the card since shows at the first command only. */
  isFromBefore: boolean;
  timer: NodeJS.Timeout | undefined;
}

export function holdCards(readers: CardReaders, idleMs = defaultIdleMs): HeldCards {
  const held = new Map<string, Held>();
  const release = async (readerName: string): Promise<void> => {
    const card = held.get(readerName);
    held.delete(readerName);
    clearTimeout(card?.timer);
    await card?.session.close();
  };

  async function take(readerName: string): Promise<Held> {
    const card = held.get(readerName);
    if (card !== undefined) {
      clearTimeout(card.timer);
      card.isFromBefore = true;
      return card;
    }
    const opened: Held = { session: await readers.openCard(readerName), isFromBefore: false, timer: undefined };
    held.set(readerName, opened);
    return opened;
  }

  function lend(card: Held, readerName: string, isLast: boolean): CardSession {
    let isBroken = false;
    const guarded = async <T>(work: (session: CardSession) => Promise<T>): Promise<T> => {
      try {
        return await work(card.session);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    };
    /** A card that was put out and in again since the last step is opened anew: the first command of every step only asks which chip it is. */
    const begun = async <T>(work: (session: CardSession) => Promise<T>): Promise<T> => {
      if (!card.isFromBefore) return guarded(work);
      card.isFromBefore = false;
      try {
        return await work(card.session);
      } catch {
        await card.session.close();
        return guarded(async () => {
          card.session = await readers.openCard(readerName);
          return work(card.session);
        });
      }
    };
    return {
      readerName,
      atr: card.session.atr,
      transmit: (apdu, timeoutMs) => begun((session) => session.transmit(apdu, timeoutMs)),
      reset: () => begun((session) => session.reset()),
      async close() {
        if (isBroken || isLast) await release(readerName);
        else card.timer = setTimeout(() => void release(readerName), idleMs);
      },
    };
  }

  return {
    async open(readerName, kind) {
      if (heldKinds.includes(kind)) return lend(await take(readerName), readerName, kind === lastKind);
      await release(readerName);
      return readers.openCard(readerName);
    },
    async close() {
      for (const readerName of [...held.keys()]) await release(readerName);
    },
  };
}
