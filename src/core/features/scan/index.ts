import type { ScanView } from '../../../shared/contract/scan.ts';
import { fail, succeed } from '../../../shared/platform/result.ts';
import { maySeeScans } from '../../../shared/rules/scan-sight.ts';
import type { Desk } from '../../desk.ts';
import { scanLimits, type PaperWorker } from '../../documents/ports.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import type { Reader, Tx } from '../../storage/database.ts';
import { findApplication } from '../../storage/repositories/application-repository.ts';
import { appendScan, beginScan, finishCapture, removeScan } from './capture.ts';
import {
  deleteScan,
  findScan,
  findScanIdByHash,
  listAbandoned,
  listScansOfCase,
  listWaiting,
  queueScans,
  readBytes,
  saveProgress,
  viewOf,
} from './store.ts';

/** One message to the screen holds at most this much of a scan. Source: ARCHITECTURE.md, processes at run time */
const pieceBytes = 256 * 1024;
/** An upload that nobody ends within a day was left by a closed window. */
const abandonedAfterMs = 24 * 3_600_000;

export interface ScanOfCase {
  readonly scanId: string;
  readonly document: ScanView['document'];
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: ScanView['mediaType'];
  readonly state: ScanView['state'];
}

export interface ScanFeature {
  readonly handlers: Handlers<'scan'>;
  readonly facts: {
    /** Finished scans, oldest first. */
    listOfApplication(db: Reader, applicationId: string): ScanOfCase[];
    /** The command that names these hashes was queued in this transaction: their bytes follow it. */
    markQueued(tx: Tx, applicationId: string, sha256s: readonly string[]): void;
  };
  /** Where the exchange takes the bytes from, after the small commands. */
  readonly attachments: {
    listPending(): readonly {
      readonly sha256: string;
      readonly sizeBytes: number;
      readonly mediaType: string;
      readonly sentBytes: number;
    }[];
    readPiece(sha256: string, offsetBytes: number, lengthBytes: number): Uint8Array;
    markProgress(sha256: string, sentBytes: number): void;
  };
  /** Drops uploads that were begun and left; run at start. Answers how many. */
  sweep(): number;
}

export function createScanFeature(desk: Desk, { worker }: { readonly worker: PaperWorker }): ScanFeature {
  const handlers: Handlers<'scan'> = {
    limits: () =>
      succeed({ maxBytes: scanLimits.maxBytes, maxPages: scanLimits.maxPages, mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'] }),
    list: (input, { permissions }) =>
      succeed(
        listScansOfCase(desk.db, input.applicationId).map((scan) => ({
          ...viewOf(scan),
          ...(permissions.has('person.reveal') ? {} : { fileName: '' }),
        })),
      ),
    begin: (input, call) => (call.actor === null ? fail('NOT_SIGNED_IN') : beginScan(desk, call.actor, input)),
    append: (input) => appendScan(desk, input),
    finish: (input, call) => (call.actor === null ? fail('NOT_SIGNED_IN') : finishCapture(desk, worker, call.actor, input.scanId)),
    read(input, { actor, permissions }) {
      const scan = findScan(desk.db, input.scanId);
      if (scan === undefined || scan.state === 'receiving') return fail('NOT_FOUND');
      const application = findApplication(desk.db, scan.applicationId);
      if (application === undefined) return fail('NOT_FOUND');
      if (!maySeeScans((permission) => permissions.has(permission), application)) return fail('FORBIDDEN', { permission: 'scan.view' });
      // Who opens what he did not capture is written before it is shown. Source: J-16
      if (input.offset === 0 && !permissions.has('scan.capture')) {
        const { applicationId, document } = scan;
        desk.acts.record(actor, () => ({ value: undefined, audit: { act: 'scan.view', applicationId, detail: { document } } }));
      }
      const base64 = readBytes(desk.db, scan.scanId, input.offset, pieceBytes).toString('base64');
      return succeed({ base64, totalBytes: scan.sizeBytes });
    },
    remove: (input, call) => (call.actor === null ? fail('NOT_SIGNED_IN') : removeScan(desk, call.actor, input)),
  };
  return {
    handlers,
    facts: {
      listOfApplication: (db, applicationId) =>
        listScansOfCase(db, applicationId)
          .map(viewOf)
          .map(({ scanId, document, sha256, sizeBytes, mediaType, state }) => ({ scanId, document, sha256, sizeBytes, mediaType, state })),
      markQueued(tx, applicationId, sha256s) {
        for (const sha256 of sha256s) queueScans(tx, applicationId, sha256, desk.clock.nowMs());
      },
    },
    attachments: {
      listPending: () => listWaiting(desk.db),
      readPiece(sha256, offsetBytes, lengthBytes) {
        const scanId = findScanIdByHash(desk.db, sha256);
        if (scanId === undefined) throw new Error('An attachment that is no scan was asked for');
        return readBytes(desk.db, scanId, offsetBytes, lengthBytes);
      },
      markProgress(sha256, sentBytes) {
        const moved = desk.db.transact((tx) => saveProgress(tx, sha256, sentBytes));
        for (const applicationId of moved) desk.publish({ type: 'scan.changed', applicationId });
      },
    },
    sweep() {
      const abandoned = listAbandoned(desk.db, desk.clock.nowMs() - abandonedAfterMs);
      for (const scanId of abandoned) desk.db.transact((tx) => deleteScan(tx, scanId));
      return abandoned.length;
    },
  };
}
