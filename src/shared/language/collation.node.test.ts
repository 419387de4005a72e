import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetLower, alphabetUpper } from './alphabet.ts';
import { compareAz } from './collation.ts';

/** Node has the Azerbaijani data; here it is the judge of our own tables. */
const icu = new Intl.Collator('az');

const letters = [...alphabetLower, ...alphabetUpper];
const signs = [...' -_.,;:!?\'"()[]{}@*/\\&#%`^+<=>|~$', '’', '“', '–', '«', '»', '…', '§', '°', '₼', '№'];
const accented = [...'éèêëáàâäåñõôíîïúûýÿčřšžćłńøđ', 'ß', 'æ'];

describe('collation against ICU', () => {
  it('orders any two texts of the alphabet, digits and signs as ICU does', () => {
    const text = fc.string({ unit: fc.constantFrom(...letters, ...letters, ...'0123456789', ...signs.slice(0, -1)), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareAz(a, b)).toBe(Math.sign(icu.compare(a, b)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('orders texts that differ little as ICU does', () => {
    const text = fc.string({ unit: fc.constantFrom('ə', 'Ə', 'e', 'i', 'İ', 'ı', 'I', 'ş', 's', '-', ' ', 'é'), maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareAz(a, b)).toBe(Math.sign(icu.compare(a, b)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('orders single foreign letters among the alphabet as ICU does', () => {
    const all = [...letters, ...accented.filter((letter) => letter !== 'æ')];
    expect([...all].sort(compareAz)).toEqual([...all].sort(icu.compare));
  });
});
