import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AttachmentSource } from '../../../src/core/sync/ports.ts';
import { registryPaths, startRegistry, type RunningRegistry } from '../../../src/registry/index.ts';
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
function leaveAllPieces(content: Uint8Array): { readonly whole: string } {
  const whole = path.join(registryPaths(folder).attachments, sha256);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(`${whole}.desk-1.part`, content);
  return { whole };
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
  const { whole } = leaveAllPieces(bytes);
  const { sentBytes } = await upload();
  await until(() => sentBytes() === bytes.length, 'the end of the upload');
  expect(existsSync(whole) && readFileSync(whole).equals(bytes)).toBe(true);
});

it('a scan whose pieces are all there and are not its own is not told as sent: they are dropped, and it goes again from the beginning', async () => {
  const { whole } = leaveAllPieces(randomBytes(bytes.length));
  const { sentBytes } = await upload();
  await until(() => sentBytes() === bytes.length, 'the end of the upload');
  expect(existsSync(whole) && readFileSync(whole).equals(bytes)).toBe(true);
});
