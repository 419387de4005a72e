import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mrzCheckDigit, mrzLayouts, type MrzFormat } from './mrz-zone.ts';
import { parseMrz, type MrzDocument } from './mrz.ts';

const todayOn = '2026-11-22';

const newCard = ['I<AZEAA00000125QYD0001<<<<<<<<', '9001158F3101148AZE<<<<<<<<<<<4', 'QULIYEVA<<NURAY<<<<<<<<<<<<<<<'];
const oldCard = ['I<AZEMAMMADOV<<ELVIN<<<<<<<<<<<<<<<<', '00000012<3AZE8503105M2803098QYD00025'];
const permitOfSix = ['IRAZEDEMIR<<KEREM<<<<<<<<<<<<<<<<<<<', '0000123<<6TUR7912311M2706306QYD003<8'];
const permitOfFive = ['IRAZEDEMIR<<KEREM<<<<<<<<<<<<<<<<<<<', '0000124<<3TUR7912311M2706306QYD04<<3'];
const passport = ['P<AZEQULIYEVA<<NURAY<<<<<<<<<<<<<<<<<<<<<<<<', 'C000000129AZE9001158F3101148QYD0001<<<<<<<48'];

const zones = { newCard, oldCard, permitOfSix, permitOfFive, passport };

/** The lines with a stretch replaced, and every check digit but those of `spoilt` made right again. */
function changed(format: MrzFormat, lines: readonly string[], line: number, start: number, text: string): string[] {
  const next = [...lines];
  next[line] = put(next[line] ?? '', start, text);
  for (const { digit, over } of mrzLayouts[format].checks) {
    const [digitLine, digitStart] = digit;
    const covered = over.map(([row, from, to]) => (next[row] ?? '').slice(from, to)).join('');
    next[digitLine] = put(next[digitLine] ?? '', digitStart, mrzCheckDigit(covered));
  }
  return next;
}

function put(text: string, start: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(start + inserted.length);
}

function read(lines: readonly string[]): MrzDocument {
  const result = parseMrz(lines.join('\n'), todayOn);
  if (!result.ok) throw new Error(`${result.code} ${result.failedFields.join()}`);
  return result.value;
}

