import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createDoor, type Door } from './door.ts';
import { screenSecurityHeaders, serveScreenFile } from './screen-files.ts';

const host = '127.0.0.1';

export interface LoopbackServer {
  readonly origin: string;
  readonly door: Door;
  close(): Promise<void>;
}

/**
 * The browser shell's server: loopback only, the door in front of everything, the built screen behind it. An upgrade of `/desk` that passes the
 * door is handed to `onScreen` as a raw socket; the server keeps nothing of it.
 */
export async function startLoopbackServer(options: {
  readonly screenFolder: string;
  readonly port: number;
  /** Where the page itself should go instead; undefined while the core answers or will answer again. */
  readonly recoveryPath: () => string | undefined;
  readonly onScreen: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}): Promise<LoopbackServer> {
  const server: Server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 30_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback server has no port');
  const door = createDoor({ host, port: address.port });
  const headers = screenSecurityHeaders(`${host}:${String(address.port)}`);

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const url = new URL(request.url ?? '/', `http://${host}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
      return;
    }
    const isEntry = url.pathname === '/open';
    const verdict = door.judge(request, isEntry ? 'entry' : 'request');
    if (verdict !== 'ok') {
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(refusal);
      return;
    }
    if (isEntry) {
      const cookie = door.exchange(url.searchParams.get('token') ?? '');
      if (cookie === undefined) response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(refusal);
      else response.writeHead(303, { 'Set-Cookie': cookie, Location: '/' }).end();
      return;
    }
    const recovery = url.pathname === '/' ? options.recoveryPath() : undefined;
    if (recovery !== undefined) response.writeHead(302, { Location: recovery }).end();
    else void serveScreenFile(options.screenFolder, url.pathname, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (new URL(request.url ?? '/', `http://${host}`).pathname !== '/desk' || door.judge(request, 'upgrade') !== 'ok') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    // A browser that goes away between its request and the core's answer is no error of ours.
    socket.on('error', () => {
      socket.destroy();
    });
    options.onScreen(request, socket, head);
  });

  return {
    origin: `http://${host}:${String(address.port)}`,
    door,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

const refusal = 'Bu ünvanın müddəti bitib və ya artıq istifadə olunub. Heç nə itməyib. Proqramı yenidən başladıb yeni ünvanı açın.\n';
