import { createHash } from 'node:crypto';
import type { ScanView } from '../../../shared/contract/scan.ts';
import { fail, succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { ApplicationState } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import { findPinRequest } from '../../storage/repositories/pin-request-repository.ts';
import { scanLimits, type PaperWorker } from '../../documents/ports.ts';
import type { Reader } from '../../storage/database.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import { cleanFileName } from './file-name.ts';
import { appendPiece, deleteScan, findScan, finishScan, getPiece, insertScan, listPieceOffsets, viewOf, type StoredScan } from './store.ts';

/**
 * Nothing is added where no later act would carry it to the registry: the files leave with the sending and with the entering of a handed-over
 * case. Source: COM-10; procedures.md §14.1
 */
function findStop(state: ApplicationState): 'STATE' | 'SCANS_SENT' | null {
  if (state === 'SCANNED') return 'SCANS_SENT';
  return state === 'ARCHIVED' || state === 'WITHDRAWN' || state === 'REFUSED' ? 'STATE' : null;
}

export interface BeginScan {
  readonly commandId: string;
  readonly applicationId: string;
  readonly document: ScanView['document'];
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** A scan belongs to a case, or to a request for new codes whose contract it shows. Source: COM-10, PIN-09 */
function findStopOf(db: Reader, id: string): 'NOT_FOUND' | 'STATE' | 'SCANS_SENT' | null {
  const application = findApplication(db, id);
  if (application !== undefined) return findStop(application.state);
  const request = findPinRequest(db, id);
  if (request === undefined) return 'NOT_FOUND';
  return request.state === 'CONTRACT_SIGNED' ? null : 'STATE';
}

/** The size is told first, so a file that is too large is refused before its first byte. Source: SIM-18, COM-10 */
export function beginScan(desk: Desk, actor: Actor, input: BeginScan): Result<{ scanId: string }, Failure> {
  if (input.sizeBytes < 1) return fail('SCAN_DAMAGED');
  if (input.sizeBytes > scanLimits.maxBytes) return fail('SCAN_TOO_LARGE', { limit: scanLimits.maxBytes });
  return desk.acts.perform({ commandId: input.commandId, operation: 'scan.begin', actor, input: { ...input } }, (tx) => {
    const reason = findStopOf(tx, input.applicationId);
    if (reason === 'NOT_FOUND') return fail('NOT_FOUND');
    if (reason !== null) return fail('STEP_NOT_POSSIBLE', { reason });
    const scanId = desk.random.uuid();
    const { applicationId, document, sizeBytes } = input;
    insertScan(tx, {
      scanId,
      applicationId,
      document,
      sizeBytes,
      fileName: cleanFileName(input.fileName),
      capturedAtMs: desk.clock.nowMs(),
      operatorLogin: actor.login,
    });
    return succeed({ value: { scanId }, audit: { act: 'scan.begin', applicationId, detail: { document, sizeBytes } } });
  });
}

/** Pieces come in order; one that is already here is answered as received, so a lost answer may be repeated. */
export function appendScan(
  desk: Desk,
  input: { readonly scanId: string; readonly offset: number; readonly base64: string },
): Result<{ receivedBytes: number }, Failure> {
  if (desk.db.isSpaceShort) return fail('DISK_FULL', {}, true);
  const bytes = Buffer.from(input.base64, 'base64');
  return desk.db.transact((tx) => {
    const scan = findScan(tx, input.scanId);
    if (scan === undefined) return fail('NOT_FOUND');
    if (scan.state !== 'receiving') return fail('STEP_NOT_POSSIBLE', { reason: 'STATE' });
    const end = input.offset + bytes.byteLength;
    if (end > scan.sizeBytes) return fail('SCAN_TOO_LARGE', { limit: scan.sizeBytes });
    if (input.offset > scan.receivedBytes || bytes.byteLength === 0) return fail('SCAN_INCOMPLETE', { receivedBytes: scan.receivedBytes });
    if (end <= scan.receivedBytes) return succeed({ receivedBytes: scan.receivedBytes });
    const fresh = bytes.subarray(scan.receivedBytes - input.offset);
    appendPiece(tx, scan.scanId, scan.receivedBytes, fresh);
    return succeed({ receivedBytes: scan.receivedBytes + fresh.byteLength });
  });
}

/**
 * Looks at the content in the paper process and takes the file or drops it: a refused file leaves nothing behind. When the paper process fails,
 * the bytes stay and the same call may be made again.
 */
export async function finishCapture(desk: Desk, worker: PaperWorker, actor: Actor, scanId: string): Promise<Result<ScanView, Failure>> {
  const scan = findScan(desk.db, scanId);
  if (scan === undefined) return fail('NOT_FOUND');
  if (scan.state !== 'receiving') return succeed(viewOf(scan));
  if (scan.receivedBytes !== scan.sizeBytes) return fail('SCAN_INCOMPLETE', { receivedBytes: scan.receivedBytes });
  const hash = createHash('sha256');
  const inspected = await worker.inspectScan(piecesOfScan(desk.db, scan, (bytes) => hash.update(bytes)));
  if (!inspected.ok) {
    if (inspected.failure.code !== 'PAPER_WORKER_FAILED') dropRefused(desk, actor, scan, inspected.failure.code);
    return inspected;
  }
  // A portrait is a picture. Source: AID-07
  if (scan.document === 'photo' && inspected.value.mediaType === 'application/pdf') {
    dropRefused(desk, actor, scan, 'SCAN_KIND_NOT_ALLOWED');
    return fail('SCAN_KIND_NOT_ALLOWED');
  }
  // Removed or finished by another call while the content was looked at.
  const now = findScan(desk.db, scanId);
  if (now === undefined) return fail('NOT_FOUND');
  if (now.state !== 'receiving') return succeed(viewOf(now));
  // The case may have been entered or ended while the bytes came.
  const reason = findStopOf(desk.db, now.applicationId);
  if (reason !== null) {
    dropRefused(desk, actor, now, reason);
    return fail('STEP_NOT_POSSIBLE', { reason });
  }
  const sha256 = hash.digest('hex');
  const { applicationId, document, sizeBytes } = now;
  desk.acts.record(actor, (tx) => {
    finishScan(tx, scanId, { ...inspected.value, sha256 });
    return {
      value: null,
      audit: { act: 'scan.finish', applicationId, detail: { document, sha256, sizeBytes, pageCount: inspected.value.pageCount } },
      events: [{ type: 'scan.changed' as const, applicationId }],
    };
  });
  return succeed(viewOf(findScan(desk.db, scanId) ?? now));
}

/** One piece at a time with a breath in between, so 20 MiB never hold up the core. */
async function* piecesOfScan(db: Reader, scan: StoredScan, seen: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for (const offset of listPieceOffsets(db, scan.scanId)) {
    const bytes = getPiece(db, scan.scanId, offset);
    seen(bytes);
    yield bytes;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function dropRefused(desk: Desk, actor: Actor, scan: StoredScan, code: string): void {
  desk.acts.record(actor, (tx) => {
    deleteScan(tx, scan.scanId);
    const { applicationId, document, sizeBytes } = scan;
    return { value: null, audit: { act: 'scan.refused', applicationId, detail: { code, document, sizeBytes } } };
  });
}

export interface RemoveScan {
  readonly commandId: string;
  readonly scanId: string;
  readonly reason: string;
}

/** Only before it was sent; the audit keeps what was removed and why. */
export function removeScan(desk: Desk, actor: Actor, input: RemoveScan): Result<{ done: true }, Failure> {
  return desk.acts.perform({ commandId: input.commandId, operation: 'scan.remove', actor, input: { ...input } }, (tx) => {
    const scan = findScan(tx, input.scanId);
    if (scan === undefined) return fail('NOT_FOUND');
    if (scan.state !== 'stored' && scan.state !== 'receiving') return fail('STEP_NOT_POSSIBLE', { reason: 'SCANS_SENT' });
    deleteScan(tx, scan.scanId);
    const { applicationId, document, sha256 } = scan;
    return succeed({
      value: { done: true as const },
      audit: { act: 'scan.remove', applicationId, detail: { document, sha256, hasReason: input.reason.trim() !== '' } },
      events: [{ type: 'scan.changed' as const, applicationId }],
    });
  });
}
