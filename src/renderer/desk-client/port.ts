import { RPCLink } from '@orpc/client/message-port';
import type { OpenTransport } from './connection.ts';

const portWithinMs = 10_000;
let waiting: MessagePort | undefined;
let take: ((port: MessagePort) => void) | undefined;

/** The preload posts the port as soon as the core is joined, which may be before anybody asks for it, and again after a restart of the core. */
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const port = event.ports[0];
  if (event.source !== window || event.data !== 'qeyd-port' || port === undefined) return;
  if (take === undefined) waiting = port;
  else take(port);
});

/** Electron's way: the one port that the preload hands over. */
export const openPort: OpenTransport = (onLost) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      take = undefined;
      reject(new Error('No port came'));
    }, portWithinMs);
    const accept = (port: MessagePort): void => {
      clearTimeout(timer);
      waiting = undefined;
      const lose = (): void => {
        port.close();
        onLost();
      };
      // A newer port means that the core behind this one is gone.
      take = (newer) => {
        waiting = newer;
        take = undefined;
        lose();
      };
      port.addEventListener('close', () => {
        if (waiting === undefined) lose();
      });
      port.start();
      resolve({
        link: new RPCLink({ port }),
        close: () => {
          port.close();
        },
      });
    };
    if (waiting === undefined) take = accept;
    else accept(waiting);
  });
