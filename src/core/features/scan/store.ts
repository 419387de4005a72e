import type { ScanView } from '../../../shared/contract/scan.ts';
import type { Reader, Row, Tx } from '../../storage/database.ts';

/** The rows of scans and their pieces. Every function reads or writes one thing; what may happen is decided by the use cases. */
export interface StoredScan extends Omit<ScanView, 'state' | 'mediaType'> {
  /** Empty until the content was looked at. */
  readonly mediaType: ScanView['mediaType'] | '';
  readonly state: ScanView['state'] | 'receiving';
  readonly receivedBytes: number;
}

export interface NewScan {
  readonly scanId: string;
  readonly applicationId: string;
  readonly document: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly capturedAtMs: number;
  readonly operatorLogin: string;
}

export function insertScan(tx: Tx, scan: NewScan): void {
  tx.run(
    `INSERT INTO scan (scan_id, application_id, document, file_name, media_type, size_bytes, received_bytes, page_count, sha256, state,
       uploaded_bytes, captured_at_ms, queued_at_ms, operator_login)
     VALUES (@scanId, @applicationId, @document, @fileName, '', @sizeBytes, 0, 0, '', 'receiving', 0, @capturedAtMs, NULL, @operatorLogin)`,
    { ...scan },
  );
}

export function findScan(db: Reader, scanId: string): StoredScan | undefined {
  const row = db.get('SELECT * FROM scan WHERE scan_id = @scanId', { scanId });
  return row && scanOf(row);
}

/** Finished scans, oldest first. */
export function listScansOfCase(db: Reader, applicationId: string): StoredScan[] {
  return db
    .all(`SELECT * FROM scan WHERE application_id = @applicationId AND state <> 'receiving' ORDER BY captured_at_ms, scan_id`, {
      applicationId,
    })
    .map(scanOf);
}

export function appendPiece(tx: Tx, scanId: string, offset: number, bytes: Uint8Array): void {
  tx.run('INSERT INTO scan_piece (scan_id, offset_bytes, bytes) VALUES (@scanId, @offset, @bytes)', { scanId, offset, bytes });
  tx.run('UPDATE scan SET received_bytes = @received WHERE scan_id = @scanId', { scanId, received: offset + bytes.byteLength });
}

export function listPieceOffsets(db: Reader, scanId: string): number[] {
  return db
    .all('SELECT offset_bytes FROM scan_piece WHERE scan_id = @scanId ORDER BY offset_bytes', { scanId })
    .map((row) => Number(row['offset_bytes']));
}

export function getPiece(db: Reader, scanId: string, offset: number): Uint8Array {
  const row = db.get('SELECT bytes FROM scan_piece WHERE scan_id = @scanId AND offset_bytes = @offset', { scanId, offset });
  if (row === undefined) throw new Error('A piece of a scan is missing');
  return row['bytes'] as Uint8Array;
}

/** `length` bytes from `offset`, put together from the pieces they lie in. */
export function readBytes(db: Reader, scanId: string, offset: number, length: number): Buffer {
  const end = offset + length;
  const parts = db
    .all(
      `SELECT offset_bytes, bytes FROM scan_piece
       WHERE scan_id = @scanId AND offset_bytes < @end
         AND offset_bytes >= coalesce((SELECT max(offset_bytes) FROM scan_piece WHERE scan_id = @scanId AND offset_bytes <= @offset), 0)
       ORDER BY offset_bytes`,
      { scanId, offset, end },
    )
    .map((row) => {
      const start = Number(row['offset_bytes']);
      return (row['bytes'] as Uint8Array).subarray(Math.max(0, offset - start), Math.max(0, end - start));
    });
  return Buffer.concat(parts);
}

export function finishScan(tx: Tx, scanId: string, found: { mediaType: ScanView['mediaType']; pageCount: number; sha256: string }): void {
  tx.run(`UPDATE scan SET state = 'stored', media_type = @mediaType, page_count = @pageCount, sha256 = @sha256 WHERE scan_id = @scanId`, {
    scanId,
    ...found,
  });
}

