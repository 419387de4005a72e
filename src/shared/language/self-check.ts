import { azLower, azUpper } from './casing.ts';
import { compareAz } from './collation.ts';
import { formatDateLong, formatDateOfficial, formatDateTime } from './dates.ts';
import { foldForSearch, normaliseText } from './normalise.ts';
import { formatMoney, formatNumber } from './numbers.ts';

/**
 * The expectations of the Azerbaijani language that this program, as it runs now, does not meet; none when all is well.
 *
 * Called at start, because what a unit test proves in one JavaScript engine says nothing about the engine that is shipped.
 * The lines are for the log of the technician and hold no personal data.
 */
export function languageSelfCheck(): string[] {
  return listBroken(expectations);
}

/** The lines for those expectations whose actual text is another one, or that throw. */
export function listBroken(checked: readonly Expectation[]): string[] {
  return checked.flatMap(({ what, expected, actual }) => {
    const found = attempt(actual);
    return found === expected ? [] : [`${what}: expected "${expected}", found "${found}"`];
  });
}

export interface Expectation {
  readonly what: string;
  readonly expected: string;
  readonly actual: () => string;
}

const sortingVector = 'Cavid Çingiz Davud Elçin Eldar Əbil Fuad Həsən Xəlil Ilham İlham Jalə Kamal Qasım Leyla';

const expectations: readonly Expectation[] = [
  { what: 'capitals', expected: 'İSMAYILOVA QIZI', actual: () => azUpper('ismayılova qızı') },
  { what: 'small letters', expected: 'ismayılova qızı', actual: () => azLower('İSMAYILOVA QIZI') },
  { what: 'order', expected: sortingVector, actual: () => sortingVector.split(' ').reverse().sort(compareAz).join(' ') },
  { what: 'Unicode form', expected: 'ü ə ə', actual: () => normaliseText(' u\u0308 \u01dd  \u04d9 ') },
  { what: 'folding', expected: 'isiqli eliyeva cosgun', actual: () => foldForSearch('İŞIQLI Əliyeva Coşğun') },
  { what: 'long date', expected: '9 mart 2026', actual: () => formatDateLong('2026-03-09') },
  { what: 'official date', expected: '9 mart 2026-cı il', actual: () => formatDateOfficial('2026-03-09') },
  { what: 'time in Baku', expected: '09.03.2026 04:00', actual: () => formatDateTime(Date.UTC(2026, 2, 9)) },
  { what: 'number', expected: '1.234.567,89', actual: () => formatNumber(1_234_567.89) },
  { what: 'money', expected: '1.234.567,50 ₼', actual: () => formatMoney(123_456_750) },
];

function attempt(actual: () => string): string {
  try {
    return actual();
  } catch (error) {
    return error instanceof Error ? error.name : 'an error';
  }
}
