/**
 * The capitals of a text by Azerbaijani rules (i to İ, ı to I), in NFC.
 *
 * No `toLocaleUpperCase('az')`: its answer depends on the locale data of the program that runs it.
 *
 * Source: azerbaijan.md §7 (case pairs).
 */
export function azUpper(text: string): string {
  return text.normalize('NFC').replaceAll('i', 'İ').toUpperCase().normalize('NFC');
}

/** The small letters of a text by Azerbaijani rules (İ to i, I to ı), in NFC and without a stray combining dot. */
export function azLower(text: string): string {
  return text.normalize('NFC').replaceAll('İ', 'i').replaceAll('I', 'ı').toLowerCase().normalize('NFC');
}

/**
 * The first letter of every word as a capital, all others small.
 *
 * A word begins after a space, a hyphen, a dot or an opening bracket or quotation mark. After an apostrophe it begins only
 * when a single letter stands before it, so that D'Artagnan keeps two capitals and Məs'ud keeps one.
 */
export function azTitle(text: string): string {
  let lettersInWord = 0;
  let title = '';
  for (const character of azLower(text)) {
    if (apostrophe.test(character)) {
      if (lettersInWord === 1) lettersInWord = 0;
      title += character;
    } else if (wordBreak.test(character)) {
      lettersInWord = 0;
      title += character;
    } else {
      title += lettersInWord === 0 ? azUpper(character) : character;
      lettersInWord += 1;
    }
  }
  return title.normalize('NFC');
}

const apostrophe = /['’ʼ]/u;
const wordBreak = /[\s.\-‐–—("“«„[/]/u;