export function deleteScan(tx: Tx, scanId: string): void {
  tx.run('DELETE FROM scan_piece WHERE scan_id = @scanId', { scanId });
  tx.run('DELETE FROM scan WHERE scan_id = @scanId', { scanId });
}

/** Uploads that were begun and left, before `beforeMs`. */
export function listAbandoned(db: Reader, beforeMs: number): string[] {
  return db
    .all(`SELECT scan_id FROM scan WHERE state = 'receiving' AND captured_at_ms < @beforeMs ORDER BY captured_at_ms`, { beforeMs })
    .map((row) => String(row['scan_id']));
}

export function queueScans(tx: Tx, applicationId: string, sha256: string, atMs: number): void {
  tx.run(
    `UPDATE scan SET state = 'queued', queued_at_ms = @atMs WHERE application_id = @applicationId AND sha256 = @sha256 AND state = 'stored'`,
    { applicationId, sha256, atMs },
  );
}

/** Scans that the registry must get, oldest first; the same bytes captured twice travel once. */
export function listWaiting(db: Reader): { sha256: string; sizeBytes: number; mediaType: string; sentBytes: number }[] {
  return db
    .all(
      `SELECT sha256, max(size_bytes) AS size_bytes, max(media_type) AS media_type, max(uploaded_bytes) AS sent_bytes
       FROM scan WHERE state IN ('queued', 'uploading') GROUP BY sha256 ORDER BY min(queued_at_ms), sha256`,
    )
    .map((row) => ({
      sha256: String(row['sha256']),
      sizeBytes: Number(row['size_bytes']),
      mediaType: String(row['media_type']),
      sentBytes: Number(row['sent_bytes']),
    }));
}

export function findScanIdByHash(db: Reader, sha256: string): string | undefined {
  const row = db.get('SELECT scan_id FROM scan WHERE sha256 = @sha256 ORDER BY captured_at_ms, scan_id LIMIT 1', { sha256 });
  return row && String(row['scan_id']);
}

/** Answers the cases whose scans moved. */
export function saveProgress(tx: Tx, sha256: string, sentBytes: number): string[] {
  const rows = tx.all(`SELECT DISTINCT application_id FROM scan WHERE sha256 = @sha256 AND state IN ('queued', 'uploading')`, { sha256 });
  tx.run(
    `UPDATE scan SET uploaded_bytes = min(@sentBytes, size_bytes),
       state = CASE WHEN @sentBytes >= size_bytes THEN 'uploaded' WHEN @sentBytes > 0 THEN 'uploading' ELSE 'queued' END
     WHERE sha256 = @sha256 AND state IN ('queued', 'uploading')`,
    { sha256, sentBytes },
  );
  return rows.map((row) => String(row['application_id']));
}

export function viewOf(scan: StoredScan): ScanView {
  const { receivedBytes: _receivedBytes, ...view } = scan;
  if (view.state === 'receiving' || view.mediaType === '') throw new Error('A scan that is still being received has no view');
  return { ...view, state: view.state, mediaType: view.mediaType };
}

function scanOf(row: Row): StoredScan {
  const text = (column: string): string => String(row[column]);
  return {
    scanId: text('scan_id'),
    applicationId: text('application_id'),
    document: text('document') as ScanView['document'],
    fileName: text('file_name'),
    mediaType: text('media_type') as StoredScan['mediaType'],
    sizeBytes: Number(row['size_bytes']),
    receivedBytes: Number(row['received_bytes']),
    pageCount: Number(row['page_count']),
    sha256: text('sha256'),
    state: text('state') as StoredScan['state'],
    uploadedBytes: Number(row['uploaded_bytes']),
    capturedAtMs: Number(row['captured_at_ms']),
  };
}
