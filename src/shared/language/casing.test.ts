import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetLower, alphabetUpper } from './alphabet.ts';
import { azLower, azTitle, azUpper } from './casing.ts';

describe('casing', () => {
  it('pairs every letter of the alphabet with its capital', () => {
    expect([...alphabetLower].map(azUpper)).toEqual([...alphabetUpper]);
    expect([...alphabetUpper].map(azLower)).toEqual([...alphabetLower]);
    expect(new Set(alphabetLower).size).toBe(33);
  });

  it.each([
    ['ismayılova', 'İSMAYILOVA'],
    ['ışıq işi', 'IŞIQ İŞİ'],
    ['əliyeva', 'ƏLİYEVA'],
    ['i\u0307', 'İ\u0307'],
  ])('gives the capitals of %s', (lower, upper) => {
    expect(azUpper(lower)).toBe(upper);
  });

  it('takes the dot above with the I it belongs to', () => {
    expect(azLower('I\u0307LHAM')).toBe('ilham');
    expect(azLower('İLHAM')).toHaveLength(5);
    expect(azLower('QIZI')).toBe('qızı');
  });

  it('answers in NFC', () => {
    expect(azUpper('u\u0308')).toBe('Ü');
    expect(azLower('U\u0308')).toBe('ü');
    expect(azTitle('u\u0308zu\u0308m')).toBe('Üzüm');
  });

  it.each([
    ['İLHAM ƏLİZADƏ', 'İlham Əlizadə'],
    ['ismayılova-ılğarlı', 'İsmayılova-Ilğarlı'],
    ["d'artagnan", "D'Artagnan"],
    ['o’brien', 'O’Brien'],
    ['oʼbrien', 'OʼBrien'],
    ["məs'ud", "Məs'ud"],
    ["ə'la d'arc", "Ə'La D'Arc"],
    ['a.b. həsənov', 'A.B. Həsənov'],
    ['“nur” (bakı)', '“Nur” (Bakı)'],
    ['mərkəz/filial [iki]', 'Mərkəz/Filial [İki]'],
    ['', ''],
    ["  'ə", "  'Ə"],
  ])('begins each word of %s with a capital', (text, title) => {
    expect(azTitle(text)).toBe(title);
  });

  it('finds the small letters of a text again after its capitals', () => {
    const word = fc.string({ unit: fc.constantFrom(...alphabetLower), maxLength: 30 });
    fc.assert(fc.property(word, (text) => azLower(azUpper(text)) === text));
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabetLower, ...alphabetUpper, ' ', '-', "'") }), (text) => {
        expect(azUpper(azUpper(text))).toBe(azUpper(text));
        expect(azLower(azLower(text))).toBe(azLower(text));
        expect(azTitle(azTitle(text))).toBe(azTitle(text));
      }),
    );
  });
});
