import { connectChannel } from '../channel/socket-channel.ts';
import {
  cardControlAnswerSchema,
  type CardControlAnswer,
  type CardControlRequest,
  type CardControlStatus,
  type CardFaultSwitch,
} from '../shared/card-host/virtual-card-control.ts';

/** The hands that put virtual cards in and out: for tests and for tools. Each call throws with a sentence when it cannot be done. */
export interface CardControl {
  status(): Promise<CardControlStatus>;
  createCard(options?: { readonly chipSerialHex?: string; readonly atrHex?: string }): Promise<string>;
  insert(readerName: string, chipSerialHex: string, options?: { readonly isMute?: boolean }): Promise<void>;
  eject(readerName: string): Promise<void>;
  setFault(chipSerialHex: string, fault: CardFaultSwitch): Promise<void>;
  ask(request: CardControlRequest): Promise<CardControlAnswer>;
  close(): void;
}

/** Tries for `deadlineMs`, because the process may still be starting. */
export async function connectCardControl(socketPath: string, deadlineMs = 10_000): Promise<CardControl> {
  const channel = await connectChannel(socketPath, deadlineMs);
  const waiting = new Map<number, (answer: CardControlAnswer) => void>();
  let nextId = 1;
  channel.onMessage((message) => {
    const answer = cardControlAnswerSchema.parse(message);
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  channel.onClose(() => {
    for (const [id, settle] of waiting) settle({ kind: 'refused', id, reason: 'The virtual-card process is gone' });
  });
  const ask = async (request: CardControlRequest): Promise<CardControlAnswer> => {
    const id = nextId;
    nextId += 1;
    const answer = await new Promise<CardControlAnswer>((resolve) => {
      waiting.set(id, resolve);
      channel.send({ id, request });
    });
    if (answer.kind === 'refused') throw new Error(answer.reason);
    return answer;
  };
  const act = async (request: CardControlRequest): Promise<void> => {
    await ask(request);
  };
  return {
    ask,
    async status() {
      const answer = await ask({ kind: 'status' });
      if (answer.kind !== 'status') throw new Error('The virtual-card process answered something else');
      return answer.status;
    },
    async createCard(options = {}) {
      const answer = await ask({ kind: 'create_card', ...options });
      if (answer.kind !== 'card') throw new Error('The virtual-card process answered something else');
      return answer.chipSerialHex;
    },
    insert: (readerName, chipSerialHex, options = {}) => act({ kind: 'insert', readerName, chipSerialHex, ...options }),
    eject: (readerName) => act({ kind: 'eject', readerName }),
    setFault: (chipSerialHex, fault) => act({ kind: 'set_fault', chipSerialHex, fault }),
    close: () => channel.close(),
  };
}
