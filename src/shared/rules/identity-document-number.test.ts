import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkIdentityDocumentNumber,
  findDocumentDateProblem,
  isDocumentValidOn,
  mayBeUnlimited,
  type DocumentDates,
} from './identity-document-number.ts';
import { identityDocumentKinds } from './vocabulary.ts';

describe('checkIdentityDocumentNumber', () => {
  it.each([
    ['citizen_card', 'AA0000012', 'AA0000012', []],
    ['citizen_card', 'AZE00000012', 'AZE00000012', []],
    ['citizen_card', 'AZE № 00000012', 'AZE00000012', ['SPACES_REMOVED', 'DOCUMENT_SIGNS_REMOVED']],
    ['citizen_card', 'aze-00000012', 'AZE00000012', ['UPPER_CASED', 'DOCUMENT_SIGNS_REMOVED']],
    ['citizen_card', '00000012', 'AZE00000012', ['DOCUMENT_SERIES_ADDED']],
    ['citizen_card', 'АА0000012', 'AA0000012', ['CYRILLIC_REPLACED']],
    ['judge', 'AB0000012', 'AB0000012', []],
    ['permanent_permit', 'DYİ000012', 'DYİ000012', []],
    ['permanent_permit', 'DYI0000012', 'DYI0000012', []],
    ['permanent_permit', 'MYİ000012', 'MYİ000012', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['temporary_permit', 'MYİ 0000123', 'MYİ0000123', ['SPACES_REMOVED']],
    ['temporary_permit', 'MYI000012345', 'MYI000012345', []],
    ['temporary_permit', '0000123', '0000123', []],
    ['temporary_permit', '00123', '00123', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['temporary_permit', '1234567890', '1234567890', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['refugee_card', '0001', '0001', []],
    ['refugee_card', 'QV000123456', 'QV000123456', []],
    ['refugee_card', '001', '001', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['refugee_card', '0001234567', '0001234567', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['military_card', 'HQ0001', 'HQ0001', []],
    ['military_card', 'ABCD0001', 'ABCD0001', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['military_card', '0001234567', '0001234567', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['foreign_passport', 'U00000012', 'U00000012', []],
    ['foreign_passport', 'U0001', 'U0001', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['foreign_passport', 'U000000123', 'U000000123', ['DOCUMENT_NUMBER_UNUSUAL']],
    ['foreign_passport', 'Ə0000001', 'Ə0000001', ['DOCUMENT_NUMBER_UNUSUAL']],
  ] as const)('takes for a %s %j as %s with the notes %j', (kind, typed, value, notes) => {
    expect(checkIdentityDocumentNumber(kind, typed)).toEqual({ ok: true, value, notes });
  });

  it.each([
    ['citizen_card', '', 'DOCUMENT_NUMBER_EMPTY'],
    ['citizen_card', ' № ', 'DOCUMENT_NUMBER_EMPTY'],
    ['citizen_card', 'A0000012', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', 'AA00000123', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', 'AA000001', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', 'XAA0000012', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', 'AZE0000012', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', '0000001', 'DOCUMENT_NUMBER_FORMAT'],
    ['citizen_card', '000000123', 'DOCUMENT_NUMBER_FORMAT'],
    ['judge', '123', 'DOCUMENT_NUMBER_FORMAT'],
    ['foreign_passport', 'U_0001', 'DOCUMENT_NUMBER_CHARACTER'],
    ['foreign_passport', 'U00001ж', 'DOCUMENT_NUMBER_CHARACTER'],
    ['foreign_passport', '1'.repeat(21), 'DOCUMENT_NUMBER_LENGTH'],
  ] as const)('refuses for a %s %j with %s', (kind, typed, code) => {
    expect(checkIdentityDocumentNumber(kind, typed)).toEqual({ ok: false, code });
  });

  it('takes 20 characters and a stored number again', () => {
    expect(checkIdentityDocumentNumber('foreign_passport', '1'.repeat(20)).ok).toBe(true);
    fc.assert(
      fc.property(fc.constantFrom(...identityDocumentKinds), fc.string(), (kind, typed) => {
        const once = checkIdentityDocumentNumber(kind, typed);
        if (once.ok) expect(checkIdentityDocumentNumber(kind, once.value)).toMatchObject({ ok: true, value: once.value });
      }),
    );
  });
});

describe('findDocumentDateProblem', () => {
  const todayOn = '2026-11-22';
  const good: DocumentDates = {
    kind: 'citizen_card',
    birthOn: '1990-01-15',
    issuedOn: '2021-01-15',
    validUntilOn: '2031-01-14',
    isUnlimited: false,
  };

  it.each([
    [{}, undefined],
    [{ validUntilOn: todayOn }, undefined],
    [{ validUntilOn: '2026-11-21' }, 'DOCUMENT_EXPIRED'],
    [{ validUntilOn: '' }, 'DOCUMENT_EXPIRY_MISSING'],
    [{ validUntilOn: '2031-02-30' }, 'DOCUMENT_EXPIRY_INVALID'],
    [{ validUntilOn: '1989-01-14' }, 'DOCUMENT_EXPIRY_BEFORE_BIRTH'],
    [{ validUntilOn: '1990-01-15' }, 'DOCUMENT_EXPIRY_BEFORE_BIRTH'],
    [{ validUntilOn: '2021-01-14' }, 'DOCUMENT_EXPIRY_BEFORE_ISSUE'],
    [{ validUntilOn: '2021-01-15' }, 'DOCUMENT_EXPIRED'],
    [{ birthOn: '', validUntilOn: '2021-01-15', issuedOn: '' }, 'DOCUMENT_EXPIRED'],
    [{ birthOn: '2026-11-23' }, 'DOCUMENT_BIRTH_IN_FUTURE'],
    [{ birthOn: todayOn, issuedOn: '' }, undefined],
    [{ birthOn: '1990-1-15' }, 'DOCUMENT_BIRTH_DATE_INVALID'],
    [{ birthOn: '' }, undefined],
    [{ issuedOn: '' }, undefined],
    [{ issuedOn: '15.01.2021' }, 'DOCUMENT_ISSUE_DATE_INVALID'],
    [{ issuedOn: '2026-11-23' }, 'DOCUMENT_ISSUED_IN_FUTURE'],
    [{ issuedOn: todayOn }, undefined],
    [{ issuedOn: '1990-01-14' }, 'DOCUMENT_ISSUED_BEFORE_BIRTH'],
    [{ issuedOn: '1990-01-15' }, undefined],
    [{ isUnlimited: true, validUntilOn: '' }, undefined],
    [{ isUnlimited: true, kind: 'temporary_permit' }, 'DOCUMENT_UNLIMITED_NOT_PERMITTED'],
  ] as const)('M-02: finds in %j %s', (change, problem) => {
    expect(findDocumentDateProblem({ ...good, ...change }, todayOn)).toBe(problem);
  });

  it('M-02: counts the last day as valid', () => {
    expect(isDocumentValidOn('2026-11-22', '2026-11-22')).toBe(true);
    expect(isDocumentValidOn('2026-11-22', '2026-11-23')).toBe(false);
  });

  it('knows the kinds that may have no last day', () => {
    expect(identityDocumentKinds.filter(mayBeUnlimited)).toEqual(['citizen_card', 'military_card', 'judge']);
  });
});
