import { describe, expect, it } from 'vitest';
import type { ApplicationData } from './application-data.ts';
import { acceptedIdentityDocuments, findMissingDocuments, listRequiredDocuments } from './document-matrix.ts';
import { exampleApplication, examplePowerOfAttorney, exampleTodayOn } from './example-application.ts';
import { categories, identityDocumentKinds, type Category, type IdentityDocumentKind } from './vocabulary.ts';

function codesOf(data: ApplicationData): string[] {
  return listRequiredDocuments(data).map(({ code }) => code);
}
function withRepresentative(category: Category = 'K1'): ApplicationData {
  const data = exampleApplication(category);
  return {
    ...data,
    representative: { ...data.representative, isPresent: true, person: { ...data.person, fin: 'QYD0002' } },
    powersOfAttorney: [...data.powersOfAttorney, examplePowerOfAttorney('appendix-8', data.person.fin, 'QYD0002')],
    presented: { ...data.presented, 'D-04': { isShown: true, validUntilOn: '', note: '' } },
  };
}

describe('identity documents by category', () => {
  const yes: Record<Category, readonly IdentityDocumentKind[]> = {
    K1: identityDocumentKinds,
    K1b: identityDocumentKinds,
    K2: ['citizen_card', 'permanent_permit', 'temporary_permit', 'military_card', 'judge'],
    K3: ['citizen_card', 'permanent_permit', 'temporary_permit', 'military_card', 'judge'],
    K4: ['citizen_card', 'permanent_permit', 'temporary_permit', 'military_card', 'judge'],
    K5: ['citizen_card', 'military_card', 'judge'],
    K6: ['citizen_card', 'military_card', 'judge'],
  };
  it.each(categories)('CR-09 D-02: %s accepts exactly the documents of its column', (category) => {
    expect([...acceptedIdentityDocuments(category)].sort()).toEqual([...yes[category]].sort());
  });

  it('C-02: the category list prevails: refugee card and foreign passport are for K1 and its taxpayer alone', () => {
    for (const category of ['K2', 'K3', 'K4', 'K5', 'K6'] as const) {
      expect(acceptedIdentityDocuments(category)).not.toContain('refugee_card');
      expect(acceptedIdentityDocuments(category)).not.toContain('foreign_passport');
    }
  });

  it('C-03: K6 has the list of K5', () => {
    expect(acceptedIdentityDocuments('K6')).toEqual(acceptedIdentityDocuments('K5'));
  });
});