describe('parseMrz', () => {
  it('CR-07: reads the new card of a citizen', () => {
    expect(parseMrz(newCard.join('\n'), todayOn)).toEqual({
      ok: true,
      value: {
        format: 'TD1',
        documentClass: 'citizen_card',
        possibleKinds: ['citizen_card', 'judge'],
        issuingState: 'AZE',
        documentNumber: 'AA0000012',
        surname: 'QULIYEVA',
        givenName: 'NURAY',
        birthOn: '1990-01-15',
        sex: 'F',
        nationality: 'AZE',
        expiresOn: '2031-01-14',
        personKind: 'citizen',
        fin: 'QYD0001',
      },
      notes: [],
    });
  });

  it('CR-07: reads the old card of a citizen and skips the last character', () => {
    expect(read(oldCard)).toMatchObject({
      format: 'TD2',
      documentClass: 'citizen_card',
      documentNumber: 'AZE00000012',
      surname: 'MAMMADOV',
      givenName: 'ELVIN',
      birthOn: '1985-03-10',
      sex: 'M',
      expiresOn: '2028-03-09',
      fin: 'QYD0002',
    });
  });

  it('CR-08: reads a permit with a FİN of six characters', () => {
    expect(read(permitOfSix)).toMatchObject({
      documentClass: 'residence_permit',
      possibleKinds: ['temporary_permit', 'permanent_permit'],
      documentNumber: '0000123',
      nationality: 'TUR',
      birthOn: '1979-12-31',
      personKind: 'foreigner',
      fin: 'QYD003',
    });
  });

  it('CR-08: reads a permit with a FİN of five characters', () => {
    expect(read(permitOfFive)).toMatchObject({ documentNumber: '0000124', fin: 'QYD04' });
  });

  it('CR-08: reads a permit with a FİN of seven characters', () => {
    expect(read(changed('TD2', permitOfSix, 1, 28, 'QYD0039')).fin).toBe('QYD0039');
  });

  it('CR-08: reads the refugee card by its nationality', () => {
    for (const nationality of ['XXB', 'XXC']) {
      expect(read(changed('TD2', permitOfSix, 1, 10, nationality))).toMatchObject({
        documentClass: 'refugee_card',
        possibleKinds: ['refugee_card'],
        fin: 'QYD003',
      });
    }
    expect(read(changed('TD2', permitOfSix, 1, 10, 'XXA')).documentClass).toBe('residence_permit');
  });

  it('takes a card of a foreigner for a permit even when its code does not say so', () => {
    expect(read(changed('TD2', permitOfSix, 0, 0, 'I<')).documentClass).toBe('residence_permit');
    expect(read(changed('TD2', oldCard, 0, 0, 'IR')).documentClass).toBe('residence_permit');
    expect(read(changed('TD2', oldCard, 0, 0, 'AR')).documentNumber).toBe('00000012');
  });

  it('CR-08: reads a permit of the three-line shape', () => {
    const card = changed('TD1', changed('TD1', newCard, 1, 15, 'TUR'), 0, 15, 'QYD04<<');
    expect(read(card)).toMatchObject({ documentClass: 'residence_permit', fin: 'QYD04', documentNumber: 'AA0000012' });
  });

  it('CR-07: reads the passport of a citizen', () => {
    expect(read(passport)).toMatchObject({
      format: 'TD3',
      documentClass: 'passport',
      possibleKinds: [],
      documentNumber: 'C00000012',
      surname: 'QULIYEVA',
      givenName: 'NURAY',
      expiresOn: '2031-01-14',
      fin: 'QYD0001',
    });
  });

  it('reads the passport of another state without taking its personal number for a FİN', () => {
    const foreign = changed('TD3', changed('TD3', passport, 0, 2, 'TUR'), 1, 10, 'TUR');
    expect(parseMrz(foreign.join('\n'), todayOn)).toMatchObject({
      ok: true,
      value: {
        documentClass: 'passport',
        possibleKinds: ['foreign_passport'],
        issuingState: 'TUR',
        personKind: 'foreigner',
        fin: undefined,
      },
      notes: ['MRZ_NO_FIN'],
    });
  });

  it('reads an empty personal number with a filler for its check digit', () => {
    const empty = changed('TD3', passport, 1, 28, '<<<<<<<<<<<<<<');
    const withFiller = put(empty[1] ?? '', 42, '<');
    expect(parseMrz([empty[0], withFiller].join('\n'), todayOn)).toMatchObject({ ok: true, notes: ['MRZ_NO_FIN'] });
  });

  it.each(Object.entries(zones))('reads the zone %s however the reader parts its lines', (_name, lines) => {
    const expected = parseMrz(lines.join('\n'), todayOn);
    for (const between of ['\r', '\r\n', ' ', '', '\t', '\n\n', '\u001e']) {
      expect(parseMrz(lines.join(between), todayOn)).toEqual(expected);
    }
    expect(parseMrz(`\u0002${lines.join('\r')}\r\u0003\n`, todayOn)).toEqual(expected);
  });
});

