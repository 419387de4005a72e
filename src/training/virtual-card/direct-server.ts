import { CardFault } from '../../shared/card-host/card-port.ts';
import { directRequestSchema, type DirectAnswer, type DirectRequest } from '../../shared/card-host/direct-wire.ts';
import type { Channel } from '../../shared/platform/ports.ts';
import type { CardHold, VirtualReaders } from './virtual-readers.ts';

/** The card port for one card host at the other end of a channel. What it holds is released when it goes. */
export function serveDirect(readers: VirtualReaders, channel: Channel): void {
  const holds = new Map<number, CardHold>();
  let nextSession = 1;
  const send = (answer: DirectAnswer): void => channel.send(answer);
  const getHold = (session: number): CardHold => {
    const hold = holds.get(session);
    if (hold === undefined) throw new CardFault('CARD_REMOVED');
    return hold;
  };
  const answer = async (request: DirectRequest): Promise<DirectAnswer> => {
    const { id } = request;
    switch (request.kind) {
      case 'list':
        return { kind: 'readers', id, readers: [...readers.list()] };
      case 'open': {
        const hold = readers.open(request.readerName);
        const session = nextSession;
        nextSession += 1;
        holds.set(session, hold);
        return { kind: 'opened', id, session, atr: hold.atr };
      }
      case 'exchange':
        return { kind: 'answered', id, answer: await getHold(request.session).exchange(request.command) };
      case 'reset':
        getHold(request.session).reset();
        return { kind: 'done', id };
      case 'close':
        holds.get(request.session)?.release();
        holds.delete(request.session);
        return { kind: 'done', id };
    }
  };
  send({ kind: 'hello', link: 'direct' });
  channel.onMessage((message) => {
    const parsed = directRequestSchema.safeParse(message);
    if (!parsed.success) {
      channel.close();
      return;
    }
    const { id } = parsed.data;
    answer(parsed.data).then(send, (error: unknown) => {
      send({ kind: 'failed', id, fault: error instanceof CardFault ? error.kind : 'TRANSPORT_FAILED' });
    });
  });
  const stop = readers.onEvent((event) => {
    if (event.kind !== 'service') send({ kind: 'event', event });
  });
  channel.onClose(() => {
    stop();
    for (const hold of holds.values()) hold.release();
  });
}

/** Sends the card host to the machine's card service, which has the virtual cards. */
export function sendElsewhere(channel: Channel): void {
  channel.send({ kind: 'hello', link: 'pcsc' } satisfies DirectAnswer);
}
