import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPhone, formatPhone, maskPhone, mobilePrefixes } from './phone.ts';

describe('checkPhone', () => {
  it.each([
    '050 000 00 01',
    '994500000001',
    '+994 (50) 000-00-01',
    '+994 50 000.00.01',
    '00994500000001',
    '0500000001',
    '050/0000001',
    '050–000–00–01',
    ' +994500000001',
  ])('takes %j', (input) => {
    expect(checkPhone(input)).toEqual({ ok: true, value: '+994500000001', notes: ['PHONE_FORM_CHANGED'] });
  });

  it.each(mobilePrefixes)('knows the prefix %s', (prefix) => {
    const phone = `+994${prefix}0000001`;
    expect(checkPhone(phone)).toEqual({ ok: true, value: phone, notes: [] });
  });

  it('notes an unknown prefix', () => {
    expect(checkPhone('+994450000001')).toEqual({ ok: true, value: '+994450000001', notes: ['PHONE_PREFIX_UNKNOWN'] });
    expect(checkPhone('0450000001')).toEqual({ ok: true, value: '+994450000001', notes: ['PHONE_FORM_CHANGED', 'PHONE_PREFIX_UNKNOWN'] });
  });

  it('offers the full form of nine digits', () => {
    expect(checkPhone('500000001')).toEqual({ ok: false, code: 'PHONE_COUNTRY_MISSING', suggestion: '+994500000001' });
    expect(checkPhone('994000001')).toEqual({ ok: false, code: 'PHONE_COUNTRY_MISSING', suggestion: '+994994000001' });
  });

  it.each([
    ['', 'PHONE_EMPTY'],
    [' - ', 'PHONE_EMPTY'],
    ['+99450000001', 'PHONE_LENGTH'],
    ['+9945000000011', 'PHONE_LENGTH'],
    ['99450000001', 'PHONE_LENGTH'],
    ['9945000000011', 'PHONE_LENGTH'],
    ['450000001', 'PHONE_LENGTH'],
    ['05000000011', 'PHONE_LENGTH'],
    ['050000001', 'PHONE_LENGTH'],
    ['00994', 'PHONE_LENGTH'],
    ['+905000000001', 'PHONE_FOREIGN'],
    ['00905000000001', 'PHONE_FOREIGN'],
    ['+', 'PHONE_CHARACTER'],
    ['050 000 00 0O', 'PHONE_CHARACTER'],
    ['050+0000001', 'PHONE_CHARACTER'],
    ['++994500000001', 'PHONE_CHARACTER'],
  ])('refuses %j with %s', (input, code) => {
    expect(checkPhone(input)).toEqual({ ok: false, code });
  });

  it('leaves a stored number as it is', () => {
    const phone = fc
      .tuple(fc.constantFrom(...mobilePrefixes), fc.stringMatching(/^\d{7}$/u))
      .map(([prefix, rest]) => `+994${prefix}${rest}`);
    fc.assert(
      fc.property(phone, (value) => {
        expect(checkPhone(value)).toEqual({ ok: true, value, notes: [] });
        expect(checkPhone(formatPhone(value))).toEqual({ ok: true, value, notes: ['PHONE_FORM_CHANGED'] });
      }),
    );
  });

  it('is written in groups and masked', () => {
    expect(formatPhone('+994500000001')).toBe('+994 50 000 00 01');
    expect(formatPhone('12')).toBe('12');
    expect(formatPhone('x+994500000001')).toBe('x+994500000001');
    expect(formatPhone('+9945000000012')).toBe('+9945000000012');
    expect(maskPhone('+994500000001')).toBe('+994 50 ••• •• 01');
  });
});
