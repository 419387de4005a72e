import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetLower, alphabetUpper } from './alphabet.ts';
import { azSortKey, compareAz } from './collation.ts';

function shuffled(words: readonly string[]): string[] {
  return [...words].sort((a, b) => ((a.length * 7 + a.charCodeAt(0)) % 5) - ((b.length * 7 + b.charCodeAt(0)) % 5)).reverse();
}

describe('collation', () => {
  it.each([
    ['the sorting vector', 'Cavid Çingiz Davud Elçin Eldar Əbil Fuad Həsən Xəlil Ilham İlham Jalə Kamal Qasım Leyla'],
    ['the alphabet with w at its end', [...alphabetLower].join(' ')],
    ['capitals after their small letters', 'a A b B ç Ç ı I i İ z Z w W'],
    ['accents between a letter and the next', 'ce cé ceb cf'],
    ['accents after the plain word only when all letters are equal', 'resume resumé résumé resumf'],
    ['letters with a stroke beside their base', 'd đ da ə h ħ ha l ł la m o ø oa ö'],
    ['ß and æ as two letters', 'ad æ af ar aß at'],
    ['digits before letters and by digit', '0 1 10 2 9 a'],
    ['other scripts after w', 'z w а б я'],
  ])('keeps %s', (_what, order) => {
    const words = order.split(' ');
    expect(shuffled(words).sort(compareAz)).toEqual(words);
  });

  it('puts punctuation before digits and digits before letters', () => {
    const signs = [' ', '_', '-', ',', ';', ':', '!', '?', '.', "'", '"', '(', ')', '@', '/', '#', '%', '+', '<', '0', '9', 'a'];
    expect(shuffled(signs).sort(compareAz)).toEqual(signs);
  });

  it('tells the kinds of one sign apart last of all', () => {
    expect(["a'b", 'a‘b', 'a’b', "a'c"]).toEqual(['a’b', "a'c", "a'b", 'a‘b'].sort(compareAz));
  });

  it('writes ß and æ out', () => {
    expect(compareAz('weiß', 'weiss')).toBe(0);
    expect(compareAz('Æ', 'AE')).toBe(0);
    expect(compareAz('Ø', 'ø')).toBeGreaterThan(0);
    expect(compareAz('ǿ', 'ø')).toBeGreaterThan(0);
  });

  it('prefers the letters, then the accents, then the case', () => {
    expect(compareAz('ÉA', 'eb')).toBeLessThan(0);
    expect(compareAz('éa', 'Ea')).toBeGreaterThan(0);
    expect(compareAz('Ea', 'ea')).toBeGreaterThan(0);
    expect(compareAz('əli', 'Əli')).toBeLessThan(0);
  });

  it('puts a word before its continuation', () => {
    expect(compareAz('Əli', 'Əliyev')).toBeLessThan(0);
    expect(compareAz('Əli', 'əli B')).toBeLessThan(0);
    expect(compareAz('', 'a')).toBeLessThan(0);
  });

  it('gives one key to one text in two Unicode forms', () => {
    for (const text of ['Üzüm', 'İlham', 'Şükür', 'Éva', 'ç\u0301', 'ǖ']) {
      expect(azSortKey(text.normalize('NFD'))).toBe(azSortKey(text));
      expect(compareAz(text.normalize('NFD'), text)).toBe(0);
    }
  });

  it('recognises a letter of the alphabet below another mark', () => {
    expect(compareAz('ǖ', 'ü')).toBeGreaterThan(0);
    expect(compareAz('ǖ', 'v')).toBeLessThan(0);
    expect(compareAz('ụ\u0308', 'ü')).toBeGreaterThan(0);
  });

  it('orders marks that it has no weight for, and marks that stand alone', () => {
    expect(compareAz('a\u0316', 'a')).toBeGreaterThan(0);
    expect(compareAz('a\u0316', 'a\u0301')).toBeGreaterThan(0);
    expect(azSortKey('\u0301')).not.toBe(azSortKey(''));
  });

  it('puts a sign without a weight after the letters', () => {
    expect(compareAz('¤', 'w')).toBeGreaterThan(0);
    expect(compareAz('¤', 'а')).toBeLessThan(0);
    expect(compareAz('Ж', 'ж')).toBeGreaterThan(0);
    expect(compareAz('ж', 'З')).toBeLessThan(0);
  });

  it('holds only characters that a database column compares in the same order as code units', () => {
    const text = fc.string({ unit: fc.constantFrom(...alphabetLower, ...alphabetUpper, ..." -.'0123456789éñ") });
    fc.assert(fc.property(text, (value) => /^[\u0020-\u007e\u00a1-\u00ff]*$/u.test(azSortKey(value))));
  });

  it.each([
    ['Əli', 'itp  "'],
    ['é b', 'h$d !" '],
    ['W-9', '\u00a5&b  "'],
  ])('keeps the key of %s, because it stands in columns that were written before', (text, key) => {
    expect(azSortKey(text)).toBe(key);
  });

  it('is a total order', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'A', 'ə', 'Ə', 'i', 'İ', 'ı', 'é', ' ', '-', '1'), maxLength: 4 });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(compareAz(a, b)).toBe(0 - compareAz(b, a));
        expect(compareAz(a, b) === 0).toBe(a === b);
        if (compareAz(a, b) <= 0 && compareAz(b, c) <= 0) expect(compareAz(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
