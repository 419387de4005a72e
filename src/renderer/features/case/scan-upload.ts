import { ORPCError } from '@orpc/client';
import { v7 as uuidv7 } from 'uuid';
import type { ScanView } from '../../../shared/contract/scan.ts';
import { desk } from '../../desk-client/index.ts';
import { base64OfBytes } from './read-bytes.ts';

export interface UploadProgress {
  readonly fileName: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}
interface Upload {
  readonly commandId: string;
  readonly applicationId: string;
  readonly document: ScanView['document'];
  readonly file: File;
  readonly limits: { readonly maxBytes: number } | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: UploadProgress) => void;
}

const pieceBytes = 256 * 1024;

/**
 * Brings a file into the case piece by piece. What is plainly too large is refused before a byte is read; everything else (kind by content,
 * pages, encryption, damage) is judged by the engine. A cancelled one is removed. Null when it was cancelled.
 */
export async function uploadScan({
  commandId,
  applicationId,
  document,
  file,
  limits,
  signal,
  onProgress,
}: Upload): Promise<ScanView | null> {
  if (limits !== undefined && file.size > limits.maxBytes) {
    throw new ORPCError('SCAN_TOO_LARGE', {
      data: { params: { limitBytes: limits.maxBytes, sizeBytes: file.size }, retryable: false },
      defined: true,
    });
  }
  if (file.size === 0) throw new ORPCError('SCAN_DAMAGED', { data: { params: {}, retryable: false }, defined: true });
  const { scanId } = await desk.scan.begin({ commandId, applicationId, document, fileName: file.name.slice(0, 255), sizeBytes: file.size });
  let sentBytes = 0;
  while (sentBytes < file.size) {
    if (signal.aborted) {
      await desk.scan.remove({ commandId: uuidv7(), scanId, reason: 'cancelled' }).catch(() => undefined);
      return null;
    }
    const piece = new Uint8Array(await file.slice(sentBytes, sentBytes + pieceBytes).arrayBuffer());
    const { receivedBytes } = await desk.scan.append({ scanId, offset: sentBytes, base64: base64OfBytes(piece) });
    sentBytes = receivedBytes;
    onProgress({ fileName: file.name, sentBytes, totalBytes: file.size });
  }
  return desk.scan.finish({ scanId });
}
