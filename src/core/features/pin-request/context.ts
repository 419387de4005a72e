import type { PaperView } from '../../../shared/contract/paper.ts';
import type { Failure, Result } from '../../../shared/platform/result.ts';
import type { Actor } from '../../act/act.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Desk } from '../../desk.ts';
import type { CarriagePaper, PinContractPaper } from '../../documents/ports.ts';
import type { Reader, Tx } from '../../storage/database.ts';

type Content = Omit<CarriagePaper, 'head'> | Omit<PinContractPaper, 'head'>;
export type PinForm = 'F-21' | 'F-28' | 'F-29';

/** The papers of a request; the paper feature makes and keeps them. */
export interface PinPapers {
  readonly prepareOwn: (request: {
    readonly commandId: string;
    readonly operation: string;
    readonly actor: Actor;
    readonly form: PinForm;
    readonly subject: string;
    readonly plan: (db: Reader) => Result<{ readonly content: Content; readonly copies: number }, Failure>;
  }) => Promise<Result<PaperView[], Failure>>;
  listOwn(db: Reader, form: PinForm, subject: string): PaperView[];
}

/** The scans of a request lie under its id, like those of a case. */
export interface PinScans {
  listOfApplication(
    db: Reader,
    id: string,
  ): readonly {
    readonly document: string;
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly mediaType: 'application/pdf' | 'image/jpeg' | 'image/png';
    readonly state: string;
  }[];
  markQueued(tx: Tx, id: string, sha256s: readonly string[]): void;
}

export interface PinContext {
  readonly desk: Desk;
  readonly papers: PinPapers;
  readonly scans: PinScans;
  readonly cards: CardHost;
  /** Searches whose answer is awaited, as request and kind; and cards that are being renewed. */
  readonly running: Set<string>;
}

export function isPrinted(papers: readonly PaperView[]): boolean {
  return papers.length > 0 && papers.every(({ state }) => state === 'printed');
}

/** The office that makes the cards; in training it is the desk's own. Source: ADR-0027 */
export function centreOfficeId({ desk }: PinContext): string {
  return desk.registry.info()?.personalisation_office ?? (desk.identity.mode === 'training' ? desk.identity.officeId : '');
}
