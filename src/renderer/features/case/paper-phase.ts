import type { PaperView } from '../../../shared/contract/paper.ts';
import { compareAz } from '../../../shared/language/collation.ts';
import type { PaperForm } from '../../../shared/rules/vocabulary.ts';

export type PaperPhase = 'none' | 'prepared' | 'printing' | 'printed';

/** The copies that count: a spoilt one stays in the ledger and is out of the game. */
export function listLive(papers: readonly PaperView[], form: PaperForm, serials: readonly string[]): PaperView[] {
  return papers
    .filter((paper) => paper.form === form && paper.state !== 'spoilt' && serials.includes(paper.certificateSerial))
    .sort((a, b) => compareAz(a.number, b.number) || a.copy - b.copy);
}

/** Where the whole set stands; the most unfinished copy decides. Source: SIM-12, SIM-15 */
export function findPhase(live: readonly PaperView[], serials: readonly string[]): PaperPhase {
  if (serials.some((serial) => !live.some((paper) => paper.certificateSerial === serial))) return 'none';
  if (live.some((paper) => paper.state === 'prepared')) return 'prepared';
  return live.some((paper) => paper.state === 'printing') ? 'printing' : 'printed';
}
