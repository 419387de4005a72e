import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ApplicationView, FieldProblem } from '../../../shared/contract/application.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { isFieldNeeded } from '../../../shared/rules/form-fields.ts';
import type { Draft, DraftState } from './draft.ts';
import { valueAt } from './paths.ts';

export const DraftContext = createContext<Draft | null>(null);

export function useDraft(): Draft {
  const draft = useContext(DraftContext);
  if (draft === null) throw new Error('A field stands outside its form');
  return draft;
}
export function useDraftState<Part>(pick: (state: DraftState) => Part): Part {
  return useStore(useDraft().store, pick);
}
export function useData(): ApplicationData {
  return useDraftState((state) => state.data);
}

type Compared = ApplicationView['lookUps'][number]['comparison'][number];

/** The last answer about a field that is still true for what is typed in the query. */
export function comparisonOf(view: ApplicationView, path: string): Compared | undefined {
  for (const lookUp of [...view.lookUps].reverse()) {
    if (lookUp.isStale || lookUp.outcome !== 'found') continue;
    const line = lookUp.comparison.find((one) => one.field === path);
    if (line !== undefined) return line;
  }
  return undefined;
}

export interface FieldFacts {
  readonly isNeeded: boolean;
  readonly isEditable: boolean;
  readonly isAdopted: boolean;
  /** Shown only when the time has come: after the field was left, or after a try to send. */
  readonly problem: FieldProblem | undefined;
  readonly compared: Compared | undefined;
}

export function useField(path: string): FieldFacts & { readonly value: unknown } {
  const value = useDraftState((state) => valueAt(state.data, path));
  const isNeeded = useDraftState((state) => isFieldNeeded(path, state.data));
  const isAdopted = useDraftState((state) => state.data.adopted.includes(path));
  const problem = useDraftState((state) => {
    const found = state.problems.get(path);
    if (found === undefined) return undefined;
    if (found.code === 'REQUIRED') return state.areAllShown ? found : undefined;
    return state.areAllShown || state.touched.has(path) ? found : undefined;
  });
  const compared = useDraftState((state) => comparisonOf(state.view, path));
  const isEditable = useDraftState((state) => ['DRAFT', 'CHECKING', 'INVALID'].includes(state.view.state));
  return { value, isNeeded, isAdopted, problem, compared, isEditable };
}
