import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { socketChannel } from '../../channel/socket-channel.ts';
import type { Channel } from '../../shared/platform/ports.ts';

/** Listens at a Unix socket in a folder that only its owner can enter, or at a named pipe, and hands over every connection. */
export async function serveChannels(path: string, onChannel: (channel: Channel) => void): Promise<{ close(): void }> {
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { force: true });
  }
  const server = createServer((socket) => onChannel(socketChannel(socket)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (!isPipe) chmodSync(path, 0o600);
  return { close: () => void server.close() };
}
