/**
 * The suffix that makes an ordinal of a whole number: `cı`, `ci`, `cu` or `cü`, by the vowel of the last word spoken.
 *
 * Source: azerbaijan.md §7 (ordinal suffix of years).
 */
export function ordinalSuffix(n: number): string {
  if (!Number.isSafeInteger(n)) throw new RangeError('An ordinal is made of a whole number');
  const digits = String(Math.abs(n));
  const zeros = digits.length - digits.replace(/0+$/u, '').length;
  if (digits === '0') return 'cı';
  if (zeros >= 9) return 'cı';
  if (zeros >= 6) return 'cu';
  if (zeros >= 3) return 'ci';
  if (zeros === 2) return 'cü';
  const lastDigit = Number(digits.charAt(digits.length - 1 - zeros));
  return (zeros === 1 ? suffixOfTens : suffixOfUnits)[lastDigit] ?? 'ci';
}

/** A whole number as an ordinal, such as `2026-cı`. */
export function ordinal(n: number): string {
  return `${n}-${ordinalSuffix(n)}`;
}

// Index is the digit: bir, iki, üç, dörd, beş, altı, yeddi, səkkiz, doqquz.
const suffixOfUnits = ['', 'ci', 'ci', 'cü', 'cü', 'ci', 'cı', 'ci', 'ci', 'cu'];
// Index is the digit: on, iyirmi, otuz, qırx, əlli, altmış, yetmiş, səksən, doxsan.
const suffixOfTens = ['', 'cu', 'ci', 'cu', 'cı', 'ci', 'cı', 'ci', 'ci', 'cı'];
