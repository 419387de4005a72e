import { useEffect, useRef } from 'react';
import { create } from 'zustand';

/**
 * Readers type. A burst of keys that ends in Enter and looks like a machine-readable zone or the number of a SIM is taken out of whatever
 * field had the focus and given to the page. The shape decides as much as the speed, so that a slow reader is recognised and a fast typist
 * is not mistaken for one.
 */
export type Reading = { readonly kind: 'mrz' | 'iccid'; readonly text: string };
type Listener = (reading: Reading) => void;

/** Pages that want readings; the last one on the screen gets them. */
const useListeners = create<{ readonly list: readonly Listener[] }>(() => ({ list: [] }));

export function useReader(listener: Listener, isEnabled = true): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    if (!isEnabled) return undefined;
    const mine: Listener = (reading) => {
      latest.current(reading);
    };
    useListeners.setState((state) => ({ list: [...state.list, mine] }));
    return () => {
      useListeners.setState((state) => ({ list: state.list.filter((other) => other !== mine) }));
    };
  }, [isEnabled]);
}

/** Gives a reading as if a reader had typed it (the training menu does). */
export function deliverReading(reading: Reading): boolean {
  const listener = useListeners.getState().list.at(-1);
  listener?.(reading);
  return listener !== undefined;
}

/** Between two keys of a burst; wide, because a busy machine delivers a reader's keys late. */
const longestGapMs = 400;
/** Between the last key of one line of a zone and the first of the next. */
const longestLineGapMs = 800;
const mrzLine = /^[A-Z0-9<]{28,92}$/iu;
const lineCounts: Readonly<Record<number, number>> = { 30: 3, 36: 2, 44: 2 };

export function isIccidShape(text: string): boolean {
  return /^89\d{17,18}$/u.test(text.trim());
}
/** Any line of a zone holds fillers; the middle one of a card is long enough to have one too. */
export function isMrzShape(text: string): boolean {
  return mrzLine.test(text.trim()) && (text.includes('<') || text.length >= 60);
}
/** Whether these lines are a whole zone by their lengths, right or wrong. */
export function isWholeZone(lines: readonly string[]): boolean {
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  const first = lines[0]?.length ?? 0;
  if (lines.length === 1) return first === 90 || first === 72 || first === 88;
  return lines.length >= (lineCounts[first] ?? 2) || total >= 88;
}

/**
 * Cuts what a person typed a moment before off the front of what a reader sent: a number of a SIM, or a whole line of a zone that begins as one.
 * A person who types nineteen digits beginning with 89994 has typed the number of a SIM, too.
 */
export function splitTyped(text: string): { readonly typed: string; readonly read: string } {
  const tail =
    /(?:89994\d{14,15}|[IACP][A-Z<][A-Z<]{3}(?:[A-Z0-9<]{25}|[A-Z0-9<]{31}|[A-Z0-9<]{39}|[A-Z0-9<]{67}|[A-Z0-9<]{83}|[A-Z0-9<]{85}))$/iu.exec(
      text,
    );
  return tail === null ? { typed: '', read: text } : { typed: text.slice(0, tail.index), read: tail[0] };
}

interface Burst {
  text: string;
  target: EventTarget | null;
  valueBefore: string;
  lastAtMs: number;
}

function valueOf(target: EventTarget | null): string {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : '';
}

/** Takes what the reader typed out of the field again, in a way that React notices. */
function restore(burst: Burst, typed: string): void {
  const { target } = burst;
  if (!(target instanceof HTMLInputElement) && !(target instanceof HTMLTextAreaElement)) return;
  const prototype = target instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(target, burst.valueBefore + typed);
  target.dispatchEvent(new Event('input', { bubbles: true }));
}

export function listenToReaders(): () => void {
  let burst: Burst | undefined;
  let zone: { lines: string[]; timer: ReturnType<typeof setTimeout> } | undefined;

  const finishZone = (): void => {
    if (zone === undefined) return;
    clearTimeout(zone.timer);
    const text = zone.lines.join('\n');
    zone = undefined;
    deliverReading({ kind: 'mrz', text });
  };
  const waitForMore = (lines: string[]): void => {
    if (zone !== undefined) clearTimeout(zone.timer);
    zone = { lines, timer: setTimeout(finishZone, longestLineGapMs) };
  };
  const addLine = (line: string): void => {
    const lines = [...(zone?.lines ?? []), line];
    waitForMore(lines);
    if (isWholeZone(lines)) finishZone();
  };
  const take = (from: Burst, typed: string, event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    restore(from, typed);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.target instanceof HTMLInputElement && event.target.type === 'password')) return;
    // When the key was struck, not when a busy page came to hear of it.
    const nowMs = event.timeStamp;
    const isGoingOn = burst !== undefined && nowMs - burst.lastAtMs <= longestGapMs && burst.target === event.target;
    if (event.key === 'Enter' && burst !== undefined && isGoingOn) {
      const whole = burst.text.trim();
      const { typed, read: text } = isIccidShape(whole) || isMrzShape(whole) ? { typed: '', read: whole } : splitTyped(whole);
      if (isIccidShape(text)) {
        take(burst, typed, event);
        deliverReading({ kind: 'iccid', text });
      } else if (isMrzShape(text) || (zone !== undefined && mrzLine.test(text))) {
        take(burst, typed, event);
        addLine(text);
      }
      burst = undefined;
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) {
      if (event.key !== 'Shift' && event.key !== 'CapsLock') burst = undefined;
      return;
    }
    if (!isGoingOn || burst === undefined) burst = { text: '', target: event.target, valueBefore: valueOf(event.target), lastAtMs: nowMs };
    // The next line of the zone is on its way.
    if (zone !== undefined) waitForMore(zone.lines);
    burst.text += event.key;
    burst.lastAtMs = nowMs;
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    if (zone !== undefined) clearTimeout(zone.timer);
  };
}
