import { pinWindow as az } from '../shared/language/catalogues/az/pin-window.ts';
import { pinWindow as en } from '../shared/language/catalogues/en/pin-window.ts';
import { pinWindow as ru } from '../shared/language/catalogues/ru/pin-window.ts';

const catalogues = { az, en, ru } as const;
export type PinLanguage = keyof typeof catalogues;
export type PinWord = keyof typeof az;

export function isPinLanguage(value: string | undefined): value is PinLanguage {
  return value !== undefined && value in catalogues;
}

/** One text with its places filled. */
export function say(language: PinLanguage, word: PinWord, values: Readonly<Record<string, string | number>> = {}): string {
  return catalogues[language][word].replace(/\{(\w+)\}/gu, (place, name: string) => String(values[name] ?? place));
}
