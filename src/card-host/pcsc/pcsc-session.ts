import { CardFault, type CardSession } from '../../shared/card-host/card-port.ts';
import { exchangeWithFollowUp, fitToT0 } from '../../shared/card-host/follow-up.ts';
import type { NativeCard, NativeContext, NativeLink } from './native-link.ts';
import { asCardFault } from './pcsc-errors.ts';

const defaultTimeoutMs = 30_000;
const maxRecvLength = 65_538;

/** A driver did not come back: nothing can end its call but the end of this process. */
export type OnHang = (readerName: string) => void;

/**
 * One card, taken exclusively, over a context of its own: calls that wait for a running command of the same context then wait for nobody else.
 * Every row of the table of defects stands here as a rule. Source: cards.md §6
 */
export async function openPcscSession(link: NativeLink, readerName: string, onHang: OnHang): Promise<CardSession> {
  const context = openContext(link);
  let card: NativeCard | undefined;
  try {
    const reader = context.listReaders().find(({ name }) => name === readerName);
    if (reader === undefined) throw new CardFault('READER_UNKNOWN');
    card = await reader.connect(link.SCARD_SHARE_EXCLUSIVE, link.SCARD_PROTOCOL_T0 | link.SCARD_PROTOCOL_T1);
    const atr = card.atr;
    if (atr === null) throw new CardFault('CARD_REMOVED');
    return serve(link, context, card, readerName, Uint8Array.from(atr), onHang);
  } catch (error) {
    release(link, context, card);
    throw asCardFault(error);
  }
}

/** Throws `CardFault` SERVICE_DOWN where there is no service. */
export function openContext(link: NativeLink): NativeContext {
  try {
    return new link.Context();
  } catch (error) {
    throw asCardFault(error);
  }
}

function serve(
  link: NativeLink,
  context: NativeContext,
  card: NativeCard,
  readerName: string,
  atr: Uint8Array,
  onHang: OnHang,
): CardSession {
  let state: 'open' | 'over' | 'hung' | 'closed' = 'open';
  let last: Promise<unknown> = Promise.resolve();
  let hungCall: Promise<unknown> = Promise.resolve();

  /** After a fault the card may be another one, or have forgotten everything: the session is over. */
  const end = (error: unknown): CardFault => {
    if (state === 'open') state = 'over';
    return seenAgain(link, readerName, asCardFault(error));
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      if (state !== 'open') throw new CardFault(state === 'hung' ? 'CARD_TIMEOUT' : 'CARD_REMOVED', 'the session is over');
      return work();
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  const within = async <T>(timeoutMs: number, call: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        state = 'hung';
        hungCall = call.catch(() => undefined);
        reject(new CardFault('CARD_TIMEOUT'));
        onHang(readerName);
      }, timeoutMs);
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  const send = async (apdu: Uint8Array, timeoutMs: number): Promise<Uint8Array> => {
    const fitting = card.protocol === link.SCARD_PROTOCOL_T0 ? fitToT0(apdu) : apdu;
    const command = Buffer.from(fitting);
    try {
      const answer = await within(timeoutMs, card.transmit(command, { maxRecvLength }));
      // A card pulled under way answers nothing, and the package takes that for an answer.
      if (answer.length < 2) throw new CardFault('CARD_REMOVED');
      return answer;
    } finally {
      // It may carry a PIN.
      command.fill(0);
    }
  };

  return {
    readerName,
    atr,
    transmit: (apdu, timeoutMs = defaultTimeoutMs) => {
      // One byte would reach the reader as a power command and hang.
      if (apdu.length < 4) return Promise.reject(new RangeError('A command APDU has at least 4 bytes'));
      return inTurn(async () => {
        try {
          return await exchangeWithFollowUp(apdu, (part) => send(part, timeoutMs));
        } catch (error) {
          throw end(error);
        }
      });
    },
    reset: () =>
      inTurn(async () => {
        try {
          const protocols = link.SCARD_PROTOCOL_T0 | link.SCARD_PROTOCOL_T1;
          await within(defaultTimeoutMs, card.reconnect(link.SCARD_SHARE_EXCLUSIVE, protocols, link.SCARD_RESET_CARD));
        } catch (error) {
          throw end(error);
        }
      }),
    async close() {
      await last;
      const isHung = state === 'hung';
      if (state === 'closed') return;
      state = 'closed';
      // A synchronous call would wait for the hung one for ever: the card is let go when that comes back, should the process live so long.
      if (isHung) void hungCall.then(() => release(link, context, card));
      else release(link, context, card);
    },
  };
}

/** Always: a card that is merely dropped stays taken until the garbage is collected. */
function release(link: NativeLink, context: NativeContext, card: NativeCard | undefined): void {
  try {
    card?.disconnect(link.SCARD_RESET_CARD);
  } catch {
    // It is gone, and with it what there was to release.
  }
  try {
    context.close();
  } catch {
    // The service has ended: its end of the context is gone too.
  }
}

/** "Transaction failed" is what a pulled card says just as well as a bad contact: a look at the reader tells them apart. */
function seenAgain(link: NativeLink, readerName: string, fault: CardFault): CardFault {
  if (fault.kind !== 'TRANSPORT_FAILED') return fault;
  let context: NativeContext | undefined;
  try {
    context = openContext(link);
    const reader = context.listReaders().find(({ name }) => name === readerName);
    const isPresent = reader !== undefined && (reader.state & link.SCARD_STATE_PRESENT) !== 0;
    return isPresent ? fault : new CardFault('CARD_REMOVED', fault.message);
  } catch (error) {
    return asCardFault(error);
  } finally {
    context?.close();
  }
}
