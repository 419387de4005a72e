import { constants, accessSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { EnvelopePort } from './create-mailer.ts';

const networkMs = 30_000;

/** A device file of the mailer printer. A plain file is refused: it would keep what is printed. */
export function devicePort(path: string): EnvelopePort {
  return async (bytes) => {
    const file = await open(path, constants.O_WRONLY);
    try {
      if ((await file.stat()).isFile()) throw new Error('the mailer printer is a plain file');
      for (let offset = 0; offset < bytes.length;) offset += (await file.write(bytes, offset)).bytesWritten;
    } finally {
      await file.close();
    }
  };
}

export function isDeviceReady(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return !statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The raw port of a network printer. All bytes went out when the printer closes after our end. */
export function networkPort(host: string, port: number): EnvelopePort {
  return (bytes) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host, port });
      // The socket's own queue holds these very bytes until they are gone.
      const copy = Buffer.from(Uint8Array.from(bytes).buffer);
      const settle = (error?: Error): void => {
        copy.fill(0);
        socket.destroy();
        if (error === undefined) resolve();
        else reject(error);
      };
      socket.setTimeout(networkMs, () => settle(new Error('the mailer printer is silent')));
      socket.once('error', settle);
      socket.once('connect', () => socket.end(copy));
      socket.once('close', () => settle());
      socket.resume();
    });
}
