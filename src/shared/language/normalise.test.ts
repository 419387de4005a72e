import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetLower, alphabetUpper } from './alphabet.ts';
import { azUpper } from './casing.ts';
import { foldForSearch, listSearchForms, looseNameKey, namesMatchLoosely, normaliseText } from './normalise.ts';

describe('normaliseText', () => {
  it.each([
    ['\u01ddli', 'əli'],
    ['\u04d9li', 'əli'],
    ['\u018eli', 'Əli'],
    ['\u04d8li', 'Əli'],
    ['\u018fli', 'Əli'],
    ['u\u0308z', 'üz'],
    ['  Bakı \t\n şəhəri  ', 'Bakı şəhəri'],
    ['a\u00a0b', 'a b'],
    ['', ''],
  ])('stores %j as %j', (typed, stored) => {
    expect(normaliseText(typed)).toBe(stored);
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => normaliseText(normaliseText(text)) === normaliseText(text)));
  });
});

describe('foldForSearch', () => {
  it.each([
    ['Əliyev', 'eliyev'],
    ['ƏLİYEV', 'eliyev'],
    ['İsmayılova', 'ismayilova'],
    ['ISMAYILOVA', 'ismayilova'],
    ['işıqlı', 'isiqli'],
    ['Çoşğun Üzümçü Öz', 'cosgun uzumcu oz'],
    ['\u04d9li', 'eli'],
    ['i\u0307lham', 'ilham'],
    ['Éva', 'eva'],
    ['  Bakı   şəhəri ', 'baki seheri'],
  ])('folds %s to %s', (text, folded) => {
    expect(foldForSearch(text)).toBe(folded);
  });

  it('finds a text however its letters are cased', () => {
    const text = fc.string({ unit: fc.constantFrom(...alphabetLower, ...alphabetUpper, ' ') });
    fc.assert(fc.property(text, (value) => foldForSearch(azUpper(value)) === foldForSearch(value)));
  });

  it('is joined by a form with a for ə, for the index', () => {
    expect(listSearchForms('Əliyev Həsən')).toEqual(['eliyev hesen', 'aliyev hasan']);
    expect(listSearchForms('\u04d9li')).toEqual(['eli', 'ali']);
    expect(listSearchForms('Quliyev')).toEqual(['quliyev']);
  });

  it('leaves only plain Latin letters of the alphabet', () => {
    const text = fc.string({ unit: fc.constantFrom(...alphabetLower, ...alphabetUpper) });
    fc.assert(fc.property(text, (value) => /^[a-z]*$/u.test(foldForSearch(value))));
  });
});

describe('names of a machine-readable zone', () => {
  it.each([
    ['MAMMADOV', 'Məmmədov'],
    ['MEMMEDOV', 'Məmmədov'],
    ['MAEMMEDOV', 'Məmmədov'],
    ['MAMMEDOV', 'Məmmədov'],
    ['QULIYEVA', 'Quliyeva'],
    ['GOEZAL', 'Gözəl'],
    ['GOZEL', 'Gözəl'],
    ['HUESEYN', 'Hüseyn'],
    ['HUSEYN', 'Hüseyn'],
    ['ISMAYILOV', 'İsmayılov'],
    ['SHUKUR', 'Şükür'],
    ['SUKUR', 'Şükür'],
    ['CHINGIZ', 'Çingiz'],
    ['CINGIZ', 'Çingiz'],
    ['AGAYEV', 'Ağayev'],
    ['MAMMADOVA<QIZI', 'Məmmədova-Qızı'],
    ['MESUD', "Məs'ud"],
    ['NURAY', 'nuray'],
  ])('takes %s for %s', (read, registered) => {
    expect(namesMatchLoosely(read, registered)).toBe(true);
  });

  it.each([
    ['MAMMADOV', 'Məmmədova'],
    ['MAMMADOVA', 'Məmmədov'],
    ['MOMMADOV', 'Məmmədov'],
    ['ELVIN', 'Elçin'],
    ['', 'Elvin'],
    ['ELVIN', ''],
    ['', ''],
    ['', "-'"],
    ['SHUKUR', 'Sükür'],
  ])('does not take %s for %s', (read, registered) => {
    expect(namesMatchLoosely(read, registered)).toBe(false);
  });

  it('keys a name by its letters', () => {
    expect(looseNameKey("Məs'ud Əli-zadə")).toBe('mesudelizade');
    expect(looseNameKey('MESUD<ELIZADE')).toBe('mesudelizade');
  });

  it('takes every name for itself', () => {
    const name = fc.string({ unit: fc.constantFrom(...alphabetLower, ...alphabetUpper), minLength: 1 });
    fc.assert(fc.property(name, (value) => namesMatchLoosely(foldForSearch(value), value)));
  });
});
