import { parse as parseIndependently } from 'mrz';
import { describe, expect, it } from 'vitest';
import { cutMrzLines, listFailedChecks, mrzCheckDigit } from './mrz-zone.ts';
import { parseMrz } from './mrz.ts';

const newCard = ['I<AZEAA00000125QYD0001<<<<<<<<', '9001158F3101148AZE<<<<<<<<<<<4', 'QULIYEVA<<NURAY<<<<<<<<<<<<<<<'];
const oldCard = ['I<AZEMAMMADOV<<ELVIN<<<<<<<<<<<<<<<<', '00000012<3AZE8503105M2803098QYD00025'];
const permitOfSix = ['IRAZEDEMIR<<KEREM<<<<<<<<<<<<<<<<<<<', '0000123<<6TUR7912311M2706306QYD003<8'];
const permitOfFive = ['IRAZEDEMIR<<KEREM<<<<<<<<<<<<<<<<<<<', '0000124<<3TUR7912311M2706306QYD04<<3'];
const passport = ['P<AZEQULIYEVA<<NURAY<<<<<<<<<<<<<<<<<<<<<<<<', 'C000000129AZE9001158F3101148QYD0001<<<<<<<48'];

describe('mrzCheckDigit', () => {
  it.each([
    ['520727', '3'],
    ['D23145890', '7'],
    ['HA672242<', '6'],
    ['AB2134<<<', '5'],
    ['', '0'],
    ['Z', '5'],
    ['<<1', '1'],
  ])('of %s is %s', (text, digit) => {
    expect(mrzCheckDigit(text)).toBe(digit);
  });

  it('accepts a filler only as the digit of an empty field', () => {
    const line = (passport[1] ?? '').replace('QYD0001<<<<<<<4', '<<<<<<<<<<<<<<5');
    expect(listFailedChecks('TD3', [passport[0] ?? '', line])).toContain('personalNumber');
  });

  it('agrees with the zones of the specification', () => {
    expect(listFailedChecks('TD1', newCard)).toEqual([]);
    expect(listFailedChecks('TD2', oldCard)).toEqual([]);
    expect(listFailedChecks('TD2', permitOfSix)).toEqual([]);
    expect(listFailedChecks('TD2', permitOfFive)).toEqual([]);
    expect(listFailedChecks('TD3', passport)).toEqual([]);
  });
});

describe('cutMrzLines', () => {
  it('cuts a row without line ends by its length', () => {
    expect(cutMrzLines(newCard.join(''))).toEqual({ format: 'TD1', lines: newCard });
    expect(cutMrzLines(oldCard.join(''))).toEqual({ format: 'TD2', lines: oldCard });
    expect(cutMrzLines(passport.join(''))).toEqual({ format: 'TD3', lines: passport });
  });

  it('joins pieces that are no lines', () => {
    const pieces = [passport[0]?.slice(0, 20), passport[0]?.slice(20), passport[1]?.slice(0, 20), passport[1]?.slice(20)];
    expect(cutMrzLines(pieces.join(' '))).toEqual({ format: 'TD3', lines: passport });
  });

  it('says which line is wrong', () => {
    expect(cutMrzLines('')).toEqual({ format: undefined, line: 1, length: 0 });
    expect(cutMrzLines(`${'A'.repeat(36)} ${'A'.repeat(40)}`)).toEqual({ format: undefined, line: 2, length: 40 });
    expect(cutMrzLines(`${'A'.repeat(44)} ${'A'.repeat(41)}`)).toEqual({ format: undefined, line: 2, length: 41 });
    expect(cutMrzLines(`${'A'.repeat(31)} ${'A'.repeat(29)} ${'A'.repeat(30)}`)).toEqual({ format: undefined, line: 1, length: 31 });
  });
});

describe('an independent reader', () => {
  it.each(Object.entries({ newCard, oldCard, permitOfSix, permitOfFive, passport }))('agrees on %s', (_name, lines) => {
    const independent = parseIndependently(lines);
    const result = parseMrz(lines.join('\n'), '2026-11-22');
    if (!result.ok) throw new Error(result.code);
    const own = result.value;
    expect(independent.valid).toBe(true);
    expect(independent.format).toBe(own.format);
    expect(independent.fields.lastName).toBe(own.surname);
    expect(independent.fields.firstName).toBe(own.givenName);
    expect(own.documentNumber.endsWith(independent.fields.documentNumber ?? '-')).toBe(true);
    expect(independent.fields.nationality).toBe(own.nationality);
  });
});
