import { createHmac, pbkdf2Sync } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const pageBytes = 4096;
const saltBytes = 16;
const hmacBytes = 64;

/**
 * Tells a wrong key from a damaged file, which SQLite reports alike: with the right key the HMAC of at least one sampled page holds.
 * Only reads. A file that is no whole number of pages is damaged whatever the key.
 * Source: SQLCipher 4 page format (salt, IV and HMAC-SHA512 in the reserved bytes)
 */
export function diagnoseUnreadable(file: string, keyHex: string): 'DATABASE_KEY' | 'DATABASE_DAMAGED' {
  const handle = openSync(file, 'r');
  try {
    const sizeBytes = fstatSync(handle).size;
    if (sizeBytes < pageBytes || sizeBytes % pageBytes !== 0) return 'DATABASE_DAMAGED';
    const salt = Buffer.alloc(saltBytes);
    readSync(handle, salt, 0, saltBytes, 0);
    const hmacKey = pbkdf2Sync(Buffer.from(keyHex, 'hex'), Buffer.from(salt.map((byte) => byte ^ 0x3a)), 2, 32, 'sha512');
    const pages = sizeBytes / pageBytes;
    const step = Math.max(1, Math.floor(pages / 64));
    const page = Buffer.alloc(pageBytes);
    for (let number = 1; number <= pages; number += step) {
      readSync(handle, page, 0, pageBytes, (number - 1) * pageBytes);
      if (isPageAuthentic(page, number, hmacKey)) return 'DATABASE_DAMAGED';
    }
    return 'DATABASE_KEY';
  } finally {
    closeSync(handle);
  }
}

function isPageAuthentic(page: Buffer, number: number, hmacKey: Buffer): boolean {
  const numberBytes = Buffer.alloc(4);
  numberBytes.writeUInt32LE(number);
  const content = page.subarray(number === 1 ? saltBytes : 0, pageBytes - hmacBytes);
  const expected = createHmac('sha512', hmacKey).update(content).update(numberBytes).digest();
  return expected.equals(page.subarray(pageBytes - hmacBytes));
}
