import { aegisKeyStream, decipherAegis } from './aegis-page.ts';

/** Reads single pages of a ciphered file without SQLite, for a file that SQLite refuses as a whole. */
export interface PageCodec {
  readonly pageBytes: number;
  /** Bytes of a page that belong to SQLite; the rest is the cipher's. */
  readonly usableBytes: number;
  /** The plain page, or null when its tag does not hold: then nothing of it is believed. */
  decipher(page: Buffer, pageNumber: number): Buffer | null;
}

const keyBytes = 32;
const nonceBytes = 32;
const tagBytes = 32;
/** The salt of the file and the part of SQLite's header that must be readable without the key. */
const openBytesOfFirstPage = 24;
const pageSizes = [4096, 8192, 16_384, 32_768, 65_536, 2048, 1024, 512];
const sampledPages = 200;
const plainStart = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Finds out the page size of a file: the one for which the tag of at least one page holds. Undefined: no page can be read with this key.
 * The first bytes of the file may be spoilt, so its own word for the size is not asked.
 */
export function findPageCodec(
  keyHex: string,
  readAt: (offset: number, length: number) => Buffer | null,
  sizeBytes: number,
): PageCodec | undefined {
  for (const pageBytes of pageSizes) {
    const codec = createPageCodec(keyHex, pageBytes);
    const pages = Math.floor(sizeBytes / pageBytes);
    const step = Math.max(1, Math.floor(pages / sampledPages));
    for (let number = 1; number <= pages; number += step) {
      const page = readAt((number - 1) * pageBytes, pageBytes);
      if (page !== null && codec.decipher(page, number) !== null) return codec;
    }
  }
  return undefined;
}

/**
 * A page ends with its tag and a random nonce. The nonce under the file's key gives the page's own key and nonce; the page's number takes the
 * place of the last four bytes of that nonce, so a page put in another place is not believed.
 * Source: SQLite3 Multiple Ciphers, cipher scheme `aegis`
 */
export function createPageCodec(keyHex: string, pageBytes: number): PageCodec {
  const key = Buffer.from(keyHex, 'hex');
  const usableBytes = pageBytes - tagBytes - nonceBytes;
  return {
    pageBytes,
    usableBytes,
    decipher(page, pageNumber) {
      const from = pageNumber === 1 ? openBytesOfFirstPage : 0;
      const own = aegisKeyStream(key, page.subarray(usableBytes + tagBytes), keyBytes + nonceBytes);
      own.writeUInt32BE(pageNumber, own.length - 4);
      const { plain, tag } = decipherAegis(own.subarray(0, keyBytes), own.subarray(keyBytes), page.subarray(from, usableBytes));
      if (!tag.equals(page.subarray(usableBytes, usableBytes + tagBytes))) return null;
      const whole = Buffer.alloc(pageBytes);
      if (from > 0) {
        page.copy(whole, 0, 0, from);
        plainStart.copy(whole);
      }
      plain.copy(whole, from);
      return whole;
    },
  };
}
