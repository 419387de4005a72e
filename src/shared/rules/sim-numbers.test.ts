import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkIccid, isLuhnValid } from './iccid.ts';
import { checkUserId } from './user-id.ts';

describe('checkIccid', () => {
  it.each(['8999401000000000018', '89994010000000000121'])('takes %s', (iccid) => {
    expect(checkIccid(iccid)).toEqual({ ok: true, value: iccid, notes: [] });
  });

  it('removes spaces and hyphens and says so', () => {
    expect(checkIccid('89994 0100-0000 000018')).toEqual({ ok: true, value: '8999401000000000018', notes: ['SPACES_REMOVED'] });
  });

  it('notes a card of another country', () => {
    const result = checkIccid('8990101000000000018');
    expect(result).toMatchObject({ ok: true, value: '8990101000000000018' });
    expect(result.ok && result.notes[0]).toBe('ICCID_NOT_AZERBAIJANI');
  });

  it('only notes a failed Luhn digit of 20 digits, and of a foreign card', () => {
    expect(checkIccid('89994010000000000122')).toEqual({ ok: true, value: '89994010000000000122', notes: ['ICCID_CHECK_DIGIT_DOUBTFUL'] });
    const doubtful = Array.from({ length: 10 }, (_, digit) => checkIccid(`899010100000000001${digit}`)).filter(
      (result) => result.ok && result.notes.includes('ICCID_CHECK_DIGIT_DOUBTFUL'),
    );
    expect(doubtful).toHaveLength(9);
  });

  it.each([
    ['', 'ICCID_EMPTY'],
    ['8999401000000000019', 'ICCID_CHECK_DIGIT'],
    ['899940100000000001', 'ICCID_LENGTH'],
    ['899940100000000000121', 'ICCID_LENGTH'],
    ['8899401000000000018', 'ICCID_PREFIX'],
    ['899940100000000001A', 'ICCID_CHARACTER'],
    ['A999401000000000018', 'ICCID_CHARACTER'],
  ])('refuses %j with %s', (input, code) => {
    expect(checkIccid(input)).toEqual({ ok: false, code });
  });

  it('has one Luhn digit for every row of digits, and finds every single wrong digit', () => {
    expect(isLuhnValid('79927398713')).toBe(true);
    expect(isLuhnValid('0')).toBe(true);
    expect(isLuhnValid('18')).toBe(true);
    expect(isLuhnValid('59')).toBe(true);
    expect(isLuhnValid('42')).toBe(true);
    fc.assert(
      fc.property(fc.stringMatching(/^\d{18}$/u), (body) => {
        expect(Array.from({ length: 10 }, (_, digit) => isLuhnValid(`${body}${digit}`)).filter(Boolean)).toHaveLength(1);
      }),
    );
  });
});

describe('checkUserId', () => {
  it('CR-06: takes six digits with their leading zeros', () => {
    expect(checkUserId('010191')).toEqual({ ok: true, value: '010191', notes: [] });
    expect(checkUserId(' 010 191 ')).toEqual({ ok: true, value: '010191', notes: ['SPACES_REMOVED'] });
  });

  it.each([
    ['10191', 'USER_ID_LENGTH'],
    ['1019101', 'USER_ID_LENGTH'],
    ['12345A', 'USER_ID_CHARACTER'],
    ['A12345', 'USER_ID_CHARACTER'],
    ['', 'USER_ID_EMPTY'],
    [' ', 'USER_ID_EMPTY'],
  ])('CR-06: refuses %j with %s', (input, code) => {
    expect(checkUserId(input)).toEqual({ ok: false, code });
  });
});
