import type { ProductionRow } from '../../../shared/contract/production.ts';
import type { Texts } from '../../app/text.ts';
import type { Tone } from '../../ui/signal.tsx';

export const stateFilters = ['waiting', 'making', 'made', 'late', 'noPhoto'] as const;
export type StateFilter = (typeof stateFilters)[number];

/** How far a request is, in one word and one colour. */
export function stateOf({ t }: Texts, { run }: ProductionRow): { readonly text: string; readonly tone: Tone } {
  if (run === null) return { text: t('production.state.waiting'), tone: 'neutral' };
  const steps = { done: run.stepsDone, all: run.stepCount };
  if (run.state === 'making')
    return run.isRunning
      ? { text: t('production.state.making', steps), tone: 'wait' }
      : { text: t('production.state.stopped', steps), tone: 'attention' };
  if (run.packageNumber !== '') return { text: t('production.state.packed', { number: run.packageNumber }), tone: 'good' };
  return run.isMatched ? { text: t('production.state.matched'), tone: 'good' } : { text: t('production.state.made'), tone: 'wait' };
}

export function isIn(row: ProductionRow, filter: StateFilter | ''): boolean {
  switch (filter) {
    case '':
      return true;
    case 'waiting':
      return row.run === null;
    case 'making':
      return row.run?.state === 'making';
    case 'made':
      return row.run?.state === 'made';
    case 'late':
      return row.deadline === 'breached';
    case 'noPhoto':
      return row.photo === 'none';
  }
}
