/** Makers of synthetic numbers that every validator takes. None of them belongs to anybody. */

const voenWeights = [4, 1, 8, 6, 2, 7, 5, 3] as const;

/** Taxpayer number of the unused territory 00; null where the check digit would be 10, which is never issued. Source: azerbaijan.md §2 */
export function findVoen(serial: number, status: 1 | 2): string | null {
  const digits = `00${String(serial).padStart(6, '0')}`;
  const sum = voenWeights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const check = sum % 11;
  return check === 10 ? null : `${digits}${check}${status}`;
}

/** 19 digits: 89 994, issuer, account, Luhn digit. Source: azerbaijan.md §5 */
export function makeIccid(issuer: 1 | 2 | 3, account: number): string {
  const body = `899940${issuer}${String(account).padStart(11, '0')}`;
  let sum = 0;
  for (let index = 0; index < body.length; index += 1) {
    const digit = Number(body[body.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const finLetters = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A FİN that begins with QY and a letter after D, so that it never meets one of the well-known QYD codes. Source: azerbaijan.md §1 */
export function makeFin(index: number, length: 5 | 6 | 7): string {
  let rest = '';
  // Stepping by a number without common factors with the range scatters neighbours over the whole range.
  const width = length - 3;
  const range = finLetters.length ** width;
  let value = (index * 7_919 + 12_347) % range;
  for (let place = 0; place < width; place += 1) {
    rest = `${finLetters[value % finLetters.length] ?? '0'}${rest}`;
    value = Math.floor(value / finLetters.length);
  }
  return `QY${{ 7: 'S', 6: 'T', 5: 'U' }[length]}${rest}`;
}

/** Numbers whose subscriber part begins with 000 are not given to subscribers here. */
export function makePhone(prefix: string, index: number): string {
  return `+994${prefix}000${String(index).padStart(4, '0')}`;
}

export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

export function dayOf(on: string): number {
  return Date.parse(`${on}T00:00:00Z`) / 86_400_000;
}
