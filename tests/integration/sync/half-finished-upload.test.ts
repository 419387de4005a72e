import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AttachmentSource } from '../../../src/core/sync/ports.ts';
import { registryPaths, startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
import { readStoredAttachment, storePieces } from '../../support/stored-attachments.ts';
import { openRealDesk, realOfficeId, until, type RealDesk } from '../../support/real-desk.ts';

let folder: string;
let registry: RunningRegistry;
let desk: RealDesk | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-upload-'));
  registry = await startRegistry({ folder, seedTraining: { officeId: realOfficeId }, passwordCost: { memoryKib: 1024, passes: 1 } });
});
afterEach(async () => {
  await desk?.remove();
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(300 * 1024)]);
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** What a registry leaves that was killed after the last piece was on its disk and before the file had its name. */
async function leaveAllPieces(content: Uint8Array): Promise<void> {
  mkdirSync(registryPaths(folder).attachments, { recursive: true });
  await storePieces(folder, sha256, 'desk-1', [content.subarray(0, 200_000), content.subarray(200_000)]);
}

async function upload(): Promise<{ sentBytes: () => number }> {
  let sentBytes = 0;
  const source: AttachmentSource = {
    listPending: () => (sentBytes < bytes.length ? [{ sha256, sizeBytes: bytes.length, mediaType: 'application/pdf', sentBytes }] : []),
    readPiece: (_sha256, offset, length) => bytes.subarray(offset, offset + length),
    markProgress: (_sha256, sent) => {
      sentBytes = sent;
    },
  };
  desk = await openRealDesk(registry, await registry.provisionDesk({ deskId: 'desk-1', officeId: realOfficeId }), { attachments: source });
  return { sentBytes: () => sentBytes };
}

it('a scan is told as sent only when the registry has it whole: one killed between the last piece and the name of the file has to finish it first', async () => {
  await leaveAllPieces(bytes);
  const { sentBytes } = await upload();
  await until(() => sentBytes() === bytes.length, 'the end of the upload');
  expect((await readStoredAttachment(folder, sha256)).equals(bytes)).toBe(true);
});

it('a scan whose pieces are all there and are not its own is not told as sent: they are dropped, and it goes again from the beginning', async () => {
  await leaveAllPieces(randomBytes(bytes.length));
  const { sentBytes } = await upload();
  await until(() => sentBytes() === bytes.length, 'the end of the upload');
  expect((await readStoredAttachment(folder, sha256)).equals(bytes)).toBe(true);
});
