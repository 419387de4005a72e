/**
 * Whether a PIN is easily guessed by whoever finds the card. It is asked where a holder chooses one, and where one is made by chance. Codes are ASCII
 * digits in buffers, never strings, so that they can be wiped. Source: CR-05
 */
export type CodeWeakness =
  /** Not only digits, or too few or too many of them. */
  | 'CODE_FORM'
  /** 1111, 12121, 123123: a part that repeats; or one digit in all places but one. */
  | 'CODE_REPEATS'
  /** 1234, 98765, 7890, 2468: each digit so many steps after the one before. */
  | 'CODE_RUNS'
  /** Day and month, or the year, of the birth. */
  | 'CODE_BIRTH_DATE'
  /** Four digits that stand one after the other in the holder's FİN. */
  | 'CODE_FIN';

export interface CodeOwner {
  /** YYYY-MM-DD */
  readonly bornOn?: string;
  readonly fin?: string;
}

export const minCodeLength = 4;
export const maxCodeLength = 8;
const zero = 0x30;

/** `null` when the code may be used. */
export function findCodeWeakness(code: Uint8Array, owner: CodeOwner = {}): CodeWeakness | null {
  if (code.length < minCodeLength || code.length > maxCodeLength || !code.every((byte) => byte >= zero && byte <= zero + 9))
    return 'CODE_FORM';
  if (repeats(code)) return 'CODE_REPEATS';
  if (runs(code)) return 'CODE_RUNS';
  if (owner.bornOn !== undefined && holdsAnyOf(code, datePieces(owner.bornOn))) return 'CODE_BIRTH_DATE';
  if (owner.fin !== undefined && sharesDigits(code, owner.fin)) return 'CODE_FIN';
  return null;
}

/** A beginning that is taken again and again to the end, or all digits alike but one. */
function repeats(code: Uint8Array): boolean {
  for (let part = 1; part <= code.length / 2; part += 1) {
    if (code.every((digit, index) => digit === code[index % part])) return true;
  }
  // 1112 and 12111: nearly one digit.
  return code.some((digit) => code.filter((other) => other !== digit).length <= 1);
}

/** Up or down by one or two; 0 follows 9. */
function runs(code: Uint8Array): boolean {
  return [1, 2, 8, 9].some((step) =>
    code.every((digit, index) => index === 0 || ((code[index - 1] ?? 0) - zero + step) % 10 === digit - zero),
  );
}

/** DDMM, MMDD, YYYY, DDMMYY, YYMMDD …: the pieces of four digits are in all of them; and both two-digit years beside day or month. */
function datePieces(bornOn: string): readonly string[] {
  const [year = '', month = '', day = ''] = bornOn.split('-');
  if (year.length !== 4 || month.length !== 2 || day.length !== 2) return [];
  const short = year.slice(2);
  return [day + month, month + day, year, day + short, month + short, short + month, short + day];
}

function holdsAnyOf(code: Uint8Array, pieces: readonly string[]): boolean {
  return pieces.some((piece) => holds(code, piece));
}

function holds(code: Uint8Array, piece: string): boolean {
  const wanted = Array.from(piece, (character) => character.charCodeAt(0));
  for (let from = 0; from + wanted.length <= code.length; from += 1) {
    if (wanted.every((byte, index) => code[from + index] === byte)) return true;
  }
  return false;
}

function sharesDigits(code: Uint8Array, fin: string): boolean {
  return (fin.match(/[0-9]{4,}/g) ?? []).some((digits) =>
    Array.from({ length: digits.length - minCodeLength + 1 }, (_, from) => digits.slice(from, from + minCodeLength)).some((piece) =>
      holds(code, piece),
    ),
  );
}
