/** A number of one printed document: office, desk, year and a gapless sequence, as in `BAK1-01-2026-000123`. */
export type PaperNumber = { readonly office: string; readonly desk: string; readonly year: number; readonly sequence: number };

const pattern = /^([A-Z][A-Z0-9]{1,7})-([0-9]{2,3})-([0-9]{4})-([0-9]{6,})$/u;

/** The text of a number. A part that does not fit its place is a bug of the caller. */
export function formatPaperNumber(number: PaperNumber): string {
  const text = `${number.office}-${number.desk}-${number.year}-${String(number.sequence).padStart(6, '0')}`;
  if (findPaperNumber(text) === undefined) throw new RangeError('Not the parts of a paper number');
  return text;
}

/** The parts of a number, or nothing for a text that is none. Every text has at most one reading. */
export function findPaperNumber(text: string): PaperNumber | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, office = '', desk = '', year = '', digits = ''] = parts;
  const sequence = Number(digits);
  // A sequence above 999999 is written without leading zeros, and none is 0 or too large to count.
  if (sequence < 1 || !Number.isSafeInteger(sequence) || (digits.length > 6 && digits.startsWith('0'))) return undefined;
  return { office, desk, year: Number(year), sequence };
}

/** The first number of a year is 1; each next is one more, also after a spoilt paper, whose number stays taken. */
export function nextSequence(lastOfYear: number | undefined): number {
  return (lastOfYear ?? 0) + 1;
}
