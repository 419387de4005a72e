import { createCipheriv, createHash, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, verify } from 'node:crypto';
import {
  frameBytes,
  frameNonce,
  frameTagBytes,
  lastFrameBit,
  queueFileInfo,
  queueFileKeyText,
  queueFileMagic,
  queueFileText,
  recordHeadBytes,
  type QueueFileHeader,
  type QueueFileKey,
} from '../../shared/registry-api/queue-file.ts';
import type { CommandSigner } from '../act/envelope.ts';
import { canonicalJson, sha256Hex } from '../platform/canonical.ts';

/** Closes records for the registry as they come: what it answers is to be written in that order. */
export interface QueueFileSealer {
  begin(): Buffer;
  add(kind: number, payload: Uint8Array): Buffer;
  /** The last frame and the desk's signature. */
  finish(): Buffer;
  /** Of everything answered so far. */
  sha256(): string;
}

/** True when the registry that this desk believes has signed the key. */
export function isKeyOfRegistry({ key, sig }: QueueFileKey, receiptKeyBase64: string): boolean {
  try {
    const receiptKey = createPublicKey({ key: Buffer.from(receiptKeyBase64, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(queueFileKeyText(key), 'utf8'), receiptKey, Buffer.from(sig, 'base64url'));
  } catch {
    return false;
  }
}

export function createQueueFileSealer(
  about: Pick<QueueFileHeader, 'desk_id' | 'desk_epoch' | 'made_at_ms'>,
  registryKeyBase64: string,
  signer: CommandSigner,
): QueueFileSealer {
  const registryKey = Buffer.from(registryKeyBase64, 'base64');
  const own = generateKeyPairSync('x25519');
  const header: QueueFileHeader = {
    v: 1,
    ...about,
    registry_key_id: sha256Hex(registryKey),
    ephemeral_key: own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  const headerText = Buffer.from(canonicalJson(header), 'utf8');
  const headerLength = Buffer.alloc(4);
  headerLength.writeUInt32BE(headerText.length);
  const beginning = Buffer.concat([Buffer.from(queueFileMagic, 'latin1'), headerLength, headerText]);

  const shared = diffieHellman({
    privateKey: own.privateKey,
    publicKey: createPublicKey({ key: registryKey, format: 'der', type: 'spki' }),
  });
  const salt = createHash('sha256').update(beginning).digest();
  const key = Buffer.from(hkdfSync('sha256', shared, salt, queueFileInfo, 32));
  const hash = createHash('sha256');
  let index = 0;
  let waiting: Buffer = Buffer.alloc(0);

  const seal = (plain: Buffer, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, frameNonce(index, isLast), { authTagLength: frameTagBytes });
    index += 1;
    const word = Buffer.alloc(4);
    word.writeUInt32BE((isLast ? lastFrameBit : 0) + plain.length + frameTagBytes);
    return Buffer.concat([word, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const give = (bytes: Buffer): Buffer => {
    hash.update(bytes);
    return bytes;
  };
  return {
    begin: () => give(beginning),
    add(kind, payload) {
      const head = Buffer.alloc(recordHeadBytes);
      head.writeUInt8(kind, 0);
      head.writeUInt32BE(payload.length, 1);
      waiting = Buffer.concat([waiting, head, payload]);
      const frames: Buffer[] = [];
      // A full frame waits until something follows it, because only then it is known not to be the last.
      while (waiting.length > frameBytes) {
        frames.push(seal(waiting.subarray(0, frameBytes), false));
        waiting = waiting.subarray(frameBytes);
      }
      return give(Buffer.concat(frames));
    },
    finish() {
      const last = give(seal(waiting, true));
      const signature = Buffer.from(signer.sign(queueFileText(hash.copy().digest('hex'))), 'base64url');
      return Buffer.concat([last, give(signature)]);
    },
    sha256: () => hash.copy().digest('hex'),
  };
}
