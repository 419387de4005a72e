import { readFileSync } from 'node:fs';
import path from 'node:path';
import { appendSealed, readSealed, type SealedName } from '../../src/registry/attachments/sealed-file.ts';
import { registryPaths } from '../../src/registry/provision/folder.ts';

function sealedIn(registryFolder: string, sha256: string, fileName: string): SealedName {
  const paths = registryPaths(registryFolder);
  return { file: path.join(paths.attachments, fileName), name: sha256, key: Buffer.from(readFileSync(paths.attachmentKey, 'utf8'), 'hex') };
}

/** The bytes of a finished attachment in the folder of a registry. */
export async function readStoredAttachment(registryFolder: string, sha256: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readSealed(sealedIn(registryFolder, sha256, sha256))) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Puts bytes where the pieces of a desk wait for the last one. */
export async function storePieces(registryFolder: string, sha256: string, deskId: string, pieces: readonly Uint8Array[]): Promise<void> {
  const sealed = sealedIn(registryFolder, sha256, `${sha256}.${deskId}.part`);
  for (const piece of pieces) await appendSealed(sealed, piece);
}
