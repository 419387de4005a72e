import type { Channel } from '../shared/platform/ports.ts';
import { Mailbox } from './mailbox.ts';

/** What Electron's MessagePortMain and Node's MessagePort have in common. */
export interface PortLike {
  on(event: 'message', listener: (event: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
}

/** A channel over Electron's MessagePortMain, whose listeners get an event with the message in `data`. */
export function electronPortChannel(port: PortLike): Channel {
  return portChannel(port, (event) => (event as { readonly data: unknown }).data);
}

/** A channel over a MessagePort of node:worker_threads, whose listeners get the message itself. */
export function nodePortChannel(port: PortLike): Channel {
  return portChannel(port, (event) => event);
}

function portChannel(port: PortLike, messageOf: (event: unknown) => unknown): Channel {
  const mailbox = new Mailbox();
  port.on('message', (event: unknown) => mailbox.deliver(messageOf(event)));
  port.on('close', () => mailbox.close());
  port.start();
  return {
    send(message) {
      if (!mailbox.isClosed) port.postMessage(message);
    },
    onMessage: (listener) => mailbox.onMessage(listener),
    onClose: (listener) => mailbox.onClose(listener),
    close() {
      port.close();
      // MessagePortMain tells only the other side of a close; the promise "exactly once" holds for both.
      mailbox.close();
    },
  };
}
