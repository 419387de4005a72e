import { describe, expect, it } from 'vitest';
import { exampleApplication, exampleTodayOn } from './example-application.ts';
import {
  decideBearer,
  decideIdentityDocument,
  decideRepresentativeDocument,
  isPassportAllowed,
  needsCentreOfficer,
} from './identity-check.ts';
import type { Category, IdentityDocumentKind } from './vocabulary.ts';

function decide(category: Category, kind: IdentityDocumentKind, validUntilOn = '2031-01-14', isUnlimited = false) {
  const data = exampleApplication(category);
  return decideIdentityDocument({ category, document: { ...data.document, kind, validUntilOn, isUnlimited } }, exampleTodayOn);
}

describe('the identity document', () => {
  it('COM-02 M-02: an expired document stops the case and its date is said; its last day is in force', () => {
    expect(decide('K1', 'citizen_card', '2026-03-01')).toEqual({
      isAccepted: false,
      stops: [{ code: 'M-02', params: { tarix: '2026-03-01' } }],
      warnings: [],
    });
    expect(decide('K1', 'citizen_card', '2026-03-02')).toEqual({ isAccepted: true, stops: [], warnings: [] });
  });

  it('COM-02: a card without a last day does not expire, and a date not typed yet is no expiry', () => {
    expect(decide('K1', 'citizen_card', '2020-01-01', true).isAccepted).toBe(true);
    expect(decide('K1', 'citizen_card', '').isAccepted).toBe(true);
  });

  it('CR-09: a document that is not in the category’s list stops the case', () => {
    expect(decide('K5', 'temporary_permit')).toEqual({
      isAccepted: false,
      stops: [{ code: 'DOCUMENT_KIND_NOT_ACCEPTED', params: { category: 'K5', kind: 'temporary_permit' } }],
      warnings: [],
    });
    expect(decide('K3', 'refugee_card').isAccepted).toBe(false);
    expect(decide('K1', 'refugee_card').isAccepted).toBe(true);
  });

  it('C-02: a foreign passport of anybody but K1 is a warning for the centre officer', () => {
    expect(decide('K4', 'foreign_passport')).toEqual({
      isAccepted: true,
      stops: [],
      warnings: [{ code: 'PASSPORT_NEEDS_CENTRE_OFFICER', params: { category: 'K4' } }],
    });
    expect(decide('K1', 'foreign_passport')).toEqual({ isAccepted: true, stops: [], warnings: [] });
    expect(decide('K4', 'foreign_passport', '2026-03-01')).toMatchObject({ isAccepted: false, stops: [{ code: 'M-02' }], warnings: [{}] });
  });

  it('C-02: the permission is for one document in one category and for no expired one', () => {
    const example = exampleApplication('K4');
    const { number } = example.document;
    const foreign = { ...example, document: { ...example.document, kind: 'foreign_passport' as const } };
    const passportAllowance = { category: 'K4' as const, documentNumber: number, byLogin: 'farid', reason: 'səbəb', atMs: 1 };
    const allowed = { ...foreign, passportAllowance };
    expect([isPassportAllowed(foreign), needsCentreOfficer(foreign, exampleTodayOn)]).toEqual([false, true]);
    expect([isPassportAllowed(allowed), needsCentreOfficer(allowed, exampleTodayOn)]).toEqual([true, false]);
    expect(isPassportAllowed({ ...allowed, category: 'K3' })).toBe(false);
    expect(isPassportAllowed({ ...allowed, document: { ...allowed.document, number: `${number}1` } })).toBe(false);
    expect(needsCentreOfficer(example, exampleTodayOn)).toBe(false);
    const expired = { ...allowed, document: { ...allowed.document, validUntilOn: '2026-03-01', isUnlimited: false } };
    expect(decideIdentityDocument(expired, exampleTodayOn).isAccepted).toBe(false);
  });

  it('COM-01 M-01: somebody else’s document ends the case; nothing said yet establishes nothing', () => {
    expect(decideBearer('is_bearer')).toEqual({ isEstablished: true, endsCase: false, message: null });
    expect(decideBearer('not_bearer')).toEqual({ isEstablished: false, endsCase: true, message: 'M-01' });
    expect(decideBearer('not_asked')).toEqual({ isEstablished: false, endsCase: false, message: null });
  });

  it('COM-16: the representative’s document is checked the same way', () => {
    const data = exampleApplication('K5');
    const represented = (validUntilOn: string) => ({
      representative: { ...data.representative, isPresent: true, document: { ...data.document, validUntilOn } },
    });
    expect(decideRepresentativeDocument(represented('2026-03-01'), exampleTodayOn).stops).toEqual([
      { code: 'M-02', params: { tarix: '2026-03-01' } },
    ]);
    expect(decideRepresentativeDocument(represented('2026-03-02'), exampleTodayOn).isAccepted).toBe(true);
    const absent = { representative: { ...represented('2026-03-01').representative, isPresent: false } };
    expect(decideRepresentativeDocument(absent, exampleTodayOn)).toEqual({ isAccepted: true, stops: [], warnings: [] });
  });
});
