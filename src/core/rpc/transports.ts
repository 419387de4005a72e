import { RPCHandler as MessagePortHandler } from '@orpc/server/message-port';
import { RPCHandler as WebSocketHandler } from '@orpc/server/ws';
import type { Router } from '@orpc/server';
import type { recoveryContract } from '../../shared/contract/recovery.ts';
import type { ConnectionContext, DeskRouter } from './dispatcher.ts';
import { createTokenBucket, screenLimits, type TokenBucketLimits } from './token-bucket.ts';

type ServedPort = Parameters<MessagePortHandler<ConnectionContext>['upgrade']>[0];
type ServedSocket = Parameters<WebSocketHandler<ConnectionContext>['upgrade']>[0];

/** Each connection has its own allowance; a reconnect does not inherit it and need not. */
function newConnection(limits: TokenBucketLimits): { context: ConnectionContext } {
  return { context: { bucket: createTokenBucket(() => performance.now(), limits) } };
}

/** Serves the contract on a MessagePortMain, a DOM MessagePort or a worker's MessagePort. Who may connect is the shell's business. */
export function serveMessagePort(router: DeskRouter, port: ServedPort, limits: TokenBucketLimits = screenLimits): void {
  new MessagePortHandler<ConnectionContext>(router).upgrade(port, newConnection(limits));
  // Ports of Node and Electron hold their messages back until they are started.
  if (isStartable(port)) port.start();
}

function isStartable(port: object): port is { start(): void } {
  return 'start' in port && typeof port.start === 'function';
}

/** The same contract on a socket of `ws`. */
export function serveWebSocket(router: DeskRouter, socket: ServedSocket, limits: TokenBucketLimits = screenLimits): void {
  void new WebSocketHandler<ConnectionContext>(router).upgrade(socket, newConnection(limits));
}

/** The few operations of a core without its database. */
export type RecoveryRouter = Router<typeof recoveryContract, object>;

export function serveRecoveryPort(router: RecoveryRouter, port: ServedPort): void {
  new MessagePortHandler(router).upgrade(port);
  if (isStartable(port)) port.start();
}

export function serveRecoverySocket(router: RecoveryRouter, socket: ServedSocket): void {
  void new WebSocketHandler(router).upgrade(socket);
}
