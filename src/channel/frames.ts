import { deserialize, serialize } from 'node:v8';

/**
 * Frames of a byte stream between two processes of the program: four bytes of length (big-endian), then a v8-serialised value. The peer is
 * our own child, but a length beyond the limit still ends the stream: a broken peer must not make this process allocate without bound.
 */
export const maxFrameBytes = 1024 * 1024;
/** The largest piece of a body in one message. Source: ARCHITECTURE.md, processes at run time */
export const maxPieceBytes = 256 * 1024;

/** One message as bytes. A message above the limit is a bug of the sender, who should have split the body with `piecesOf`. */
export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message);
  if (body.byteLength > maxFrameBytes) throw new RangeError(`A message of ${body.byteLength} bytes is too large for a channel`);
  const frame = Buffer.allocUnsafe(4 + body.byteLength);
  frame.writeUInt32BE(body.byteLength, 0);
  body.copy(frame, 4);
  return frame;
}

/** Takes the stream as it comes and hands out whole messages in order. Throws when the stream is no stream of frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#size += chunk.byteLength;
    while (this.#size >= 4) {
      const length = this.#peekLength();
      if (length > maxFrameBytes) throw new RangeError('Frame above the limit');
      if (this.#size < 4 + length) return;
      const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
      const rest = all.subarray(4 + length);
      this.#chunks = rest.byteLength === 0 ? [] : [rest];
      this.#size = rest.byteLength;
      yield deserialize(all.subarray(4, 4 + length));
    }
  }

  #peekLength(): number {
    const first = this.#chunks[0];
    if (first !== undefined && first.byteLength >= 4) return first.readUInt32BE(0);
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined.readUInt32BE(0);
  }
}

/** Cuts a body into pieces that fit one message each. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += maxPieceBytes) yield bytes.subarray(offset, offset + maxPieceBytes);
}
