import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../platform/canonical.ts';

/** The key that signs seal `no`, as the seed that it and all later keys follow from. */
export interface SealSeed {
  readonly no: number;
  readonly seed: Buffer;
}

/** Holds one seed; writing the next destroys it. */
export interface SealKeyStore {
  find(): SealSeed | null;
  /** Durable when it returns. */
  replace(next: SealSeed): void;
}

const seedBytes = 32;
const nonceBytes = 12;
const slotBytes = 128;
const mark = Buffer.from('QSK1', 'latin1');
const noAt = 4;
const nonceAt = 12;
const textAt = nonceAt + nonceBytes;
const tagAt = textAt + seedBytes;
const sumAt = tagAt + 16;

/** The key after this one. There is no way back from it. */
export function nextSeed(seed: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), 'qeyd-seal-next-1', seedBytes));
}

const pkcs8Before = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiBefore = Buffer.from('302a300506032b6570032100', 'hex');

export function signingKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Before, seed]), format: 'der', type: 'pkcs8' });
}

/** The raw 32 bytes that a seal names. */
export function publicKeyOf(signingKey: KeyObject): Buffer {
  return createPublicKey(signingKey).export({ type: 'spki', format: 'der' }).subarray(-seedBytes);
}

export function verifyingKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiBefore, raw]), format: 'der', type: 'spki' });
}

/**
 * A file beside the database and not a row of it: backups must not carry it, nor the log keep its earlier pages. Two places are overwritten in turn, each
 * synced before the other is wiped, so that a crash leaves the seed or the next one and never none. Ciphered under a key of the database's.
 */
export function createFileSealKeys(databaseFile: string, databaseKeyHex: string): SealKeyStore {
  const file = `${databaseFile}.seal-key`;
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(databaseKeyHex, 'hex'), Buffer.alloc(0), 'qeyd-seal-file-1', seedBytes));

  const encode = ({ no, seed }: SealSeed): Buffer => {
    const slot = Buffer.alloc(slotBytes);
    mark.copy(slot);
    slot.writeBigUInt64BE(BigInt(no), noAt);
    const nonce = randomBytes(nonceBytes);
    nonce.copy(slot, nonceAt);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(slot.subarray(0, nonceAt));
    Buffer.concat([cipher.update(seed), cipher.final()]).copy(slot, textAt);
    cipher.getAuthTag().copy(slot, tagAt);
    sha256(slot.subarray(0, sumAt)).copy(slot, sumAt);
    return slot;
  };
  const decode = (slot: Buffer): SealSeed | null => {
    if (!slot.subarray(0, mark.length).equals(mark)) return null;
    if (!sha256(slot.subarray(0, sumAt)).equals(slot.subarray(sumAt, sumAt + 32))) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, slot.subarray(nonceAt, textAt))
        .setAAD(slot.subarray(0, nonceAt))
        .setAuthTag(slot.subarray(tagAt, sumAt));
      const seed = Buffer.concat([decipher.update(slot.subarray(textAt, tagAt)), decipher.final()]);
      return { no: Number(slot.readBigUInt64BE(noAt)), seed };
    } catch {
      return null;
    }
  };
  const overwrite = (handle: number, place: number, bytes: Buffer): void => {
    writeSync(handle, bytes, 0, slotBytes, place * slotBytes);
    fsyncSync(handle);
  };

  return {
    find() {
      if (!existsSync(file)) return null;
      const handle = openSync(file, 'r');
      try {
        const bytes = Buffer.alloc(2 * slotBytes);
        readSync(handle, bytes, 0, Math.min(bytes.length, fstatSync(handle).size), 0);
        const [first, second] = [decode(bytes.subarray(0, slotBytes)), decode(bytes.subarray(slotBytes))];
        return first === null || (second !== null && second.no > first.no) ? second : first;
      } finally {
        closeSync(handle);
      }
    },
    replace(next) {
      const isNew = !existsSync(file);
      const handle = openSync(file, isNew ? 'w+' : 'r+', 0o600);
      try {
        overwrite(handle, next.no % 2, encode(next));
        overwrite(handle, (next.no + 1) % 2, Buffer.alloc(slotBytes));
      } finally {
        closeSync(handle);
      }
      if (isNew) syncFolder(path.dirname(file));
    },
  };
}

/** Windows opens no folders; there a new name is durable by itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
