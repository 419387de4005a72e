import type { PaperForm } from '../../../shared/rules/vocabulary.ts';
import type { Reader, Tx } from '../../storage/database.ts';

/** What a case needs to know of its papers; the paper feature reads it from its ledger. Spoilt copies may be listed, they never count. */
export interface PaperFact {
  readonly form: PaperForm;
  readonly number: string;
  readonly certificateSerial: string;
  readonly copy: number;
  readonly copies: number;
  readonly state: 'prepared' | 'printing' | 'printed' | 'spoilt';
}
export interface PaperFacts {
  listOfApplication(db: Reader, applicationId: string): PaperFact[];
}

/** What a case needs to know of its scans. Only finished scans are listed, none that was removed. */
export interface ScanFact {
  readonly document: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: 'application/pdf' | 'image/jpeg' | 'image/png';
  readonly state: 'stored' | 'queued' | 'uploading' | 'uploaded';
}
export interface ScanFacts {
  listOfApplication(db: Reader, applicationId: string): ScanFact[];
  /** The command that names these hashes is queued in this transaction: their bytes follow it. */
  markQueued(tx: Tx, applicationId: string, sha256s: readonly string[]): void;
}
