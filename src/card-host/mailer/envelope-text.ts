import type { EnvelopeContent } from './mailer.ts';

/** Mailer printers strike letters, not pictures: one byte a letter, lines of at most 60. */
const lineEnd = Uint8Array.of(0x0d, 0x0a);
const formFeed = Uint8Array.of(0x0c);
const maxLine = 60;

const plain: Readonly<Record<string, string>> = {
  ...{ ə: 'e', Ə: 'E', ı: 'i', İ: 'I', ö: 'o', Ö: 'O', ü: 'u', Ü: 'U' },
  ...{ ğ: 'g', Ğ: 'G', ç: 'c', Ç: 'C', ş: 's', Ş: 'S' },
};

/**
 * The bytes of an envelope, for the caller to wipe. Letters that such a printer does not have are written by the nearest that it has; anything
 * else, and every control character, becomes a blank, so that no name steers the printer. Source: CR-05
 */
export function composeEnvelope(content: EnvelopeContent): Uint8Array {
  const text = (value: string) => Buffer.from(toPlain(value), 'latin1');
  const lines: readonly (readonly Uint8Array[])[] = [
    [text('ASAN ID')],
    [text(`Zerf:  ${content.envelopeNumber}`)],
    [text(`Kart:  ${content.cardSerial}`)],
    [text(content.holderLabel)],
    [],
    [text('PIN1:  '), content.pins.pin1],
    [text('PIN2:  '), content.pins.pin2],
    [text('PUK:   '), content.puk],
    [],
    [text('Kodlari hec kime demeyin.')],
  ];
  const parts = [...lines.flatMap((line) => [...line, lineEnd]), formFeed];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function toPlain(value: string): string {
  return [...value]
    .map((letter) => plain[letter] ?? letter)
    .join('')
    .replace(/[^\x20-\x7e]/gu, ' ')
    .slice(0, maxLine);
}
