import { createDecipheriv, createHash, createPublicKey, diffieHellman, hkdfSync, verify, type Hash, type KeyObject } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  frameBytes,
  frameNonce,
  frameTagBytes,
  headerMaxBytes,
  lastFrameBit,
  queueFileHeaderSchema,
  queueFileInfo,
  queueFileMagic,
  queueFileText,
  recordHeadBytes,
  recordKinds,
  recordMaxBytes,
  signatureBytes,
  type QueueFileHeader,
} from '../../shared/registry-api/queue-file.ts';
import { QueueFileError } from './queue-file-error.ts';
import { queueFileKeyId } from './queue-file-key.ts';

export interface QueueRecord {
  readonly kind: number;
  readonly payload: Buffer;
}

export interface QueueFileReader {
  readonly header: QueueFileHeader;
  /** All records in order. The signature of the desk is known to be good only when the last one was taken. */
  records(deskKey: KeyObject): AsyncGenerator<QueueRecord>;
  /** SHA-256 of the whole file, once every record was taken. */
  sha256(): string;
}

/** Reads from the beginning; may be called again on the same handle. */
export async function readQueueFile(handle: FileHandle, privateKey: KeyObject): Promise<QueueFileReader> {
  const source = createSource(handle);
  const magic = await source.find(queueFileMagic.length);
  if (magic?.toString('latin1') !== queueFileMagic) throw new QueueFileError('NOT_A_QUEUE_FILE');
  const headerBytes = (await source.take(4)).readUInt32BE();
  if (headerBytes > headerMaxBytes) throw new QueueFileError('FILE_CHANGED');
  const header = readHeader(await source.take(headerBytes));
  if (header.registry_key_id !== queueFileKeyId(privateKey)) throw new QueueFileError('OTHER_REGISTRY');
  const key = deriveKey(privateKey, header, source.digest());
  let sha256 = '';
  return {
    header,
    sha256: () => sha256,
    async *records(deskKey) {
      yield* splitRecords(openFrames(source, key));
      const isSigned = verify(
        'sha256',
        Buffer.from(queueFileText(source.digest().toString('hex')), 'utf8'),
        { key: deskKey, dsaEncoding: 'ieee-p1363' },
        await source.take(signatureBytes),
      );
      if (!isSigned) throw new QueueFileError('SIGNATURE_INVALID');
      if ((await source.find(1)) !== undefined) throw new QueueFileError('FILE_CHANGED');
      sha256 = source.digest().toString('hex');
    },
  };
}

interface Source {
  /** Exactly so many bytes; undefined at the very end, an error where the file ends in between. */
  find(count: number): Promise<Buffer | undefined>;
  take(count: number): Promise<Buffer>;
  /** SHA-256 of everything taken so far. */
  digest(): Buffer;
}

function createSource(handle: FileHandle): Source {
  const hash: Hash = createHash('sha256');
  let position = 0;
  const find = async (count: number): Promise<Buffer | undefined> => {
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const { bytesRead } = await handle.read(bytes, filled, count - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled === 0 && count > 0) return undefined;
    if (filled < count) throw new QueueFileError(position === 0 ? 'NOT_A_QUEUE_FILE' : 'FILE_TRUNCATED');
    position += count;
    hash.update(bytes);
    return bytes;
  };
  return {
    find,
    async take(count) {
      const bytes = await find(count);
      if (bytes === undefined) throw new QueueFileError('FILE_TRUNCATED');
      return bytes;
    },
    digest: () => hash.copy().digest(),
  };
}

function readHeader(bytes: Buffer): QueueFileHeader {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new QueueFileError('FILE_CHANGED');
  }
  const header = queueFileHeaderSchema.safeParse(value);
  if (!header.success) throw new QueueFileError('FILE_UNREADABLE');
  return header.data;
}

function deriveKey(privateKey: KeyObject, header: QueueFileHeader, salt: Buffer): Buffer {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(header.ephemeral_key, 'base64'), format: 'der', type: 'spki' });
    const shared = diffieHellman({ privateKey, publicKey });
    return Buffer.from(hkdfSync('sha256', shared, salt, queueFileInfo, 32));
  } catch {
    throw new QueueFileError('FILE_CHANGED');
  }
}

async function* openFrames(source: Source, key: Buffer): AsyncGenerator<Buffer> {
  for (let index = 0; ; index += 1) {
    const word = (await source.take(4)).readUInt32BE();
    const isLast = word >= lastFrameBit;
    const length = isLast ? word - lastFrameBit : word;
    if (length < frameTagBytes || length > frameBytes + frameTagBytes) throw new QueueFileError('FILE_CHANGED');
    const sealed = await source.take(length);
    const decipher = createDecipheriv('aes-256-gcm', key, frameNonce(index, isLast), { authTagLength: frameTagBytes });
    decipher.setAuthTag(sealed.subarray(length - frameTagBytes));
    let plain: Buffer;
    try {
      plain = Buffer.concat([decipher.update(sealed.subarray(0, length - frameTagBytes)), decipher.final()]);
    } catch {
      throw new QueueFileError('FILE_CHANGED');
    }
    yield plain;
    if (isLast) return;
  }
}

async function* splitRecords(frames: AsyncGenerator<Buffer>): AsyncGenerator<QueueRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let isEnded = false;
  for await (const frame of frames) {
    rest = rest.length === 0 ? frame : Buffer.concat([rest, frame]);
    for (;;) {
      if (rest.length < recordHeadBytes) break;
      const length = rest.readUInt32BE(1);
      if (length > recordMaxBytes || isEnded) throw new QueueFileError('FILE_UNREADABLE');
      if (rest.length < recordHeadBytes + length) break;
      const kind = rest.readUInt8(0);
      isEnded = kind === recordKinds.end;
      yield { kind, payload: rest.subarray(recordHeadBytes, recordHeadBytes + length) };
      rest = rest.subarray(recordHeadBytes + length);
    }
  }
  if (rest.length > 0 || !isEnded) throw new QueueFileError('FILE_UNREADABLE');
}
