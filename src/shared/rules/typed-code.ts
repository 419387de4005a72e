/** What normalising did to a code that was typed, pasted or scanned. */
export type TypedCodeNote = 'SPACES_REMOVED' | 'UPPER_CASED' | 'CYRILLIC_REPLACED' | 'FULL_WIDTH_REPLACED';

/**
 * A typed code without spaces, in capitals by the invariant rules, Cyrillic look-alikes and full-width characters replaced by
 * Latin ones; each change is noted. Azerbaijani letters are left as they are (ı and i differ for the caller).
 *
 * Source: azerbaijan.md §1 (validator).
 */
export function normaliseTypedCode(input: string): { readonly code: string; readonly notes: readonly TypedCodeNote[] } {
  const steps: readonly (readonly [TypedCodeNote, (text: string) => string])[] = [
    ['SPACES_REMOVED', (text) => text.replace(/[\s\u200b\ufeff]+/gu, '')],
    ['FULL_WIDTH_REPLACED', (text) => text.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/gu, toHalfWidth)],
    ['CYRILLIC_REPLACED', (text) => text.replace(/[АВЕКМНОРСТХавекмнорстх]/gu, toLatin)],
    ['UPPER_CASED', (text) => text.replace(/[a-z]+/gu, (letters) => letters.toUpperCase())],
  ];
  let code = input.normalize('NFC');
  const notes: TypedCodeNote[] = [];
  for (const [note, step] of steps) {
    const changed = step(code);
    if (changed !== code) notes.push(note);
    code = changed;
  }
  return { code, notes };
}

function toHalfWidth(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

const cyrillic = 'АВЕКМНОРСТХ';
const latin = 'ABEKMHOPCTX';

function toLatin(character: string): string {
  return latin.charAt(cyrillic.indexOf(character.toUpperCase()));
}
