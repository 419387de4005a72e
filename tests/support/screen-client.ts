import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { request } from 'undici';
import WebSocket from 'ws';
import type { DeskClient } from '../../src/shared/contract/index.ts';

export interface ScreenClient {
  readonly desk: DeskClient;
  readonly socket: WebSocket;
  /** The cookie that this window holds. */
  readonly cookie: string;
  close(): void;
}

/** Enters the browser shell as a window does: exchanges the token of `address` for the cookie and opens the socket with it. */
export async function openScreenClient(address: string): Promise<ScreenClient> {
  const entry = await request(address, { method: 'GET' });
  await entry.body.dump();
  const header = entry.headers['set-cookie'];
  const cookie = (Array.isArray(header) ? header[0] : header)?.split(';')[0];
  if (cookie === undefined) throw new Error(`the door did not open: ${String(entry.statusCode)}`);
  return connectScreen(new URL(address).origin, cookie);
}

/** Opens the socket of a window that already has its cookie; rejects when it is refused. */
export async function connectScreen(origin: string, cookie: string): Promise<ScreenClient> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/desk`, { headers: { cookie, origin }, perMessageDeflate: false });
  await new Promise<void>((done, failed) => {
    socket.once('open', done);
    socket.once('error', failed);
  });
  const link = new RPCLink({ websocket: socket });
  return {
    desk: createORPCClient(link),
    socket,
    cookie,
    close: () => {
      socket.close();
    },
  };
}
