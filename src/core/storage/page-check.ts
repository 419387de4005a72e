import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { aegisStream, aegisTag } from './aegis.ts';

const pageBytes = 4096;
const keyBytes = 32;
const nonceBytes = 32;
const tagBytes = 32;
/** The salt of the file and the part of SQLite's header that must be readable without the key. */
const openBytesOfFirstPage = 24;
const sampledPages = 64;

/**
 * Tells a wrong key from a damaged file, which SQLite reports alike: with the right key the tag of at least one sampled page holds.
 * Only reads. A file that is no whole number of pages is damaged whatever the key.
 */
export function diagnoseUnreadable(file: string, keyHex: string): 'DATABASE_KEY' | 'DATABASE_DAMAGED' {
  const handle = openSync(file, 'r');
  try {
    const sizeBytes = fstatSync(handle).size;
    if (sizeBytes < pageBytes || sizeBytes % pageBytes !== 0) return 'DATABASE_DAMAGED';
    const key = Buffer.from(keyHex, 'hex');
    const pages = sizeBytes / pageBytes;
    const step = Math.max(1, Math.floor(pages / sampledPages));
    const page = Buffer.alloc(pageBytes);
    for (let number = 1; number <= pages; number += step) {
      readSync(handle, page, 0, pageBytes, (number - 1) * pageBytes);
      if (isPageAuthentic(page, number, key)) return 'DATABASE_DAMAGED';
    }
    return 'DATABASE_KEY';
  } finally {
    closeSync(handle);
  }
}

/**
 * A page ends with its tag and a random nonce. The nonce under the file's key gives the page's own key and nonce; the page's number takes the
 * place of the last four bytes of that nonce, so a page put in another place is not authentic.
 * Source: SQLite3 Multiple Ciphers, cipher scheme `aegis`
 */
function isPageAuthentic(page: Buffer, number: number, key: Buffer): boolean {
  const contentBytes = pageBytes - tagBytes - nonceBytes;
  const own = aegisStream(key, page.subarray(contentBytes + tagBytes), keyBytes + nonceBytes);
  own.writeUInt32BE(number, own.length - 4);
  const ciphered = page.subarray(number === 1 ? openBytesOfFirstPage : 0, contentBytes);
  const tag = aegisTag(own.subarray(0, keyBytes), own.subarray(keyBytes), ciphered);
  return tag.equals(page.subarray(contentBytes, contentBytes + tagBytes));
}
