import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Channel } from '../shared/platform/ports.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import { Mailbox } from './mailbox.ts';

/** A channel over a connected Unix socket or named pipe. A stream that is no stream of frames closes it. */
export function socketChannel(socket: Socket): Channel {
  const mailbox = new Mailbox();
  const reader = new FrameReader();
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) mailbox.deliver(message);
    } catch {
      socket.destroy();
    }
  });
  // The reason does not matter to the user of a channel: what he has to know is that it is gone, and 'close' follows.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => mailbox.close());
  return {
    send(message) {
      if (!mailbox.isClosed && socket.writable) socket.write(encodeFrame(message));
    },
    onMessage: (listener) => mailbox.onMessage(listener),
    onClose: (listener) => mailbox.onClose(listener),
    close() {
      socket.end();
    },
  };
}

/**
 * Listens at `path` (a Unix socket in a folder that only its owner can enter, or `\\.\pipe\…` on Windows) and hands over the first
 * connection; every later one is closed at once.
 */
export async function listenForChannel(path: string): Promise<{ channel: Promise<Channel>; close(): void }> {
  if (!isPipe(path)) prepareFolder(path);
  let server: Server | null = null;
  const channel = new Promise<Channel>((resolve) => {
    let isTaken = false;
    server = createServer((socket) => {
      if (isTaken) return void socket.destroy();
      isTaken = true;
      resolve(socketChannel(socket));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server?.once('error', reject);
    server?.listen(path, () => resolve());
  });
  if (!isPipe(path)) chmodSync(path, 0o600);
  return { channel, close: () => void server?.close() };
}

/** Connects to a listening peer; tries again until `deadlineMs` has passed, because the peer may still be starting. */
export async function connectChannel(path: string, deadlineMs = 10_000): Promise<Channel> {
  const endsAt = performance.now() + deadlineMs;
  for (;;) {
    try {
      return socketChannel(await connectOnce(path));
    } catch (error) {
      if (performance.now() >= endsAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function connectOnce(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\');
}

function prepareFolder(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) throw new Error('The folder of a channel must be closed to everyone but its owner');
  rmSync(path, { force: true });
}
