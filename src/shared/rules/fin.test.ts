import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriesShortFin, checkFin } from './fin.ts';
import { normaliseTypedCode } from './typed-code.ts';
import { identityDocumentKinds } from './vocabulary.ts';

const allowed = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

describe('checkFin', () => {
  it.each([
    ['QYD0001', 'QYD0001', []],
    ['5ZZZ9QY', '5ZZZ9QY', []],
    ['qyd0001', 'QYD0001', ['UPPER_CASED']],
    [' QYD 0001 ', 'QYD0001', ['SPACES_REMOVED']],
    ['QYD\u00a00001', 'QYD0001', ['SPACES_REMOVED']],
    ['\u200bQYD0001\ufeff', 'QYD0001', ['SPACES_REMOVED']],
    ['ВYD0001', 'BYD0001', ['CYRILLIC_REPLACED']],
    ['вyd0001', 'BYD0001', ['CYRILLIC_REPLACED', 'UPPER_CASED']],
    ['ＱＹＤ０００１', 'QYD0001', ['FULL_WIDTH_REPLACED']],
    ['ｑｙｄ0001', 'QYD0001', ['FULL_WIDTH_REPLACED', 'UPPER_CASED']],
  ] as const)('CR-07: takes %j of a citizen as %s and notes %j', (input, value, notes) => {
    expect(checkFin(input, 'citizen')).toEqual({ ok: true, value, notes });
  });

  it.each([
    ['QYDO001', 'FIN_LETTER_O', 'QYD0001'],
    ['qydo001', 'FIN_LETTER_O', 'QYD0001'],
    ['QYDО001', 'FIN_LETTER_O', 'QYD0001'],
    ['QYDI001', 'FIN_LETTER_I', 'QYD1001'],
    ['QYDİ001', 'FIN_LETTER_I', 'QYD1001'],
    ['qydı001', 'FIN_LETTER_I', 'QYD1001'],
    ['qydi001', 'FIN_LETTER_I', 'QYD1001'],
    ['QYDI00O', 'FIN_LETTER_O', 'QYD1000'],
    ['QYD0OO11', 'FIN_LETTER_O', undefined],
    ['QYD0O1', 'FIN_LETTER_O', undefined],
    ['QYD001', 'FIN_LENGTH', undefined],
    ['QYD04', 'FIN_LENGTH', undefined],
    ['QYD', 'FIN_LENGTH', undefined],
    ['QYD000111', 'FIN_LENGTH', undefined],
    ['QYD00011', 'FIN_CHECK_CHARACTER_TYPED', 'QYD0001'],
    ['QYD-001', 'FIN_CHARACTER', undefined],
    ['QƏD0001', 'FIN_CHARACTER', undefined],
    ['QYDЖ001', 'FIN_CHARACTER', undefined],
    ['QYD000١', 'FIN_CHARACTER', undefined],
    ['', 'FIN_EMPTY', undefined],
    ['   ', 'FIN_EMPTY', undefined],
  ] as const)('CR-07: refuses %j of a citizen with %s', (input, code, suggestion) => {
    expect(checkFin(input, 'citizen')).toEqual(suggestion === undefined ? { ok: false, code } : { ok: false, code, suggestion });
  });

  it.each([
    ['QYD003', 'permanent_permit'],
    ['QYD003', 'temporary_permit'],
    ['QYD04', 'temporary_permit'],
    ['QYD04', 'refugee_card'],
    ['QYD0005', 'foreign_passport'],
    ['QYD0005', undefined],
  ] as const)('CR-08: takes %s of a foreigner with a %s', (input, documentKind) => {
    expect(checkFin(input, 'foreigner', documentKind)).toEqual({ ok: true, value: input, notes: [] });
  });

  it.each([
    ['QYD003', 'foreign_passport', 'FIN_LENGTH_NEEDS_PERMIT'],
    ['QYD04', undefined, 'FIN_LENGTH_NEEDS_PERMIT'],
    ['QYD0', 'refugee_card', 'FIN_LENGTH'],
    ['QYD000001', 'refugee_card', 'FIN_LENGTH'],
    ['QƏD04', 'refugee_card', 'FIN_CHARACTER'],
  ] as const)('CR-08: refuses %s of a foreigner with a %s', (input, documentKind, code) => {
    expect(checkFin(input, 'foreigner', documentKind)).toEqual({ ok: false, code });
  });

  it('CR-08: suggests digits for letters in a short FİN too', () => {
    expect(checkFin('QYDO4', 'foreigner', 'refugee_card')).toEqual({ ok: false, code: 'FIN_LETTER_O', suggestion: 'QYD04' });
    expect(checkFin('QYDO4', 'foreigner')).toEqual({ ok: false, code: 'FIN_LETTER_O' });
  });

  it('CR-08: knows the documents with a short FİN', () => {
    expect(identityDocumentKinds.filter(carriesShortFin)).toEqual(['permanent_permit', 'temporary_permit', 'refugee_card']);
    expect(carriesShortFin(undefined)).toBe(false);
  });

  it.each([
    ['QYD0001', []],
    ['QYDO001', ['FIN_UNUSUAL']],
    ['V12345678901', ['FIN_UNUSUAL']],
    ['AB1', ['FIN_UNUSUAL']],
    ['qydi1', ['UPPER_CASED', 'FIN_UNUSUAL']],
  ] as const)('takes the virtual FİN %s and notes what is odd', (input, notes) => {
    expect(checkFin(input, 'virtual')).toEqual({ ok: true, value: input.toUpperCase(), notes });
  });

  it('refuses a virtual FİN with other characters', () => {
    expect(checkFin('QYD-001', 'virtual')).toEqual({ ok: false, code: 'FIN_CHARACTER' });
    expect(checkFin('QƏD0001', 'virtual')).toEqual({ ok: false, code: 'FIN_CHARACTER' });
    expect(checkFin('QYDİ001', 'virtual')).toEqual({ ok: false, code: 'FIN_LETTER_I', suggestion: 'QYD1001' });
  });

  it('CR-07: takes every text of seven allowed characters and nothing it was not given', () => {
    const fin = fc.string({ unit: fc.constantFrom(...allowed), minLength: 7, maxLength: 7 });
    fc.assert(fc.property(fin, (value) => checkFin(value, 'citizen').ok));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = checkFin(text, 'citizen');
        if (result.ok) expect(result.value === text).toBe(result.notes.length === 0);
        else if (result.suggestion !== undefined) expect(checkFin(result.suggestion, 'citizen').ok).toBe(true);
      }),
    );
  });
});

describe('normaliseTypedCode', () => {
  it('turns every Cyrillic look-alike into its Latin twin', () => {
    expect(normaliseTypedCode('АВЕКМНОРСТХ').code).toBe('ABEKMHOPCTX');
    expect(normaliseTypedCode('авекмнорстх').code).toBe('ABEKMHOPCTX');
  });

  it('turns the whole full-width alphabet into ASCII', () => {
    expect(normaliseTypedCode('０９ＡＺａｚ').code).toBe('09AZAZ');
  });

  it('leaves Azerbaijani letters to the caller', () => {
    expect(normaliseTypedCode('ıİəß').code).toBe('ıİəß');
    expect(normaliseTypedCode('ABC').notes).toEqual([]);
  });
});
