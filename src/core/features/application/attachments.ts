import type { AttachmentRef } from '../../../shared/registry-api/envelope.ts';
import type { Tx } from '../../storage/database.ts';
import type { ApplicationContext, LoadedCase } from './case.ts';

/** The scans of the case that a command names. */
export function listAttachments(loaded: LoadedCase, isWanted: (document: string) => boolean = () => true): AttachmentRef[] {
  return loaded.scans
    .filter(({ document }) => isWanted(document))
    .map(({ sha256, sizeBytes, mediaType, document }) => ({
      sha256,
      sizeBytes,
      mediaType,
      document: document as AttachmentRef['document'],
    }));
}

/** Only what the registry does not have yet follows the command. */
export function queueFiles(context: ApplicationContext, tx: Tx, loaded: LoadedCase, named: readonly AttachmentRef[]): void {
  const wanted = new Set(named.map(({ sha256 }) => sha256));
  const stored = loaded.scans.filter(({ state, sha256 }) => state === 'stored' && wanted.has(sha256)).map(({ sha256 }) => sha256);
  context.scans.markQueued(tx, loaded.application.applicationId, stored);
}