describe('documents of a SIM case', () => {
  it.each([
    ['K1', ['D-01', 'D-02', 'D-09', 'D-10']],
    ['K1b', ['D-01', 'D-02', 'D-09', 'D-10']],
    ['K2', ['D-01', 'D-02', 'D-05', 'D-09', 'D-10']],
    ['K3', ['D-01', 'D-02', 'D-09', 'D-10']],
    ['K4', ['D-01', 'D-02', 'D-05', 'D-09', 'D-10']],
    ['K5', ['D-01', 'D-02', 'D-09', 'D-10']],
    ['K6', ['D-01', 'D-02', 'D-05', 'D-09', 'D-10']],
  ] as const)('%s shows the documents of its column', (category, codes) => {
    expect(codesOf(exampleApplication(category))).toEqual(codes);
  });

  it('D-01: everybody files Əlavə 1 signed, the head of a legal entity with its seal', () => {
    for (const category of categories) {
      const [first] = listRequiredDocuments(exampleApplication(category));
      expect(first).toEqual({ code: 'D-01', need: 'M', reason: 'always', demand: category === 'K3' ? 'signed_and_sealed' : 'signed' });
    }
  });

  it('D-02 D-03: the original identity document, and for a judge the judge’s card beside it', () => {
    const data = exampleApplication('K1');
    expect(listRequiredDocuments(data)).toContainEqual({ code: 'D-02', need: 'M', reason: 'always', demand: 'original' });
    const judge = { ...data, document: { ...data.document, kind: 'judge' as const } };
    expect(listRequiredDocuments(judge)).toContainEqual({ code: 'D-03', need: 'C', reason: 'judge', demand: 'original' });
    expect(codesOf(judge)).toEqual(['D-01', 'D-02', 'D-03', 'D-09', 'D-10']);
  });

  it.each(categories)('D-04 COM-16: a representative of %s brings a notarised power of attorney', (category) => {
    expect(listRequiredDocuments(withRepresentative(category))).toContainEqual({
      code: 'D-04',
      need: 'C',
      reason: 'representative',
      demand: 'notarised',
    });
    expect(codesOf(exampleApplication(category))).not.toContain('D-04');
  });

  it.each([
    ['K2', 'notarised'],
    ['K4', 'letterhead_seal_or_notarised'],
    ['K6', 'letterhead_seal'],
  ] as const)('D-05 C-04 %s: an employee brings the employer’s power of attorney, %s', (category, demand) => {
    expect(listRequiredDocuments(exampleApplication(category))).toContainEqual({ code: 'D-05', need: 'M', reason: 'employee', demand });
  });

  it('D-09 D-10 SIM-02: the connection form and the SIM itself are always asked for', () => {
    const required = listRequiredDocuments(exampleApplication('K5'));
    expect(required).toContainEqual({ code: 'D-09', need: 'C', reason: 'sim', demand: 'original' });
    expect(required).toContainEqual({ code: 'D-10', need: 'C', reason: 'sim', demand: 'original' });
  });

  it('D-13: a power of attorney signed abroad brings its legalisation, unless a treaty waives it', () => {
    const data = exampleApplication('K4');
    const [power] = data.powersOfAttorney;
    if (power === undefined) throw new Error('the example has a power of attorney');
    const abroad = { ...data, powersOfAttorney: [{ ...power, country: 'TUR' }] };
    expect(listRequiredDocuments(abroad)).toContainEqual({ code: 'D-13', need: 'C', reason: 'signed_abroad', demand: 'original' });
    expect(codesOf({ ...data, powersOfAttorney: [{ ...power, country: 'TUR', legalisation: 'not_required' }] })).not.toContain('D-13');
    expect(codesOf(data)).not.toContain('D-13');
  });

  it.each([
    ['D-06', 'the recognition of an e-Təmsilçi'],
    ['D-07', 'the power of attorney to an e-Təmsilçi'],
    ['D-08', 'the cancellation of an e-Təmsilçi'],
    ['D-11', 'the request of a seal'],
    ['D-12', 'the right to an Asan ID'],
  ])('%s: %s is never asked of a SIM', (code) => {
    for (const category of categories) expect(codesOf(withRepresentative(category))).not.toContain(code);
  });
});

describe('what is missing', () => {
  it.each(categories)('a complete case of %s lacks nothing', (category) => {
    expect(findMissingDocuments(exampleApplication(category), exampleTodayOn)).toEqual([]);
    expect(findMissingDocuments(withRepresentative(category), exampleTodayOn)).toEqual([]);
  });

  it('COM-03 M-04: each document that was not shown is named', () => {
    const data = exampleApplication('K1');
    const presented = { ...data.presented, 'D-09': { isShown: false, validUntilOn: '', note: '' } };
    delete presented['D-10'];
    expect(findMissingDocuments({ ...data, presented }, exampleTodayOn)).toEqual([
      { document: 'D-09', code: 'M-04', params: { siyahı: 'D-09' } },
      { document: 'D-10', code: 'M-04', params: { siyahı: 'D-10' } },
    ]);
  });

  it('COM-03 M-03: a document out of date is named with its date; on its last day it is in force', () => {
    const data = exampleApplication('K1');
    const until = (validUntilOn: string) => ({
      ...data,
      presented: { ...data.presented, 'D-09': { isShown: true, validUntilOn, note: '' } },
    });
    expect(findMissingDocuments(until('2026-03-01'), exampleTodayOn)).toEqual([
      { document: 'D-09', code: 'M-03', params: { sənəd: 'D-09', tarix: '2026-03-01' } },
    ]);
    expect(findMissingDocuments(until('2026-03-02'), exampleTodayOn)).toEqual([]);
  });

  it('D-05: without its power of attorney an employee’s case is not complete', () => {
    expect(findMissingDocuments({ ...exampleApplication('K2'), powersOfAttorney: [] }, exampleTodayOn)).toEqual([
      { document: 'D-05', code: 'POA_MISSING', params: { form: 'appendix-7' } },
    ]);
  });
});
