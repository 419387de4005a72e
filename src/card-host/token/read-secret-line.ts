import type { ReadStream } from 'node:tty';

const enter = new Set([0x0a, 0x0d]);
const endings = new Set([0x03, 0x04]);
const erasers = new Set([0x08, 0x7f]);

/**
 * One line from the terminal without an echo, or from a pipe; bytes that the caller wipes. Ctrl+C and the end of the input before a line end the
 * question with an error.
 */
export async function readSecretLine(
  input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>,
  output: NodeJS.WritableStream,
  question: string,
): Promise<Uint8Array> {
  if (input.isTTY === true) {
    output.write(question);
    input.setRawMode?.(true);
  }
  const line: number[] = [];
  try {
    return await new Promise((resolve, reject) => {
      input.on('data', (chunk: Buffer) => {
        for (const byte of chunk) {
          if (enter.has(byte)) {
            resolve(Uint8Array.from(line));
            break;
          }
          if (endings.has(byte)) reject(new Error('no secret was given'));
          else if (erasers.has(byte)) line.pop();
          else line.push(byte);
        }
        chunk.fill(0);
      });
      input.once('end', () => {
        if (line.length > 0) resolve(Uint8Array.from(line));
        else reject(new Error('no secret was given'));
      });
      input.once('error', reject);
    });
  } finally {
    line.fill(0);
    if (input.isTTY === true) {
      input.setRawMode?.(false);
      output.write('\n');
    }
    input.pause();
  }
}
