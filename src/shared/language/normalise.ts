import { azLower } from './casing.ts';

/**
 * Text as it is stored: NFC, the look-alikes of ə put right, spaces collapsed and trimmed.
 *
 * U+01DD and Cyrillic U+04D9 become ə, U+018E and U+04D8 become Ə. Nothing else is changed; the function is idempotent.
 *
 * Source: azerbaijan.md §7 (look-alikes).
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u01dd\u04d9]/gu, 'ə')
    .replace(/[\u018e\u04d8]/gu, 'Ə')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * The folded form under which a text is indexed and searched: small letters, the Azerbaijani letters turned into their
 * Latin neighbours (ə e, ı i, ş s, ç c, ğ g, ö o, ü u), no combining marks. The query must be folded the same way.
 *
 * Source: azerbaijan.md §7 (folded key).
 */
export function foldForSearch(text: string): string {
  return azLower(normaliseText(text))
    .replaceAll('ə', 'e')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}

/**
 * The forms under which a text should be indexed so that it is found by both spellings of ə in plain Latin: the folded form, and
 * a second one with `a` when the text has an ə. The query is folded once, by `foldForSearch`.
 *
 * Source: azerbaijan.md §7 (ə to e, also accept a).
 */
export function listSearchForms(text: string): string[] {
  const lower = azLower(normaliseText(text));
  return [...new Set([foldForSearch(lower), foldForSearch(lower.replaceAll('ə', 'a'))])];
}

/**
 * A key that is equal for a name as the register writes it and as a machine-readable zone may write it, for the commonest
 * way of transliterating (E for Ə, O, U, S, C, G, I). For the other ways use `namesMatchLoosely`.
 */
export function looseNameKey(name: string): string {
  return foldForSearch(name).replace(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * Whether a name read from a machine-readable zone may be the name in the register.
 *
 * Each letter may be transliterated in its own way: Ə as A, E or AE, Ö as O or OE, Ü as U or UE, Ş as S or SH, Ç as C or CH,
 * Ğ, I and İ by their base letter. Spaces, hyphens, apostrophes and fillers do not count. A zone that
 * was cut at the end of its line is not recognised here: the caller knows the length of the line.
 *
 * Source: azerbaijan.md §4 (transliteration; Medium).
 */
export function namesMatchLoosely(mrzName: string, registerName: string): boolean {
  const read = looseNameKey(mrzName);
  const letters = [...azLower(normaliseText(registerName))].filter((character) => /[\p{L}\p{N}]/u.test(character));
  // Positions in `read` that some transliteration of the letters so far can reach.
  let reached = new Set([0]);
  for (const letter of letters) {
    const next = new Set<number>();
    for (const form of transliterations[letter] ?? [looseNameKey(letter)]) {
      for (const position of reached) if (read.startsWith(form, position)) next.add(position + form.length);
    }
    reached = next;
  }
  return letters.length > 0 && reached.has(read.length);
}

const transliterations: Readonly<Record<string, readonly string[]>> = {
  ə: ['a', 'e', 'ae'],
  ö: ['o', 'oe'],
  ü: ['u', 'ue'],
  ş: ['s', 'sh'],
  ç: ['c', 'ch'],
};
