import { alphabetLower, alphabetUpper } from './alphabet.ts';

/**
 * A key whose plain code-unit (and UTF-8 byte) order is the Azerbaijani dictionary order of the texts.
 *
 * It can be stored in a column and sorted by the database, which knows no Azerbaijani. Three levels, as in the Unicode
 * collation algorithm: letters first, then accents that are no letters of the alphabet, then case (small before capital).
 * Spaces and punctuation count and stand before digits, digits before letters, other scripts after `w`.
 * Texts that differ only in their Unicode form have the same key.
 *
 * Source: azerbaijan.md §7 (alphabet, sorting vector); CLDR collation `az`.
 */
export function azSortKey(text: string): string {
  const primary: string[] = [];
  const secondary: string[] = [];
  const tertiary: string[] = [];
  for (const { unit, marks, variant } of collationUnits(text)) {
    primary.push(unit);
    secondary.push(common, ...marks);
    tertiary.push(variant);
  }
  return `${primary.join('')}${separator}${trimCommon(secondary)}${separator}${trimCommon(tertiary)}`;
}

/** Negative, zero or positive as `a` stands before, with or after `b` in Azerbaijani dictionary order. */
export function compareAz(a: string, b: string): number {
  const keyOfA = azSortKey(a);
  const keyOfB = azSortKey(b);
  if (keyOfA === keyOfB) return 0;
  return keyOfA < keyOfB ? -1 : 1;
}

interface CollationUnit {
  readonly unit: string;
  readonly marks: readonly string[];
  readonly variant: string;
}

interface Weight {
  readonly unit: string;
  readonly variant: string;
}

// The separator is lower than every weight, so a shorter text stands before its continuation.
const separator = ' ';
const common = '!';
const capital = '"';

/**
 * What stands before the letters, in the order of the root collation; alternatives inside one entry are the same sign
 * at the first level and ordered among themselves at the third.
 */
const beforeLetters: readonly string[] = [
  ...['\t', '\n', '\r', ' ', '_', '-‐', '‒', '–', '—', ',', ';', ':', '!', '?', '.', '…', '·', "'‘’", '‹', '›', '"“”„', '«', '»'],
  ...['(', ')', '[', ']', '{', '}', '§', '@', '*', '/', '\\', '&', '#', '%', '`', '^', '°', '©', '®', '+', '±', '÷', '×'],
  ...['<', '=', '>', '|', '~', '$', '£', '€', '₼', '₽', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
];

/** Combining marks in the order of the root collation. */
const markOrder = '\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304\u0335\u0309\u031b\u0323';

/** Letters with a stroke have no canonical decomposition; they stand with their base letter, as an accent would. */
const strokeLetters: Readonly<Record<string, string>> = { ø: 'o\u0338', ł: 'l\u0335', đ: 'd\u0335', ħ: 'h\u0335', ß: 'ss', æ: 'ae' };

const weights = buildWeights();

function buildWeights(): ReadonlyMap<string, Weight> {
  const table = new Map<string, Weight>();
  let rank = 0;
  for (const alternatives of beforeLetters) {
    const unit = unitAt(rank);
    [...alternatives].forEach((character, index) =>
      table.set(character, { unit, variant: String.fromCharCode(common.charCodeAt(0) + index) }),
    );
    rank += 1;
  }
  [...alphabetLower].forEach((lower, index) => {
    const unit = unitAt(rank + index);
    table.set(lower, { unit, variant: common });
    table.set(alphabetUpper.charAt(index), { unit, variant: capital });
  });
  return table;
}

/** The code unit that stands for the n-th first-level weight: printable, above the separator, below every other script. */
function unitAt(rank: number): string {
  const printable = 0x21 + rank;
  return String.fromCharCode(printable < 0x7f ? printable : printable + 0x22);
}

function* collationUnits(text: string): Generator<CollationUnit> {
  for (const cluster of text.normalize('NFC').match(clusters) ?? []) {
    const known = weights.get(cluster);
    if (cluster === ellipsis) yield* threeDots();
    else if (known) yield { unit: known.unit, marks: [], variant: known.variant };
    else yield* unusualUnits(cluster);
  }
}

const ellipsis = '…';

/** One sign that stands with three dots at the first level and after them at the third. */
function* threeDots(): Generator<CollationUnit> {
  const unit = weights.get('.')?.unit ?? '';
  for (let dot = 0; dot < 3; dot += 1) yield { unit, marks: [], variant: capital };
}

const clusters = /\P{M}\p{M}*|\p{M}+/gsu;

/** A character outside the table: the letter of the alphabet inside it, if there is one, and the marks that are left. */
function* unusualUnits(cluster: string): Generator<CollationUnit> {
  const [first = '', ...rest] = cluster.normalize('NFD');
  const lower = first.toLowerCase();
  const stroke = strokeLetters[lower];
  if (stroke !== undefined) {
    const letters = first === lower ? stroke : stroke.toUpperCase();
    yield* collationUnits(letters + rest.join(''));
    return;
  }
  let base = first;
  const marks: string[] = [];
  for (const mark of rest) {
    const composed = (base + mark).normalize('NFC');
    if (weights.has(composed)) base = composed;
    else marks.push(markWeight(mark));
  }
  const known = weights.get(base);
  if (known) {
    yield { unit: known.unit, marks, variant: known.variant };
    return;
  }
  // Another script, or a sign without a weight: its own code point, case apart, after every Latin letter.
  const composedLower = cluster.toLowerCase();
  yield { unit: otherUnit(composedLower), marks: [], variant: composedLower === cluster ? common : capital };
}

function otherUnit(character: string): string {
  return character < firstOther ? firstOther + character : character;
}

/** Above every weight of the table. */
const firstOther = '\u0250';

function markWeight(mark: string): string {
  const index = markOrder.indexOf(mark);
  return index < 0 ? mark : String.fromCharCode(common.charCodeAt(0) + 1 + index);
}

/** Common weights at the end say nothing, because the separator below is lower still. */
function trimCommon(level: readonly string[]): string {
  let end = level.length;
  while (end > 0 && level[end - 1] === common) end -= 1;
  return level.slice(0, end).join('');
}
