import { createContext, useContext, useEffect, useRef } from 'react';
import { create } from 'zustand';
import { bindingOf, comboOf, commandIds, type CommandId } from '../keys.ts';

/**
 * Who answers a command now. Components register what they can do while they are on the screen; a dialog opens a deeper layer, and only the
 * deepest layer is asked, so a key never reaches what lies under a dialog. Lock works in every layer.
 */
interface Registration {
  readonly id: CommandId;
  readonly layer: number;
  readonly label: string | undefined;
  readonly run: () => void;
}
interface CommandState {
  readonly registrations: readonly Registration[];
  readonly layers: readonly number[];
}
export const useCommands = create<CommandState>(() => ({ registrations: [], layers: [0] }));

export const LayerContext = createContext(0);
const inEveryLayer: readonly CommandId[] = ['lock'];

export function useCommand(id: CommandId, run: () => void, options: { isEnabled?: boolean; label?: string } = {}): void {
  const layer = useContext(LayerContext);
  const { isEnabled = true, label } = options;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!isEnabled) return undefined;
    const registration: Registration = { id, layer, label, run: () => latest.current() };
    useCommands.setState((state) => ({ registrations: [...state.registrations, registration] }));
    return () => {
      useCommands.setState((state) => ({ registrations: state.registrations.filter((other) => other !== registration) }));
    };
  }, [id, layer, isEnabled, label]);
}

/** Declares that a dialog is open; answers the layer its content must provide through `LayerContext`. */
export function useLayer(isOpen: boolean): number {
  const layer = useContext(LayerContext) + 1;
  useEffect(() => {
    if (!isOpen) return undefined;
    useCommands.setState((state) => ({ layers: [...state.layers, layer] }));
    return () => {
      useCommands.setState((state) => {
        const at = state.layers.lastIndexOf(layer);
        return { layers: state.layers.filter((_, index) => index !== at) };
      });
    };
  }, [isOpen, layer]);
  return layer;
}

/** While the screen is locked no key of the work beneath it, nor of a dialog there, does anything. */
export function useSilence(): void {
  useEffect(() => {
    useCommands.setState((state) => ({ layers: [...state.layers, Number.POSITIVE_INFINITY] }));
    return () => {
      useCommands.setState((state) => ({ layers: state.layers.filter((layer) => layer !== Number.POSITIVE_INFINITY) }));
    };
  }, []);
}

function topLayer(): number {
  return Math.max(...useCommands.getState().layers);
}

export function findHandler(id: CommandId): Registration | undefined {
  const top = topLayer();
  return useCommands.getState().registrations.findLast((one) => one.id === id && (one.layer === top || inEveryLayer.includes(id)));
}

/** Everything that can be done here now, for the help page and the palette. */
export function listAvailable(layer: number): { id: CommandId; label: string | undefined; run: () => void }[] {
  const { registrations } = useCommands.getState();
  return commandIds.flatMap((id) => {
    const found = registrations.findLast((one) => one.id === id && one.layer === layer);
    return found === undefined ? [] : [{ id, label: found.label, run: found.run }];
  });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select') || target.isContentEditable);

/** Keys without Ctrl, Alt or a function key belong to whatever has the focus, when that is a field. */
function isOurs(combo: string, target: EventTarget | null): boolean {
  return !isTyping(target) || /^(?:Control\+|Alt\+|(?:Shift\+)?F\d+$|Escape$)/u.test(combo);
}

/** Local keys are handled where the focus is; the rest here. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    let combo = comboOf(event);
    if (event.key === '?' && !isTyping(event.target)) combo = 'F1';
    if (!isOurs(combo, event.target)) return;
    const ids = commandIds.filter((id) => bindingOf(id).combo === combo);
    for (const id of ids) {
      const handler = findHandler(id);
      if (handler === undefined) continue;
      event.preventDefault();
      handler.run();
      return;
    }
    // A key of ours that has nothing to do here must not reach the browser's own menu (print, search, bookmark).
    if (ids.length > 0 && combo !== 'Escape' && combo !== 'Enter' && /^(?:Control\+|F\d|Shift\+F)/u.test(combo)) event.preventDefault();
  };
  // A held Enter would press the button of the next step too, and an act is never done by a key that was only not let go.
  const onRepeat = (event: KeyboardEvent): void => {
    if (event.repeat && event.key === 'Enter') event.preventDefault();
  };
  window.addEventListener('keydown', onRepeat, { capture: true });
  window.addEventListener('keydown', onKeyDown);
  return () => {
    window.removeEventListener('keydown', onRepeat, { capture: true });
    window.removeEventListener('keydown', onKeyDown);
  };
}
