import { gzipSync } from 'node:zlib';

/** A road slower than this (bits a millisecond of the whole exchange) is worth the work of compressing; loopback and a local network are not. */
const slowRoad = 20_000;
const smallestBytes = 4096;

export interface PackedBody {
  readonly body: Buffer;
  readonly isPacked: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Compresses batches, and asks for compressed answers, where the registry takes that and the road is slow or not known yet. */
export interface Packing {
  pack(body: Buffer, encodings: readonly string[]): PackedBody;
  /** For a question without a body. */
  headers(encodings: readonly string[]): Readonly<Record<string, string>>;
  /** How long the exchange of so many bytes took, registry included. */
  noteExchange(bytes: number, tookMs: number): void;
  /** The registry does not read what is packed, whatever it says of itself: plain bodies from now on. */
  giveUp(): void;
}

export function createPacking(): Packing {
  let isSlow = true;
  let isGivenUp = false;
  const headers = (encodings: readonly string[]): Readonly<Record<string, string>> =>
    isSlow && !isGivenUp && encodings.includes('gzip') ? { 'accept-encoding': 'gzip' } : {};
  return {
    headers,
    pack: (body, encodings) => {
      const wanted = headers(encodings);
      const isPacked = 'accept-encoding' in wanted && body.length >= smallestBytes;
      return isPacked
        ? { body: gzipSync(body, { level: 6 }), isPacked, headers: { ...wanted, 'content-encoding': 'gzip' } }
        : { body, isPacked, headers: wanted };
    },
    noteExchange: (bytes, tookMs) => {
      if (bytes >= smallestBytes) isSlow = (bytes * 8) / Math.max(1, tookMs) < slowRoad;
    },
    giveUp: () => {
      isGivenUp = true;
    },
  };
}
