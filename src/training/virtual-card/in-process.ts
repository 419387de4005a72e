import { CardFault, type CardReaders, type CardSession } from '../../shared/card-host/card-port.ts';
import { exchangeWithFollowUp } from '../../shared/card-host/follow-up.ts';
import type { CardHold, VirtualReaders } from './virtual-readers.ts';

/** The card port straight to cards of the same process: for unit tests, without sockets, service or driver. */
export function createInProcessReaders(readers: VirtualReaders): CardReaders {
  const stops: (() => void)[] = [];
  return {
    link: 'direct',
    listReaders: async () => readers.list(),
    openCard: async (readerName) => openSession(readerName, readers.open(readerName)),
    onEvent: (listener) => {
      listener({ kind: 'service', isRunning: true });
      stops.push(readers.onEvent(listener));
    },
    close: async () => stops.splice(0).forEach((stop) => stop()),
  };
}

function openSession(readerName: string, hold: CardHold): CardSession {
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other; after a fault the session is over, whatever the card does. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      if (isOver) throw new CardFault('CARD_REMOVED', 'the session is over');
      try {
        return await work();
      } catch (error) {
        isOver = true;
        throw error;
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    readerName,
    atr: hold.atr,
    transmit: (apdu, timeoutMs = 30_000) => {
      if (apdu.length < 4) return Promise.reject(new RangeError('A command APDU has at least 4 bytes'));
      return inTurn(() => exchangeWithFollowUp(apdu, (command) => within(timeoutMs, hold.exchange(command))));
    },
    reset: () => inTurn(async () => hold.reset()),
    close: async () => {
      await last;
      isOver = true;
      hold.release();
    },
  };
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CardFault('CARD_TIMEOUT')), timeoutMs);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
