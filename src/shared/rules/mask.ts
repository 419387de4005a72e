/**
 * Masks for lists and previews: enough to tell two rows apart beside a name, too little to use. The full value is shown only by
 * the logged act of revealing it.
 *
 * Source: azerbaijan.md §14 (FİN, document number and phone are masked in lists).
 */

/** The first two and the last character of a FİN: `QY••••1`. */
export function maskFin(fin: string): string {
  return maskMiddle(fin, 2, 1);
}

/** Country, prefix and the last two digits of a phone number: `+994 50 ••• •• 01`. */
export function maskPhone(phone: string): string {
  const parts = /^\+994(\d{2})\d{5}(\d{2})$/u.exec(phone);
  return parts ? `+994 ${parts[1] ?? ''} ••• •• ${parts[2] ?? ''}` : maskMiddle(phone, 0, 2);
}

/** The series letters and the last two characters of a document number: `AA•••••12`, `AZE••••••12`. */
export function maskDocumentNumber(number: string): string {
  const series = /^\p{L}{0,3}/u.exec(number)?.[0] ?? '';
  return maskMiddle(number, [...series].length, 2);
}

/** Shows so many characters at both ends; of a text too short to hide half of itself, none. */
function maskMiddle(text: string, head: number, tail: number): string {
  const characters = [...text];
  const hidden = characters.length - head - tail;
  if (hidden * 2 < characters.length) return '•'.repeat(characters.length);
  return characters.slice(0, head).join('') + '•'.repeat(hidden) + characters.slice(characters.length - tail).join('');
}