describe('a zone that cannot be trusted', () => {
  it('names the wrong check digit of each field', () => {
    const spoil = (lines: readonly string[], line: number, start: number, text: string) =>
      parseMrz(lines.map((content, index) => (index === line ? put(content, start, text) : content)).join('\n'), todayOn);
    const failed = (fields: string[]) => ({ ok: false, code: 'MRZ_CHECK_DIGIT', failedFields: fields });

    expect(spoil(newCard, 1, 0, '8')).toEqual(failed(['birthDate', 'composite']));
    expect(spoil(newCard, 1, 8, '2')).toEqual(failed(['expiryDate', 'composite']));
    expect(spoil(newCard, 0, 5, 'B')).toEqual(failed(['documentNumber', 'composite']));
    expect(spoil(newCard, 0, 15, 'P')).toEqual(failed(['composite']));
    expect(spoil(newCard, 1, 18, 'P')).toEqual(failed(['composite']));
    expect(spoil(newCard, 1, 29, '5')).toEqual(failed(['composite']));
    expect(spoil(oldCard, 1, 13, '7')).toEqual(failed(['birthDate', 'composite']));
    expect(spoil(oldCard, 1, 21, '1')).toEqual(failed(['expiryDate', 'composite']));
    expect(spoil(oldCard, 1, 0, '1')).toEqual(failed(['documentNumber', 'composite']));
    expect(spoil(oldCard, 1, 29, 'Z')).toEqual(failed(['composite']));
    expect(spoil(passport, 1, 13, '8')).toEqual(failed(['birthDate', 'composite']));
    expect(spoil(passport, 1, 21, '2')).toEqual(failed(['expiryDate', 'composite']));
    expect(spoil(passport, 1, 0, 'P')).toEqual(failed(['documentNumber', 'composite']));
    expect(spoil(passport, 1, 28, 'P')).toEqual(failed(['personalNumber', 'composite']));
    expect(spoil(passport, 1, 9, '8')).toEqual(failed(['documentNumber', 'composite']));
    expect(spoil(passport, 1, 43, '9')).toEqual(failed(['composite']));
    expect(spoil(passport, 1, 27, '<')).toEqual(failed(['expiryDate', 'composite']));
  });

  it('finds every changed digit of a date', () => {
    const place = fc.constantFrom<[readonly string[], number, number]>(
      [newCard, 1, 0],
      [newCard, 1, 8],
      [oldCard, 1, 13],
      [oldCard, 1, 21],
      [passport, 1, 13],
      [passport, 1, 21],
    );
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 9 }), ([lines, line, start], offset, shift) => {
        const original = lines[line] ?? '';
        const digit = (Number(original.charAt(start + offset)) + shift) % 10;
        const spoilt = lines.map((content, index) => (index === line ? put(original, start + offset, String(digit)) : content));
        expect(parseMrz(spoilt.join('\n'), todayOn)).toMatchObject({ ok: false, code: 'MRZ_CHECK_DIGIT' });
      }),
    );
  });

  it('CR-08: finds a changed letter of the FİN by the composite digit', () => {
    expect(parseMrz([permitOfSix[0], (permitOfSix[1] ?? '').replace('QYD003', 'QZD003')].join('\n'), todayOn)).toMatchObject({
      code: 'MRZ_CHECK_DIGIT',
      failedFields: ['composite'],
    });
  });

  it('names the line that is too short or too long', () => {
    const length = (line: string, chars: string) => ({ ok: false, code: 'MRZ_LENGTH', failedFields: [], params: { line, length: chars } });
    expect(parseMrz([newCard[0], (newCard[1] ?? '').slice(1), newCard[2]].join('\n'), todayOn)).toEqual(length('2', '29'));
    expect(parseMrz([newCard[0], `${newCard[1] ?? ''}<`, (newCard[2] ?? '').slice(1)].join('\n'), todayOn)).toEqual(length('2', '31'));
    expect(parseMrz([oldCard[0], (oldCard[1] ?? '').slice(1)].join('\n'), todayOn)).toEqual(length('2', '35'));
    expect(parseMrz([(passport[0] ?? '').slice(1), passport[1]].join('\n'), todayOn)).toEqual(length('1', '43'));
    expect(parseMrz([`${oldCard[0] ?? ''}<<<<<<<<`, (oldCard[1] ?? '').slice(8)].join('\n'), todayOn)).toEqual(length('2', '28'));
    expect(parseMrz('I<AZE', todayOn)).toEqual(length('1', '5'));
    expect(parseMrz(newCard.join('').slice(1), todayOn)).toEqual(length('1', '89'));
  });

  it('says that there is nothing', () => {
    expect(parseMrz(' \r\n', todayOn)).toEqual({ ok: false, code: 'MRZ_EMPTY', failedFields: [] });
  });

  it('offers the capitals of a lower-case zone', () => {
    expect(parseMrz(oldCard.join('\n').toLowerCase(), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_LOWER_CASE',
      failedFields: [],
      suggestion: oldCard.join('\n'),
      params: { character: 'i' },
    });
    const spoilt = oldCard.join('\n').toLowerCase().replace('85', '86');
    expect(parseMrz(spoilt, todayOn)).toEqual({ ok: false, code: 'MRZ_LOWER_CASE', failedFields: [], params: { character: 'i' } });
  });

  it('offers I for the letters of another keyboard layout', () => {
    expect(parseMrz(oldCard.join('\n').replace('I<AZE', 'İ<AZE').replace('ELVIN', 'ELVıN'), todayOn)).toMatchObject({
      code: 'MRZ_CHARACTER',
      suggestion: oldCard.join('\n'),
      params: { character: 'İ' },
    });
    expect(parseMrz(oldCard.join('\n').replace('ELVIN', 'ELV-N'), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_CHARACTER',
      failedFields: [],
      params: { character: '-' },
    });
  });

  it('refuses documents that are no identity document', () => {
    expect(parseMrz(changed('TD3', passport, 0, 0, 'V<').join('\n'), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_DOCUMENT_CODE',
      failedFields: [],
      params: { code: 'V<' },
    });
    expect(parseMrz(changed('TD2', oldCard, 0, 0, 'V<').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_DOCUMENT_CODE' });
    expect(parseMrz(changed('TD2', oldCard, 0, 0, 'P<').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_DOCUMENT_CODE' });
    expect(parseMrz(changed('TD2', oldCard, 0, 0, 'VI').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_DOCUMENT_CODE' });
    expect(parseMrz(changed('TD3', passport, 0, 0, 'IP').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_DOCUMENT_CODE' });
    for (const code of ['A<', 'C<']) expect(read(changed('TD2', oldCard, 0, 0, code)).documentClass).toBe('citizen_card');
  });

  it('refuses the identity card of another state', () => {
    expect(parseMrz(changed('TD2', permitOfSix, 0, 2, 'TUR').join('\n'), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_ISSUING_STATE',
      failedFields: [],
      params: { state: 'TUR' },
    });
  });

  it('CR-07: refuses the letter O in the FİN even when the check digits agree', () => {
    for (const [format, lines, line, start] of [
      ['TD1', newCard, 0, 15],
      ['TD2', oldCard, 1, 28],
      ['TD3', passport, 1, 28],
    ] as const) {
      expect(parseMrz(changed(format, lines, line, start, 'QYDO001').join('\n'), todayOn)).toEqual({
        ok: false,
        code: 'MRZ_FIN',
        failedFields: [],
        finCode: 'FIN_LETTER_O',
      });
    }
  });

  it('CR-07: refuses a short FİN on a citizen’s card', () => {
    expect(parseMrz(changed('TD2', oldCard, 1, 28, 'QYD002<').join('\n'), todayOn)).toMatchObject({
      code: 'MRZ_FIN',
      finCode: 'FIN_LENGTH',
    });
    expect(parseMrz(changed('TD2', oldCard, 1, 28, 'QYD<002').join('\n'), todayOn)).toMatchObject({
      code: 'MRZ_FIN',
      finCode: 'FIN_CHARACTER',
    });
  });

  it('CR-08: refuses a FİN of four characters on a permit', () => {
    expect(parseMrz(changed('TD2', permitOfSix, 1, 28, 'QYD0<<<').join('\n'), todayOn)).toMatchObject({
      code: 'MRZ_FIN',
      finCode: 'FIN_LENGTH',
    });
  });

  it('refuses an expiry that is not after the birth', () => {
    const born2015 = changed('TD2', oldCard, 1, 13, '150114');
    expect(parseMrz(changed('TD2', born2015, 1, 21, '100114').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_EXPIRY_BEFORE_BIRTH' });
    expect(parseMrz(changed('TD2', born2015, 1, 21, '150114').join('\n'), todayOn)).toMatchObject({ code: 'MRZ_EXPIRY_BEFORE_BIRTH' });
    expect(read(changed('TD2', born2015, 1, 21, '150115')).expiresOn).toBe('2015-01-15');
  });

  it('refuses dates that do not exist', () => {
    expect(parseMrz(changed('TD2', oldCard, 1, 13, '850230').join('\n'), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_DATE',
      failedFields: ['birthDate'],
    });
    expect(parseMrz(changed('TD2', oldCard, 1, 13, '85<<<<').join('\n'), todayOn)).toMatchObject({ failedFields: ['birthDate'] });
    expect(parseMrz(changed('TD2', oldCard, 1, 21, '281301').join('\n'), todayOn)).toEqual({
      ok: false,
      code: 'MRZ_DATE',
      failedFields: ['expiryDate'],
    });
    expect(parseMrz(changed('TD2', oldCard, 1, 21, '<80309').join('\n'), todayOn)).toMatchObject({ failedFields: ['expiryDate'] });
    expect(parseMrz(changed('TD2', oldCard, 1, 21, '2813<<').join('\n'), todayOn)).toMatchObject({ failedFields: ['expiryDate'] });
  });

  it('refuses a sex that is none and reads one that is not stated', () => {
    expect(parseMrz(changed('TD2', oldCard, 1, 20, 'X').join('\n'), todayOn)).toEqual({ ok: false, code: 'MRZ_SEX', failedFields: [] });
    expect(read(changed('TD2', oldCard, 1, 20, '<')).sex).toBe('');
  });
});

describe('two-digit years and names', () => {
  it.each([
    ['261122', '2026-11-22'],
    ['261123', '1926-11-23'],
    ['000229', '2000-02-29'],
    ['850310', '1985-03-10'],
  ])('takes the birth %s for %s', (digits, birthOn) => {
    expect(read(changed('TD2', oldCard, 1, 13, digits)).birthOn).toBe(birthOn);
  });

  it.each([
    ['280309', '2028-03-09'],
    ['761122', '2076-11-22'],
    ['991231', '1999-12-31'],
    ['100101', '2010-01-01'],
  ])('takes the expiry %s for %s', (digits, expiresOn) => {
    expect(read(changed('TD2', oldCard, 1, 21, digits)).expiresOn).toBe(expiresOn);
  });

  it('looks into the next century when today is near its end', () => {
    expect(parseMrz(changed('TD2', oldCard, 1, 21, '050309').join('\n'), '2090-01-01')).toMatchObject({
      value: { expiresOn: '2105-03-09' },
    });
  });

  it('notes a birth so recent that the century is a guess', () => {
    const note = (digits: string) => parseMrz(changed('TD2', oldCard, 1, 13, digits).join('\n'), todayOn);
    expect(note('111123')).toMatchObject({ notes: ['MRZ_BIRTH_CENTURY_ASSUMED'] });
    expect(note('111122')).toMatchObject({ notes: [] });
  });

  it('reads a document without a last day', () => {
    expect(parseMrz(changed('TD2', oldCard, 1, 21, '<<<<<<').join('\n'), todayOn)).toMatchObject({
      ok: true,
      value: { expiresOn: undefined },
      notes: ['MRZ_EXPIRY_ABSENT'],
    });
  });

  it.each([
    ['QULIYEVA<<NURAY<AYLA<<<<<<<<<<', 'QULIYEVA', 'NURAY AYLA'],
    ['QULIYEVA<ZADE<<NURAY<<<<<<<<<<', 'QULIYEVA ZADE', 'NURAY'],
    ['QULIYEVA<<<<<<<<<<<<<<<<<<<<<<', 'QULIYEVA', ''],
  ])('parts %s into surname and name', (line, surname, givenName) => {
    expect(read(changed('TD1', newCard, 2, 0, line))).toMatchObject({ surname, givenName });
  });

  it('notes a name that fills its line', () => {
    expect(parseMrz(changed('TD1', newCard, 2, 0, 'QULIYEVAQULIYEVAQULIYEVA<<NURA').join('\n'), todayOn)).toMatchObject({
      notes: ['MRZ_NAME_TRUNCATED'],
    });
  });

  it('gives a card number of the old shape its series only on the old card of a citizen', () => {
    expect(read(changed('TD2', oldCard, 1, 0, '0000001<<')).documentNumber).toBe('0000001');
    expect(read(changed('TD2', oldCard, 1, 0, 'AA0000012')).documentNumber).toBe('AA0000012');
    expect(read(changed('TD1', newCard, 0, 5, '00000012<')).documentNumber).toBe('00000012');
  });
});
