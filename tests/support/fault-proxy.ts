import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to the bytes of a connection. Places count from the moment the fault was set, for each connection and direction by itself. */
export type WireFault =
  | { readonly kind: 'none' }
  /** Every piece comes so much later. */
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'rate'; readonly bytesPerS: number }
  /** Pieces of one byte. */
  | { readonly kind: 'slicer'; readonly pieces: number }
  /** Connections are taken and nothing is ever said. */
  | { readonly kind: 'half_open' }
  /** Connections are refused at the door. */
  | { readonly kind: 'refuse' }
  /** RST when so many bytes of the direction went through. */
  | { readonly kind: 'reset'; readonly of: Direction; readonly atByte: number }
  /** The bytes from there on are replaced by others. */
  | { readonly kind: 'garbage'; readonly of: Direction; readonly atByte: number }
  /** The connection ends in good order at this byte. */
  | { readonly kind: 'truncate'; readonly of: Direction; readonly atByte: number }
  /** Everything arrives, but the end of a connection does not, for so long. */
  | { readonly kind: 'slow_close'; readonly ms: number }
  /** One direction vanishes, the other goes on. */
  | { readonly kind: 'blackhole'; readonly of: Direction };

export type Direction = 'request' | 'answer';

export interface FaultProxy {
  readonly url: string;
  /** For connections that stand and for those to come. Those that a fault has spoilt end when it is taken away. */
  setFault(fault: WireFault): void;
  /** Other bytes than the upstream's go where connections lead from now on; those that stand are cut. */
  setUpstream(port: number): void;
  /** Connections taken, and those that the present fault has touched. */
  counts(): { readonly connections: number; readonly touched: number };
  close(): Promise<void>;
}

interface Way {
  /** In good order up to here since the fault was set. */
  passed: number;
  isSpoilt: boolean;
  queue: Promise<void>;
}

const host = '127.0.0.1';

/** A TCP gateway in front of a server that does to the bytes what it is told; it knows nothing of what they mean. Source: F-15 */
export async function startFaultProxy(upstreamPort: number): Promise<FaultProxy> {
  let fault: WireFault = { kind: 'none' };
  let upstream = upstreamPort;
  let connections = 0;
  let touched = new Set<Socket>();
  const open = new Map<Socket, { readonly other: Socket | null; readonly ways: Record<Direction, Way>; isSpoilt: boolean }>();

  const cut = (socket: Socket, isReset: boolean): void => {
    const pair = open.get(socket);
    open.delete(socket);
    for (const end of [socket, pair?.other]) {
      if (end === null || end === undefined) continue;
      if (isReset) end.resetAndDestroy();
      else end.destroy();
    }
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const carry = async (client: Socket, direction: Direction, to: Socket, bytes: Buffer): Promise<void> => {
    const pair = open.get(client);
    if (pair === undefined) return;
    const way = pair.ways[direction];
    const from = way.passed;
    way.passed += bytes.length;
    const now = fault;
    if (now.kind !== 'none' && now.kind !== 'slow_close') touched.add(client);
    const write = (piece: Uint8Array): void => {
      if (!to.destroyed && to.writable) to.write(piece);
    };
    switch (now.kind) {
      case 'none':
      case 'slow_close':
        write(bytes);
        return;
      case 'latency':
        await pause(now.ms);
        write(bytes);
        return;
      case 'rate':
        for (let at = 0; at < bytes.length && fault === now; at += 512) {
          await pause((Math.min(512, bytes.length - at) * 1000) / now.bytesPerS);
          write(bytes.subarray(at, at + 512));
          if (fault !== now) write(bytes.subarray(at + 512));
        }
        return;
      case 'slicer': {
        let at = 0;
        for (; at < Math.min(bytes.length, now.pieces); at += 1) {
          write(bytes.subarray(at, at + 1));
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
        write(bytes.subarray(at));
        return;
      }
      case 'half_open':
      case 'refuse':
        pair.isSpoilt = true;
        return;
      case 'blackhole':
        if (now.of === direction) pair.isSpoilt = true;
        else write(bytes);
        return;
      case 'reset':
      case 'truncate':
      case 'garbage': {
        if (now.of !== direction || from + bytes.length <= now.atByte) {
          write(bytes);
          return;
        }
        const good = bytes.subarray(0, Math.max(0, now.atByte - from));
        write(good);
        pair.isSpoilt = true;
        if (now.kind === 'garbage') {
          write(Buffer.from(bytes.subarray(good.length)).map((byte, index) => byte ^ (0x5a + (index % 37))));
        } else if (now.kind === 'reset') cut(client, true);
        else {
          to.end();
          client.end();
        }
        return;
      }
    }
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections += 1;
    client.on('error', () => undefined);
    if (fault.kind === 'refuse') {
      touched.add(client);
      client.resetAndDestroy();
      return;
    }
    if (fault.kind === 'half_open') {
      touched.add(client);
      open.set(client, { other: null, ways: freshWays(), isSpoilt: true });
      client.on('close', () => open.delete(client));
      client.resume();
      return;
    }
    const other = connect({ host, port: upstream, allowHalfOpen: true, noDelay: true });
    open.set(client, { other, ways: freshWays(), isSpoilt: false });
    // What had come before it broke is handed on first.
    other.on('error', () => {
      const pair = open.get(client);
      void pair?.ways.answer.queue.then(() => {
        setTimeout(() => {
          cut(client, true);
        }, 20);
      });
    });
    const join = (from: Socket, to: Socket, direction: Direction): void => {
      const way = open.get(client)?.ways[direction];
      from.on('data', (bytes: Buffer) => {
        if (way !== undefined) way.queue = way.queue.then(() => carry(client, direction, to, bytes));
      });
      from.on('end', () => {
        if (way === undefined) return;
        way.queue = way.queue.then(async () => {
          if (fault.kind === 'slow_close') {
            touched.add(client);
            await pause(fault.ms);
          }
          if (open.get(client)?.isSpoilt !== true) to.end();
        });
      });
      from.on('close', () => {
        if (way === undefined) return;
        void way.queue.then(async () => {
          await pause(fault.kind === 'slow_close' ? fault.ms : 20);
          cut(client, false);
        });
      });
    };
    join(client, other, 'request');
    join(other, client, 'answer');
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `https://${host}:${port}`,
    setFault(next) {
      fault = next;
      touched = new Set();
      for (const [client, pair] of open) {
        if (pair.isSpoilt) cut(client, false);
        pair.ways.request.passed = 0;
        pair.ways.answer.passed = 0;
      }
    },
    setUpstream(next) {
      upstream = next;
      for (const client of [...open.keys()]) cut(client, false);
    },
    counts: () => ({ connections, touched: touched.size }),
    async close() {
      for (const client of [...open.keys()]) cut(client, false);
      server.close();
      await once(server, 'close');
    },
  };
}

function freshWays(): Record<Direction, Way> {
  const fresh = (): Way => ({ passed: 0, isSpoilt: false, queue: Promise.resolve() });
  return { request: fresh(), answer: fresh() };
}
