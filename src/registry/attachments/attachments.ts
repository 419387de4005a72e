import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { attachmentPieceMaxBytes } from '../../shared/registry-api/endpoints.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { appendSealed, findPlainSize, readSealed, type SealedName } from './sealed-file.ts';

export const attachmentMaxBytes = 64 * 1024 * 1024;
/** How the bytes of each kind begin: what is stored under a type is of that type. */
const signatures: Readonly<Record<string, Buffer>> = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
};
/** A picture for a card is far below it. */
const readAtOnceMaxBytes = 1024 * 1024;
/** Files that one desk may have begun and not finished. */
const unfinishedMost = 200;
const unfinishedRetryAfterS = 60;

/** Pieces under way, so that two requests of a desk for one file do not write at once. */
const busy = new Set<string>();

/** Named by the hash and by the desk's id and by nothing that came from outside. What a desk has begun is its own: no other can spoil it. */
function filesOf(registry: Registry, desk: Pick<Desk, 'deskId'>, sha256: string) {
  const whole = path.join(registry.paths.attachments, sha256);
  return { whole, part: `${whole}.${desk.deskId}.part` };
}

/** Personal data at rest: whoever has the folder without the key has nothing. */
function sealedAs(registry: Registry, file: string, sha256: string): SealedName {
  return { file, name: sha256, key: registry.attachmentKey };
}

export async function findUpload(
  registry: Registry,
  desk: Pick<Desk, 'deskId'>,
  sha256: string,
): Promise<{ offset: number; isComplete: boolean } | undefined> {
  const { whole, part } = filesOf(registry, desk, sha256);
  const size = await findPlainSize(whole);
  if (size !== undefined) return { offset: size, isComplete: true };
  const begun = await findPlainSize(part);
  return begun === undefined ? undefined : { offset: begun, isComplete: false };
}

/**
 * Appends one piece at exactly the place where the last one ended. The finished bytes must have the hash that names them, else all pieces
 * are dropped.
 */
export async function appendPiece(
  registry: Registry,
  desk: Pick<Desk, 'deskId'>,
  sha256: string,
  piece: { offset: number; lengthBytes: number; mediaType: string; bytes: Uint8Array },
): Promise<{ offset: number; isComplete: boolean }> {
  const signature = signatures[piece.mediaType];
  if (signature === undefined) throw new RegistryError(415, 'MEDIA_TYPE_NOT_ACCEPTED');
  if (piece.lengthBytes > attachmentMaxBytes || piece.bytes.length > attachmentPieceMaxBytes) throw new RegistryError(413, 'TOO_LARGE');
  // An empty last piece asks to finish what is all there.
  if (piece.bytes.length === 0 && piece.offset < piece.lengthBytes) throw new RegistryError(400, 'EMPTY_PIECE');
  const { whole, part } = filesOf(registry, desk, sha256);
  if (busy.has(part))
    throw new RegistryError(409, 'UPLOAD_IN_PROGRESS', { offset: (await findUpload(registry, desk, sha256))?.offset ?? 0 });
  busy.add(part);
  try {
    const known = await findUpload(registry, desk, sha256);
    if (known?.isComplete === true) {
      // It came whole from elsewhere meanwhile: what this desk had begun is not needed any more.
      await rm(part, { force: true });
      return known;
    }
    const offset = known?.offset ?? 0;
    if (offset !== piece.offset) throw new RegistryError(409, 'OFFSET_DIFFERS', { offset });
    if (offset + piece.bytes.length > piece.lengthBytes) throw new RegistryError(400, 'PAST_THE_END', { offset });
    if (offset === 0 && !startsLike(piece.bytes, signature)) throw new RegistryError(415, 'CONTENT_NOT_OF_TYPE');
    await mkdir(registry.paths.attachments, { recursive: true, mode: 0o700 });
    if (known === undefined) await refuseTooMany(registry, desk);
    const sealed = sealedAs(registry, part, sha256);
    if (piece.bytes.length > 0) await appendSealed(sealed, piece.bytes);
    const end = offset + piece.bytes.length;
    if (end < piece.lengthBytes) return { offset: end, isComplete: false };
    const found = await lookAt(sealed, signature.length);
    if (found.sha256 !== sha256) {
      await rm(part);
      throw new RegistryError(422, 'HASH_DIFFERS', { offset: 0 });
    }
    if (!found.start.equals(signature)) {
      await rm(part);
      throw new RegistryError(415, 'CONTENT_NOT_OF_TYPE');
    }
    await rename(part, whole);
    return { offset: end, isComplete: true };
  } finally {
    busy.delete(part);
  }
}

