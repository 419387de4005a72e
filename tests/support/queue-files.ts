import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { CommandDraft } from '../../src/core/act/act.ts';
import { writeHandOver } from '../../src/core/storage/hand-over-folder.ts';
import type { AttachmentSource } from '../../src/core/sync/ports.ts';
import type { WrittenQueue } from '../../src/core/sync/export-queue.ts';
import type { RealDesk } from './real-desk.ts';

let written = 0;

/** Writes what the desk has not sent into a file of its folder. */
export async function exportQueue(desk: RealDesk): Promise<WrittenQueue & { readonly file: string }> {
  written += 1;
  const folder = path.join(desk.folder, 'exports');
  mkdirSync(folder, { recursive: true });
  const done = await writeHandOver(folder, `queue-${written}`, (out) => desk.exporter.write(out, () => undefined));
  if (!done.ok) throw new Error(done.failure.code);
  return { ...done.value.value, file: done.value.file };
}

/** A case refused before it was sent: needs nothing but itself. */
export function refusalDraft(applicationId: string): CommandDraft {
  return {
    kind: 'application.refuse',
    payload: {
      applicationId,
      reasonCode: 'M-05',
      note: '',
      invalidityNote: false,
      returnedDocuments: [],
      summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
      lookUps: [],
    },
    aggregate: { type: 'application', key: applicationId },
    baseRev: null,
    leaseToken: 0,
  };
}

/** Follows another act of its case; the registry refuses it, which is an answer as well. */
export function withdrawalDraft(applicationId: string): CommandDraft {
  return {
    kind: 'application.withdraw',
    payload: { applicationId, reason: 'sınaq' },
    aggregate: { type: 'application', key: applicationId },
    baseRev: null,
    leaseToken: 0,
  };
}

/** Files in memory; they wait for the link from `release` on, so that a desk sends none before a test is ready. */
export function heldAttachments(files: readonly Buffer[]): AttachmentSource & { release(): void } {
  const held = files.map((bytes) => ({ bytes, sha256: createHash('sha256').update(bytes).digest('hex'), sentBytes: 0 }));
  let isReleased = false;
  const find = (sha256: string) => {
    const file = held.find((each) => each.sha256 === sha256);
    if (file === undefined) throw new Error('No such attachment');
    return file;
  };
  return {
    listPending: () =>
      held
        .filter(({ bytes, sentBytes }) => isReleased && sentBytes < bytes.length)
        .map(({ bytes, sha256, sentBytes }) => ({ sha256, sizeBytes: bytes.length, mediaType: 'image/jpeg', sentBytes })),
    readPiece: (sha256, offset, length) => find(sha256).bytes.subarray(offset, offset + length),
    markProgress: (sha256, sentBytes) => {
      find(sha256).sentBytes = sentBytes;
    },
    release: () => {
      isReleased = true;
    },
  };
}
