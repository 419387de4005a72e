import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../shared/platform/ports.ts';
import { encodeFrame, FrameReader, maxFrameBytes, maxPieceBytes, piecesOf } from './frames.ts';
import { electronPortChannel, nodePortChannel, type PortLike } from './message-port-channel.ts';
import { connectChannel, listenForChannel } from './socket-channel.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function socketPair(): Promise<[Channel, Channel]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-channel-'));
  folders.push(folder);
  const socket = path.join(folder, 's');
  const { channel, close } = await listenForChannel(socket);
  const near = await connectChannel(socket);
  const far = await channel;
  close();
  return [near, far];
}

function nodePair(): Promise<[Channel, Channel]> {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve([nodePortChannel(port1), nodePortChannel(port2)]);
}

/** MessagePortMain hands its listeners an event; the rest is Node's port. */
function electronPair(): Promise<[Channel, Channel]> {
  const wrap = (port: InstanceType<typeof MessageChannel>['port1']): PortLike => ({
    on: (event: 'message' | 'close', listener: (event?: unknown) => void) =>
      event === 'message' ? port.on('message', (data: unknown) => listener({ data })) : port.on('close', () => listener()),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  });
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve([electronPortChannel(wrap(port1)), electronPortChannel(wrap(port2))]);
}

const collect = (channel: Channel, count: number): Promise<unknown[]> =>
  new Promise((resolve) => {
    const messages: unknown[] = [];
    channel.onMessage((message) => {
      messages.push(message);
      if (messages.length === count) resolve(messages);
    });
  });
const closed = (channel: Channel): Promise<void> => new Promise((resolve) => channel.onClose(resolve));

describe.each([
  ['Unix socket', socketPair],
  ['MessagePort of Node', nodePair],
  ['MessagePortMain', electronPair],
] as const)('a channel over a %s', (_, pair) => {
  it('carries structured values and bytes in order, both ways', async () => {
    const [near, far] = await pair();
    const bytes = new Uint8Array(maxPieceBytes).map((__, index) => index % 251);
    const sent = [{ a: 1, text: 'Çiçək ₼', when: new Date(5), none: undefined, list: [1n, null] }, { id: 7, bytes }, 'son'];
    const got = collect(far, sent.length);
    for (const message of sent) near.send(message);
    const received = await got;
    expect(received[0]).toEqual(sent[0]);
    expect(Buffer.from((received[1] as { bytes: Uint8Array }).bytes).equals(Buffer.from(bytes))).toBe(true);
    expect(received[2]).toBe('son');
    const back = collect(near, 1);
    far.send(1);
    expect(await back).toEqual([1]);
    near.close();
  });

  it('keeps messages that came before the listener', async () => {
    const [near, far] = await pair();
    near.send(1);
    near.send(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await collect(far, 2)).toEqual([1, 2]);
    near.close();
  });

  it('tells both sides of a close exactly once, also a listener that comes late; sending then does nothing', async () => {
    const [near, far] = await pair();
    let count = 0;
    far.onClose(() => {
      count += 1;
    });
    const both = Promise.all([closed(near), closed(far)]);
    near.close();
    near.close();
    await both;
    await closed(far);
    far.close();
    near.send('nothing');
    far.send('nothing');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(count).toBe(1);
  });
});

describe('the socket of a channel', () => {
  it('lies in a folder of its owner and takes one connection', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-channel-'));
    folders.push(folder);
    const socket = path.join(folder, 's');
    const { channel, close } = await listenForChannel(socket);
    expect(statSync(socket).mode & 0o077).toBe(0);
    const first = await connectChannel(socket);
    await channel;
    const second = createConnection(socket);
    await new Promise((resolve) => second.once('close', resolve));
    first.close();
    close();
  });

  it('refuses a folder that others may enter', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-channel-'));
    folders.push(folder);
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    await expect(listenForChannel(path.join(folder, 's'))).rejects.toThrow();
  });

  it('closes on bytes that are no frames', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-channel-'));
    folders.push(folder);
    const socket = path.join(folder, 's');
    const { channel, close } = await listenForChannel(socket);
    const raw = createConnection(socket);
    raw.on('error', () => undefined);
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    await closed(await channel);
    close();
  });
});

describe('frames', () => {
  it('come out whole however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map(encodeFrame));
          const reader = new FrameReader();
          const out: unknown[] = [];
          for (let offset = 0, cut = 0; offset < stream.byteLength; cut += 1) {
            const size = cuts[cut % cuts.length] ?? 1;
            for (const message of reader.push(stream.subarray(offset, offset + size))) out.push(message);
            offset += size;
          }
          expect(JSON.stringify(out)).toBe(JSON.stringify(messages));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are refused above the limit on both sides, and bodies are cut to fit', () => {
    expect(() => encodeFrame(new Uint8Array(maxFrameBytes))).toThrow(RangeError);
    expect(() => [...new FrameReader().push(Buffer.from([0x7f, 0xff, 0xff, 0xff]))]).toThrow(RangeError);
    const body = new Uint8Array(maxPieceBytes * 2 + 5);
    expect([...piecesOf(body)].map(({ byteLength }) => byteLength)).toEqual([maxPieceBytes, maxPieceBytes, 5]);
  });
});
