import type { Failure, Result } from '../../shared/platform/result.ts';
import type { RenderModel } from './models.ts';

export type * from './models.ts';

export interface RenderedPaper {
  readonly bytes: Uint8Array;
  readonly pageCount: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

export interface ScanInspection {
  readonly mediaType: 'application/pdf' | 'image/jpeg' | 'image/png';
  readonly pageCount: number;
}

/** Told to the operator before he chooses a file. Source: SIM-18; design of the scan page */
export const scanLimits = { maxBytes: 20 * 1024 * 1024, maxPages: 60, maxPixels: 120_000_000 } as const;

/**
 * PDF and image work, done in a process of its own: a hostile file or a slow layout can neither stop nor crash the core. Failures are
 * PAPER_WORKER_FAILED (retryable; the next call gets a new worker) and, for scans, SCAN_KIND_NOT_ALLOWED, SCAN_ENCRYPTED, SCAN_DAMAGED,
 * SCAN_TOO_MANY_PAGES, SCAN_CARRIES_MORE, SCAN_TOO_LARGE.
 */
export interface PaperWorker {
  render(model: RenderModel): Promise<Result<RenderedPaper, Failure>>;
  inspectScan(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Result<ScanInspection, Failure>>;
  close(): void;
}

export interface Printer {
  readonly name: string;
  readonly isDefault: boolean;
  readonly state: 'ready' | 'busy' | 'stopped' | 'unknown';
  /** Writes a PDF into a folder in place of paper. */
  readonly isFile: boolean;
}

export interface PrintJob {
  readonly printer: string;
  /** ASCII: the document number and copy. Queues mangle other letters. */
  readonly jobName: string;
  readonly copies: number;
}

export type PrintOutcome = { readonly state: 'completed' } | { readonly state: 'failed'; readonly reason: string };

/**
 * A queue of the operating system. `submit` answers when the queue took the job; PRINTER_UNKNOWN and PRINTER_FAILED (retryable) mean that
 * nothing was queued. `watch` answers when the queue is done with it; what lies in the tray is known only to the person in front of it.
 */
export interface Spooler {
  listPrinters(): Promise<Printer[]>;
  submit(bytes: Uint8Array, job: PrintJob): Promise<Result<{ readonly jobRef: string }, Failure>>;
  watch(jobRef: string, deadlineMs: number): Promise<PrintOutcome>;
}
