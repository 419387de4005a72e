import { createServer, type RequestListener, type Server } from 'node:http';

const attempts = 5;

export interface LoopbackPair {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `localhost` means both loopback addresses to a browser, so both are taken at the same port: nobody else on this machine can answer in our name
 * at the other one. A machine without IPv6 has the one.
 */
export async function listenOnLocalhost(handle: RequestListener): Promise<LoopbackPair> {
  for (let attempt = 1; ; attempt += 1) {
    const first = await listen(handle, '127.0.0.1', 0);
    const address = first.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const second = await listen(handle, '::1', port);
      return { port, close: () => closeAll([first, second]) };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return { port, close: () => closeAll([first]) };
      await closeAll([first]);
      if (attempt === attempts) throw error;
    }
  }
}

function listen(handle: RequestListener, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, handle);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((done) => {
          server.close(() => {
            done();
          });
          server.closeAllConnections();
        }),
    ),
  );
}
