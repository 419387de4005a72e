import { describe, expect, it } from 'vitest';
import { isIccidShape, isMrzShape, isWholeZone } from './reader.ts';

const card = ['I<AZEAA00000125QYD0001<<<<<<<<', '9001158F3101148AZE<<<<<<<<<<<4', 'QULIYEVA<<NURAY<<<<<<<<<<<<<<<'] as const;

describe('readings', () => {
  it('knows the number of a SIM and not a telephone or a tax number', () => {
    expect(isIccidShape('8999401000000000018')).toBe(true);
    expect(isIccidShape('89994010000000000189')).toBe(true);
    expect(isIccidShape('0501234567')).toBe(false);
    expect(isIccidShape('0000012341')).toBe(false);
  });

  it('knows a line of a zone and not a long name', () => {
    for (const line of card) expect(isMrzShape(line)).toBe(true);
    expect(isMrzShape('ƏLİYEVA GÜNEL İLQAR QIZI VƏ DİGƏRLƏRİ')).toBe(false);
    expect(isMrzShape('ABDULLAYEVAABDULLAYEVAABDULLAYEVA')).toBe(false);
  });

  it('waits for the third line of a card and the second of a passport', () => {
    expect(isWholeZone([card[0]])).toBe(false);
    expect(isWholeZone([card[0], card[1]])).toBe(false);
    expect(isWholeZone(card)).toBe(true);
    expect(isWholeZone(['P<GBRSMITH<<JOHN'.padEnd(44, '<')])).toBe(false);
    expect(isWholeZone(['P<GBRSMITH<<JOHN'.padEnd(44, '<'), 'C0000126'.padEnd(44, '<')])).toBe(true);
    expect(isWholeZone([card.join('')])).toBe(true);
  });
});
