import { RPCLink } from '@orpc/client/websocket';
import type { OpenTransport } from './transport.ts';

/** Long enough for a core that is still starting on a busy machine: giving up sooner would begin the same wait again. */
const openWithinMs = 20_000;

/** The browser shell's way: a WebSocket to the address the page came from; the session is its cookie. */
export const openSocket: OpenTransport = (onLost) =>
  new Promise((resolve, reject) => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/desk`);
    let isOpen = false;
    const timer = setTimeout(() => {
      socket.close();
    }, openWithinMs);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      isOpen = true;
      resolve({
        link: new RPCLink({ websocket: socket }),
        close: () => {
          socket.close();
        },
      });
    });
    socket.addEventListener('close', () => {
      clearTimeout(timer);
      if (isOpen) onLost();
      else reject(new Error('The socket did not open'));
    });
  });
