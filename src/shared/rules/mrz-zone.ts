/** The three shapes of a machine-readable zone: 3 × 30, 2 × 36 and 2 × 44 characters. Source: ICAO 9303 */
export type MrzFormat = 'TD1' | 'TD2' | 'TD3';

/** A field with a check digit; `composite` is the digit over several fields. */
export type MrzCheckedField = 'documentNumber' | 'birthDate' | 'expiryDate' | 'personalNumber' | 'composite';

/** A stretch of a line: line, first and end position, counted from 0, the end not included. */
type Span = readonly [line: number, start: number, end: number];

interface MrzLayout {
  readonly lineCount: number;
  readonly lineLength: number;
  readonly name: Span;
  readonly documentNumber: Span;
  readonly nationality: Span;
  readonly birthDate: Span;
  readonly sex: Span;
  readonly expiryDate: Span;
  /** Where the FİN stands, with the fillers that pad it. */
  readonly fin: Span;
  /** Each check digit with the stretches it is computed over. */
  readonly checks: readonly { readonly field: MrzCheckedField; readonly digit: Span; readonly over: readonly Span[] }[];
}

/**
 * Where everything stands in a zone.
 *
 * Source: ICAO 9303 parts 4–6; azerbaijan.md §4 (place of the FİN; TD1 Medium, check on a real card).
 */
export const mrzLayouts: Readonly<Record<MrzFormat, MrzLayout>> = {
  TD1: {
    lineCount: 3,
    lineLength: 30,
    name: [2, 0, 30],
    documentNumber: [0, 5, 14],
    nationality: [1, 15, 18],
    birthDate: [1, 0, 6],
    sex: [1, 7, 8],
    expiryDate: [1, 8, 14],
    fin: [0, 15, 22],
    checks: [
      { field: 'documentNumber', digit: [0, 14, 15], over: [[0, 5, 14]] },
      { field: 'birthDate', digit: [1, 6, 7], over: [[1, 0, 6]] },
      { field: 'expiryDate', digit: [1, 14, 15], over: [[1, 8, 14]] },
      {
        field: 'composite',
        digit: [1, 29, 30],
        over: [
          [0, 5, 30],
          [1, 0, 7],
          [1, 8, 15],
          [1, 18, 29],
        ],
      },
    ],
  },
  TD2: {
    lineCount: 2,
    lineLength: 36,
    name: [0, 5, 36],
    documentNumber: [1, 0, 9],
    nationality: [1, 10, 13],
    birthDate: [1, 13, 19],
    sex: [1, 20, 21],
    expiryDate: [1, 21, 27],
    fin: [1, 28, 35],
    checks: [
      { field: 'documentNumber', digit: [1, 9, 10], over: [[1, 0, 9]] },
      { field: 'birthDate', digit: [1, 19, 20], over: [[1, 13, 19]] },
      { field: 'expiryDate', digit: [1, 27, 28], over: [[1, 21, 27]] },
      {
        field: 'composite',
        digit: [1, 35, 36],
        over: [
          [1, 0, 10],
          [1, 13, 20],
          [1, 21, 35],
        ],
      },
    ],
  },
  TD3: {
    lineCount: 2,
    lineLength: 44,
    name: [0, 5, 44],
    documentNumber: [1, 0, 9],
    nationality: [1, 10, 13],
    birthDate: [1, 13, 19],
    sex: [1, 20, 21],
    expiryDate: [1, 21, 27],
    fin: [1, 28, 35],
    checks: [
      { field: 'documentNumber', digit: [1, 9, 10], over: [[1, 0, 9]] },
      { field: 'birthDate', digit: [1, 19, 20], over: [[1, 13, 19]] },
      { field: 'expiryDate', digit: [1, 27, 28], over: [[1, 21, 27]] },
      { field: 'personalNumber', digit: [1, 42, 43], over: [[1, 28, 42]] },
      {
        field: 'composite',
        digit: [1, 43, 44],
        over: [
          [1, 0, 10],
          [1, 13, 20],
          [1, 21, 43],
        ],
      },
    ],
  },
};

/** The characters of a stretch. */
export function readSpan(lines: readonly string[], [line, start, end]: Span): string {
  return (lines[line] ?? '').slice(start, end);
}

/** The check digit of a text of a zone: weights 7, 3, 1; A is 10 to Z 35, the filler 0. Source: ICAO 9303 part 3 §4.9 */
export function mrzCheckDigit(text: string): string {
  const weights = [7, 3, 1] as const;
  const sum = [...text].reduce((total, character, index) => total + characterValue(character) * (weights[index % 3] ?? 0), 0);
  return String(sum % 10);
}

/**
 * The fields whose check digit is wrong, in the order of the zone.
 *
 * A field that holds nothing but fillers may have a filler for its digit. Source: ICAO 9303 part 4 §4.2.2
 */
export function listFailedChecks(format: MrzFormat, lines: readonly string[]): MrzCheckedField[] {
  return mrzLayouts[format].checks
    .filter(({ digit, over }) => {
      const text = over.map((span) => readSpan(lines, span)).join('');
      const read = readSpan(lines, digit);
      return read !== mrzCheckDigit(text) && !(read === '<' && /^<*$/u.test(text));
    })
    .map(({ field }) => field);
}

function characterValue(character: string): number {
  if (character === '<') return 0;
  return parseInt(character, 36);
}

/** A zone cut into its lines, or the line that has the wrong length. */
export type MrzLines =
  | { readonly format: MrzFormat; readonly lines: readonly string[] }
  | { readonly format: undefined; readonly line: number; readonly length: number };

/**
 * Cuts what a reader typed into lines. The lines may be parted by line ends, spaces, control characters or by nothing at all.
 */
export function cutMrzLines(text: string): MrzLines {
  const pieces = text.split(/[\s\u0000-\u001f\u007f]+/u).filter((piece) => piece !== '');
  const whole = pieces.join('');
  const format = formats.find((candidate) => mrzLayouts[candidate].lineCount * mrzLayouts[candidate].lineLength === whole.length);
  const wrongLine = findWrongLine(pieces);
  if (format === undefined || wrongLine >= 0) {
    const line = Math.max(wrongLine, 0);
    return { format: undefined, line: line + 1, length: pieces[line]?.length ?? 0 };
  }
  const { lineCount, lineLength } = mrzLayouts[format];
  return { format, lines: Array.from({ length: lineCount }, (_, index) => whole.slice(index * lineLength, (index + 1) * lineLength)) };
}

const formats = ['TD1', 'TD2', 'TD3'] as const;

/** The first of two or three parted lines that is not as long as its zone wants; -1 when there is none. */
function findWrongLine(pieces: readonly string[]): number {
  if (pieces.length === 3) return pieces.findIndex((piece) => piece.length !== 30);
  if (pieces.length !== 2) return -1;
  const isPassport = Math.max(...pieces.map((piece) => piece.length)) > 40;
  return pieces.findIndex((piece) => piece.length !== (isPassport ? 44 : 36));
}
