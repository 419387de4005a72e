import { mrzCheckDigit } from '../shared/rules/mrz-zone.ts';

/** What a training document says in its machine-readable zone. */
export interface MrzSubject {
  readonly kind: string;
  readonly number: string;
  readonly fin: string;
  readonly surname: string;
  readonly givenName: string;
  readonly citizenship: string;
  readonly sex: 'M' | 'F';
  readonly birthOn: string;
  readonly validUntilOn: string;
}

/**
 * The lines that a reader would send for a training document: TD1 for the new identity card, TD3 for passports, TD2 for the old card and for
 * permits, with the FİN where the real documents have it. Source: azerbaijan.md §4; CR-07, CR-08
 */
export function writeMrz(subject: MrzSubject): string {
  const number = subject.number.replace(/[^A-Z0-9]/g, '');
  const birth = shortDate(subject.birthOn);
  const expiry = shortDate(subject.validUntilOn);
  const names = `${transliterate(subject.surname)}<<${transliterate(subject.givenName)}`;
  if (/^[A-Z]{2}\d{7}$/.test(number)) {
    const first = `I<AZE${checked(number)}${pad(subject.fin, 15)}`;
    const middle = `${checked(birth)}${subject.sex}${checked(expiry)}${subject.citizenship}${'<'.repeat(11)}`;
    const composite = mrzCheckDigit(first.slice(5) + middle.slice(0, 7) + middle.slice(8, 15) + middle.slice(18));
    return [first, middle + composite, pad(names, 30)].join('\n');
  }
  if (subject.kind === 'foreign_passport') {
    // Another country's passport has its own personal number there, or nothing; our FİN is typed by hand.
    const personal = checked(pad('', 14));
    const line = `${checked(pad(number, 9))}${subject.citizenship}${checked(birth)}${subject.sex}${checked(expiry)}${personal}`;
    return [
      pad(`P<${subject.citizenship}${names}`, 44),
      line + mrzCheckDigit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43)),
    ].join('\n');
  }
  const isCard = subject.kind === 'citizen_card' || subject.kind === 'military_card' || subject.kind === 'judge';
  const line = `${checked(pad(number.replace(/^AZE/, ''), 9))}${subject.citizenship}${checked(birth)}${subject.sex}${checked(expiry)}${pad(subject.fin, 7)}`;
  const head = subject.kind === 'refugee_card' ? 'IRAZE' : isCard ? 'I<AZE' : 'IRAZE';
  return [pad(head + names, 36), line + mrzCheckDigit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 35))].join('\n');
}

function checked(field: string): string {
  return field + mrzCheckDigit(field);
}

function pad(text: string, length: number): string {
  return text.slice(0, length).padEnd(length, '<');
}

/** YYMMDD. */
function shortDate(on: string): string {
  return on.slice(2).replaceAll('-', '');
}

const latin: Readonly<Record<string, string>> = { Ə: 'A', Ö: 'O', Ü: 'U', Ş: 'S', Ç: 'C', Ğ: 'G', İ: 'I' };

function transliterate(name: string): string {
  return name.replace(/[ƏÖÜŞÇĞİ]/g, (letter) => latin[letter] ?? letter).replace(/[^A-Z]+/g, '<');
}
