import { RPCLink } from '@orpc/client/message-port';
import type { OpenTransport } from './transport.ts';

const portWithinMs = 10_000;

/**
 * Electron's way: the page asks, the preload answers with the one port that speaks the contract. A newer port means that the core behind
 * this one is gone.
 */
export const openPort: OpenTransport = (onLost) =>
  new Promise((resolve, reject) => {
    let open: MessagePort | undefined;
    const stopListening = (): void => {
      window.removeEventListener('message', onMessage);
    };
    const timer = setTimeout(() => {
      stopListening();
      reject(new Error('No port came'));
    }, portWithinMs);
    const lose = (): void => {
      if (open === undefined) return;
      open.close();
      open = undefined;
      stopListening();
      onLost();
    };
    const onMessage = (event: MessageEvent<unknown>): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'qeyd-port' || port === undefined) return;
      if (open !== undefined) {
        lose();
        return;
      }
      clearTimeout(timer);
      open = port;
      port.addEventListener('close', lose);
      port.start();
      resolve({ link: new RPCLink({ port }), close: lose });
    };
    window.addEventListener('message', onMessage);
    window.postMessage('qeyd-port-wanted', window.location.origin);
  });
