import { RPCHandler as MessagePortHandler } from '@orpc/server/message-port';
import { RPCHandler as WebSocketHandler } from '@orpc/server/ws';
import type { Clock } from '../../shared/platform/ports.ts';
import type { DeskRouter } from './dispatcher.ts';
import { createTokenBucket, screenLimits, type TokenBucketLimits } from './token-bucket.ts';

type ServedPort = Parameters<MessagePortHandler<never>['upgrade']>[0];
type ServedSocket = Parameters<WebSocketHandler<never>['upgrade']>[0];

/** Serves the contract to screens. Both ways carry the same messages; who may connect is the shell's business. */
export interface ScreenServer {
  /** MessagePortMain, a DOM MessagePort or a worker's MessagePort. */
  serveMessagePort(port: ServedPort): void;
  /** A socket of `ws`. */
  serveWebSocket(socket: ServedSocket): void;
}

export function createScreenServer(router: DeskRouter, clock: Clock, limits: TokenBucketLimits = screenLimits): ScreenServer {
  const ports = new MessagePortHandler(router);
  const sockets = new WebSocketHandler(router);
  const newConnection = () => ({ context: { bucket: createTokenBucket(() => clock.monotonicMs(), limits) } });
  return {
    serveMessagePort(port) {
      ports.upgrade(port, newConnection());
      // Ports of Node and Electron hold their messages back until they are started.
      if ('start' in port && typeof port.start === 'function') port.start();
    },
    serveWebSocket(socket) {
      void sockets.upgrade(socket, newConnection());
    },
  };
}
