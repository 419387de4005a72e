import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskDocumentNumber, maskFin, maskPhone } from './mask.ts';

describe('masks', () => {
  it.each([
    ['QYD0001', 'QY••••1'],
    ['QYD003', 'QY•••3'],
    ['QYD04', '•••••'],
    ['', ''],
  ])('hides the FİN %j', (fin, masked) => {
    expect(maskFin(fin)).toBe(masked);
  });

  it.each([
    ['AA0000012', 'AA•••••12'],
    ['AZE00000012', 'AZE••••••12'],
    ['C00000012', 'C••••••12'],
    ['0000123', '•••••23'],
    ['MYİ0000123', 'MYİ•••••23'],
    ['A12', '•••'],
  ])('hides the document number %s', (number, masked) => {
    expect(maskDocumentNumber(number)).toBe(masked);
  });

  it.each([
    ['+994500000001', '+994 50 ••• •• 01'],
    ['0500000001', '••••••••01'],
    ['+9945000000012', '••••••••••••12'],
    ['x+994500000001', '••••••••••••01'],
    ['101', '•••'],
  ])('hides the phone number %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  it('never shows half of a text or more', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,14}$/u), (text) => {
        for (const masked of [maskFin(text), maskDocumentNumber(text), maskPhone(text)]) {
          expect([...masked].filter((character) => character === '•').length * 2).toBeGreaterThanOrEqual(text.length);
        }
      }),
    );
  });
});
