import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A road to a port of this machine that lets so many bits a second through each way, over all connections together. */
export async function openSlowRoad(port: number, bitsPerS: number): Promise<{ readonly port: number; close(): void }> {
  const bytesPerMs = bitsPerS / 8000;
  const sockets = new Set<Socket>();
  /** One queue for each way; a piece arrives when all before it have, at the road's rate. */
  const lane = () => {
    let freeAtMs = 0;
    return (piece: Buffer, to: Socket): void => {
      freeAtMs = Math.max(freeAtMs, performance.now()) + piece.length / bytesPerMs;
      setTimeout(() => {
        if (!to.destroyed) to.write(piece);
      }, freeAtMs - performance.now());
    };
  };
  const [there, back] = [lane(), lane()];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (piece: Buffer) => {
      there(piece, far);
    });
    far.on('data', (piece: Buffer) => {
      back(piece, near);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