/** A first piece that is shorter than the signature must begin as it does; the whole file is looked at again when it is finished. */
function startsLike(bytes: Uint8Array, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return signature.subarray(0, length).equals(bytes.subarray(0, length));
}

/** Whether a whole file that begins with these bytes is of the type it is declared to be. */
export function isOfType(mediaType: string, beginning: Uint8Array): boolean {
  const signature = signatures[mediaType];
  return signature !== undefined && signature.equals(beginning.subarray(0, signature.length));
}

/** Hashes that no command ever names cost a desk its own room and nobody else's. */
async function refuseTooMany(registry: Registry, { deskId }: Pick<Desk, 'deskId'>): Promise<void> {
  const begun = (await readdir(registry.paths.attachments)).filter((name) => name.endsWith(`.${deskId}.part`));
  if (begun.length >= unfinishedMost) throw new RegistryError(429, 'TOO_MANY_UPLOADS', {}, unfinishedRetryAfterS);
}

/** What the bytes come to. What cannot be deciphered is not what was sent: it has no hash. */
async function lookAt(sealed: SealedName, startBytes: number): Promise<{ sha256: string; start: Buffer }> {
  const hash = createHash('sha256');
  let start = Buffer.alloc(0);
  try {
    for await (const bytes of readSealed(sealed)) {
      hash.update(bytes);
      if (start.length < startBytes) start = Buffer.concat([start, bytes.subarray(0, startBytes - start.length)]);
    }
  } catch {
    return { sha256: '', start };
  }
  return { sha256: hash.digest('hex'), start };
}

/** The bytes of an attachment that is all here; undefined when it is not, or is larger than what is read at once. */
export async function readWhole(registry: Registry, sha256: string): Promise<Buffer | undefined> {
  const file = path.join(registry.paths.attachments, sha256);
  const size = await findPlainSize(file);
  if (size === undefined || size > readAtOnceMaxBytes) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const bytes of readSealed(sealedAs(registry, file, sha256))) pieces.push(bytes);
  return Buffer.concat(pieces);
}

export interface WholeUpload {
  write(piece: Uint8Array): Promise<void>;
  /** Puts the file in its place, or throws 422 and keeps nothing when its bytes are not those that the hash names. */
  finish(): Promise<void>;
  /** Keeps nothing. */
  drop(): Promise<void>;
}

/**
 * An attachment that comes whole and beside the pieces that the desk may be sending at the same moment, also to another program: under a name of its own until
 * it is complete, and then in the place of whatever is there, because it is the same. Undefined when it is there already.
 */
export async function beginWhole(registry: Registry, sha256: string): Promise<WholeUpload | undefined> {
  const whole = path.join(registry.paths.attachments, sha256);
  if ((await findPlainSize(whole)) !== undefined) return undefined;
  await mkdir(registry.paths.attachments, { recursive: true, mode: 0o700 });
  const draft = `${whole}.whole-${randomUUID()}`;
  const sealed = sealedAs(registry, draft, sha256);
  const hash = createHash('sha256');
  const drop = () => rm(draft, { force: true });
  return {
    async write(piece) {
      hash.update(piece);
      await appendSealed(sealed, piece);
    },
    async finish() {
      if (hash.digest('hex') !== sha256) {
        await drop();
        throw new RegistryError(422, 'HASH_DIFFERS', { offset: 0 });
      }
      await rename(draft, whole);
      const begun = (await readdir(registry.paths.attachments)).filter((name) => name.startsWith(`${sha256}.`) && name.endsWith('.part'));
      await Promise.all(begun.map((name) => rm(path.join(registry.paths.attachments, name), { force: true })));
    },
    drop,
  };
}
