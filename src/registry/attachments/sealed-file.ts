import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * A file at rest under AES-256-GCM, written piece after piece: each piece is a frame of its length (4 bytes), a nonce, its ciphertext and its tag,
 * bound to the name and to the place in the file, so that frames cannot be exchanged, moved or left out at the front unnoticed. A frame that a crash
 * left half written is no piece: the next one takes its place. That the end is there is for the reader to know: an attachment is named by its hash.
 */
const lengthBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const frameMostBytes = 1024 * 1024;

export interface SealedName {
  readonly file: string;
  /** What the bytes are bound to; the same for the pieces under way and for the finished file. */
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

function boundTo(name: string, offset: number): Buffer {
  return Buffer.from(`qeyd-attachment-1\n${name}\n${offset}`, 'utf8');
}

function sealFrame({ name, key }: SealedName, bytes: Uint8Array, offset: number): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(name, offset));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

interface Ends {
  /** How many bytes of the attachment are there. */
  readonly plain: number;
  /** Where its last whole frame ends. */
  readonly sealed: number;
}

async function findEnds(handle: FileHandle): Promise<Ends> {
  const { size } = await handle.stat();
  const head = Buffer.alloc(lengthBytes);
  let plain = 0;
  let sealed = 0;
  for (;;) {
    const { bytesRead } = await handle.read(head, 0, lengthBytes, sealed);
    const length = head.readUInt32BE();
    const end = sealed + lengthBytes + nonceBytes + length + tagBytes;
    if (bytesRead < lengthBytes || length > frameMostBytes || end > size) return { plain, sealed };
    plain += length;
    sealed = end;
  }
}

/** How many bytes of the attachment the file holds; undefined without a file. */
export async function findPlainSize(file: string): Promise<number | undefined> {
  const handle = await openIfThere(file);
  if (handle === undefined) return undefined;
  try {
    return (await findEnds(handle)).plain;
  } finally {
    await handle.close();
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Appends at the end and answers once it is on the disk. */
export async function appendSealed(target: SealedName, bytes: Uint8Array): Promise<void> {
  // Without truncation, and made when missing: what a crash left half is written over.
  const handle = await open(target.file, 'a+', 0o600);
  try {
    const { plain, sealed } = await findEnds(handle);
    await handle.truncate(sealed);
    await handle.appendFile(sealFrame(target, bytes, plain));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The bytes of the attachment in their order. Throws when one of them is not as it was written. */
export async function* readSealed({ file, name, key }: SealedName): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file, 'r');
  try {
    const { sealed } = await findEnds(handle);
    let offset = 0;
    for (let at = 0; at < sealed;) {
      const head = await readExactly(handle, at, lengthBytes + nonceBytes);
      const length = head.readUInt32BE();
      const body = await readExactly(handle, at + head.length, length + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(lengthBytes), { authTagLength: tagBytes })
        .setAAD(boundTo(name, offset))
        .setAuthTag(body.subarray(length));
      yield Buffer.concat([decipher.update(body.subarray(0, length)), decipher.final()]);
      offset += length;
      at += head.length + body.length;
    }
  } finally {
    await handle.close();
  }
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('A sealed file changed while it was read');
  return buffer;
}
