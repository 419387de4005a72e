import { describe, expect, it } from 'vitest';
import { isIccidShape, isMrzShape, isWholeZone, splitTyped } from './reader.ts';

const iccid = '8999401000000000018';
const lines = ['I<AZEAA00000125QYD0001<<<<<<<<', '9001158F3101148AZE<<<<<<<<<<<4', 'QULIYEVA<<NURAY<<<<<<<<<<<<<<<'];

describe('what a reader types', () => {
  it('is told from what a person typed a moment before', () => {
    expect(splitTyped(`500000001${iccid}`)).toEqual({ typed: '500000001', read: iccid });
    expect(splitTyped(`qyd${lines[0] ?? ''}`)).toEqual({ typed: 'qyd', read: lines[0] });
    expect(splitTyped(iccid)).toEqual({ typed: '', read: iccid });
  });

  it('is not seen in what only a person types', () => {
    for (const text of ['500000001', 'Məmmədova Günel', '+994500000001', '0000012341'])
      expect(splitTyped(text)).toEqual({ typed: '', read: text });
  });

  it('is known by its shape', () => {
    expect(isIccidShape(iccid)).toBe(true);
    expect(isIccidShape('500000001')).toBe(false);
    expect(lines.every((line) => isMrzShape(line))).toBe(true);
    expect([isWholeZone(lines.slice(0, 1)), isWholeZone(lines.slice(0, 2)), isWholeZone(lines)]).toEqual([false, false, true]);
  });
});
