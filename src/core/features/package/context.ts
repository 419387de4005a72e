import type { PaperView } from '../../../shared/contract/paper.ts';
import type { Failure, Result } from '../../../shared/platform/result.ts';
import type { CarriageForm } from '../../../shared/rules/vocabulary.ts';
import type { Actor } from '../../act/act.ts';
import type { Desk } from '../../desk.ts';
import type { CarriagePaper } from '../../documents/ports.ts';
import type { Reader } from '../../storage/database.ts';

/** The papers of packages; the paper feature makes and keeps them. */
export interface PackagePapers {
  readonly prepareOwn: (request: {
    readonly commandId: string;
    readonly operation: string;
    readonly actor: Actor;
    readonly form: CarriageForm;
    readonly subject: string;
    readonly plan: (db: Reader) => Result<{ readonly content: Omit<CarriagePaper, 'head'>; readonly copies: number }, Failure>;
  }) => Promise<Result<PaperView[], Failure>>;
  listOwn(db: Reader, form: CarriageForm, subject: string): PaperView[];
}

/** Another operator proves himself at this desk for one act, without ending the session of the one who works here. Source: PKG-06 */
export type Vouch = (login: string, password: string) => Promise<Result<Actor, Failure>>;

export interface PackageContext {
  readonly desk: Desk;
  readonly papers: PackagePapers;
  readonly vouch: Vouch;
}

/** The receiving copy of the act is a paper of its own beside the one of the sending, which a desk that is both has too. Source: C-24 */
export function receiptOf(packageNumber: string): string {
  return `${packageNumber} in`;
}

/** Every copy came out of the printer. */
export function isPrinted(papers: readonly PaperView[]): boolean {
  return papers.length > 0 && papers.every(({ state }) => state === 'printed');
}
