import { describe, expect, it } from 'vitest';
import type { ApplicationData, PowerOfAttorney } from './application-data.ts';
import { exampleApplication, examplePowerOfAttorney, exampleTodayOn } from './example-application.ts';
import {
  decidePowerOfAttorney,
  demandedCertification,
  isSignedAbroad,
  listPowerOfAttorneyProblems,
  needsLegalisation,
  powerFormsNeeded,
} from './power-of-attorney.ts';
import { categories } from './vocabulary.ts';

const legal = '0000012341';
const natural = '0000012342';
function power(change: Partial<PowerOfAttorney> = {}): PowerOfAttorney {
  return { ...examplePowerOfAttorney('appendix-7', legal, 'QYD0001'), ...change };
}
function codesOf(change: Partial<PowerOfAttorney>, category: ApplicationData['category'] = 'K4', todayOn = exampleTodayOn): string[] {
  return decidePowerOfAttorney(power(change), category, todayOn).map(({ code }) => code);
}

describe('certification', () => {
  it.each([
    ['appendix-7', 'K2', natural, 'notarised'],
    ['appendix-7', 'K4', legal, 'letterhead_seal_or_notarised'],
    ['appendix-7', 'K6', legal, 'letterhead_seal'],
    ['appendix-8', 'K1', 'QYD0001', 'notarised'],
    ['appendix-8', 'K6', 'QYD0001', 'notarised'],
    ['appendix-9', 'K4', legal, 'letterhead_seal_or_notarised'],
    ['appendix-9', 'K4', natural, 'notarised'],
    ['appendix-9', 'K4', 'QYD0001', 'notarised'],
    ['appendix-9', 'K4', '12341', 'notarised'],
    ['appendix-9', 'K4', `${legal}1`, 'notarised'],
  ] as const)('POA-R1: %s of %s by %s must be %s', (form, category, grantor, demand) => {
    expect(demandedCertification(form, category, grantor)).toBe(demand);
  });

  it.each([
    ['K2', 'notarised', true],
    ['K2', 'letterhead_seal', false],
    ['K2', '', false],
    ['K4', 'notarised', true],
    ['K4', 'letterhead_seal', true],
    ['K4', '', false],
    ['K6', 'letterhead_seal', true],
    ['K6', 'notarised', true],
    ['K6', '', false],
  ] as const)('POA-R1 M-38: %s, certification "%s" is enough: %s', (category, certification, isEnough) => {
    expect(codesOf({ certification }, category)).toEqual(isEnough ? [] : ['M-38']);
  });

  it('POA-R1 M-38: the message names what is demanded', () => {
    expect(decidePowerOfAttorney(power({ form: 'appendix-8', certification: 'letterhead_seal' }), 'K1', exampleTodayOn)).toEqual([
      { document: 'D-04', code: 'M-38', params: { tələb: 'notarised' } },
    ]);
  });
});

describe('term', () => {
  it('POA-R3 M-03: expired on the day of filing is refused with its date, the last day is in force', () => {
    expect(decidePowerOfAttorney(power({ validUntilOn: '2026-03-01' }), 'K4', '2026-03-02')).toEqual([
      { document: 'D-05', code: 'M-03', params: { sənəd: 'D-05', tarix: '2026-03-01' } },
    ]);
    expect(codesOf({ validUntilOn: '2026-03-02' })).toEqual([]);
    expect(codesOf({ validUntilOn: '' })).toEqual([]);
  });

  it('POA-R3: in force on the day of filing, it may be refused on the day of hand-over', () => {
    const until = { validUntilOn: '2026-03-03' };
    expect(codesOf(until, 'K4', '2026-03-02')).toEqual([]);
    expect(codesOf(until, 'K4', '2026-03-04')).toEqual(['M-03']);
  });
});

describe('signed abroad', () => {
  const proven = { legalisationNumber: '7', legalisationOn: '2026-02-01' };
  it.each([
    ['AZE', {}, true],
    ['', {}, true],
    ['TUR', {}, false],
    ['TUR', { legalisation: 'apostille', ...proven }, true],
    ['TUR', { legalisation: 'legalised', ...proven }, true],
    ['TUR', { legalisation: 'apostille' }, false],
    ['TUR', { legalisation: '', ...proven }, false],
    ['TUR', { legalisation: 'apostille', ...proven, legalisationNumber: ' ' }, false],
    ['TUR', { legalisation: 'legalised', ...proven, legalisationOn: '' }, false],
  ] as const)('POA-R4 M-37 D-13: country "%s" with %j stands: %s', (country, change, stands) => {
    expect(codesOf({ country, ...change })).toEqual(stands ? [] : ['M-37']);
  });

  it('POA-R4 C-05: "not required by treaty" counts with a reason only', () => {
    expect(codesOf({ country: 'TUR', legalisation: 'not_required', legalisationReason: ' ' })).toEqual(['M-37']);
    expect(codesOf({ country: 'TUR', legalisation: 'not_required', legalisationReason: 'müqavilə' })).toEqual([]);
    expect(decidePowerOfAttorney(power({ country: 'TUR' }), 'K4', exampleTodayOn)).toEqual([
      { document: 'D-05', code: 'M-37', params: { country: 'TUR' } },
    ]);
  });

  it('D-13: the legalisation paper is needed for papers from abroad unless waived', () => {
    expect([isSignedAbroad(power({ country: 'TUR' })), isSignedAbroad(power()), isSignedAbroad(power({ country: '' }))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(needsLegalisation(power({ country: 'TUR' }))).toBe(true);
    expect(needsLegalisation(power({ country: 'TUR', legalisation: 'not_required' }))).toBe(false);
    expect(needsLegalisation(power())).toBe(false);
  });

  it('everything wrong at once is said at once', () => {
    expect(codesOf({ country: 'TUR', certification: '', validUntilOn: '2026-01-01' })).toEqual(['M-03', 'M-38', 'M-37']);
  });
});

describe('the powers of a case', () => {
  it.each([
    ['K1', []],
    ['K1b', []],
    ['K2', ['appendix-7']],
    ['K3', []],
    ['K4', ['appendix-7']],
    ['K5', []],
    ['K6', ['appendix-7']],
  ] as const)('D-05: %s needs %j without a representative', (category, forms) => {
    expect(powerFormsNeeded(exampleApplication(category))).toEqual(forms);
  });

  it.each(categories)('COM-16 D-04: with a representative %s needs the notarised power too', (category) => {
    const data = exampleApplication(category);
    const represented = { ...data, representative: { ...data.representative, isPresent: true } };
    expect(powerFormsNeeded(represented)).toContain('appendix-8');
    expect(listPowerOfAttorneyProblems(represented, exampleTodayOn)).toEqual([
      { document: 'D-04', code: 'POA_MISSING', params: { form: 'appendix-8' } },
    ]);
  });

  it('POA-R2: the two sides of the employer’s power are the organisation and the applicant', () => {
    const data = exampleApplication('K4');
    const of = (change: Partial<PowerOfAttorney>) =>
      listPowerOfAttorneyProblems({ ...data, powersOfAttorney: [power(change)] }, exampleTodayOn);
    expect(of({})).toEqual([]);
    expect(of({ grantor: '0000000131' })).toEqual([{ document: 'D-05', code: 'POA_OTHER_GRANTOR', params: { form: 'appendix-7' } }]);
    expect(of({ grantee: 'QYD0009' })).toEqual([{ document: 'D-05', code: 'POA_OTHER_GRANTEE', params: { form: 'appendix-7' } }]);
    expect(of({ grantor: '', grantee: '' })).toEqual([]);
  });

  it('COM-16 POA-R2: the two sides of the representative’s power are the applicant and the representative', () => {
    const data = exampleApplication('K1');
    const represented = (change: Partial<PowerOfAttorney>): ApplicationData => ({
      ...data,
      representative: { ...data.representative, isPresent: true, person: { ...data.person, fin: 'QYD0002' } },
      powersOfAttorney: [{ ...examplePowerOfAttorney('appendix-8', 'QYD0001', 'QYD0002'), ...change }],
    });
    const codes = (change: Partial<PowerOfAttorney>) =>
      listPowerOfAttorneyProblems(represented(change), exampleTodayOn).map(({ document, code }) => `${document} ${code}`);
    expect(codes({})).toEqual([]);
    expect(codes({ grantor: 'QYD0009' })).toEqual(['D-04 POA_OTHER_GRANTOR']);
    expect(codes({ grantee: 'QYD0001' })).toEqual(['D-04 POA_OTHER_GRANTEE']);
    expect(codes({ certification: 'letterhead_seal' })).toEqual(['D-04 M-38']);
  });

  it('a paper that the case does not need is judged all the same, but its sides are its own', () => {
    const foreign = examplePowerOfAttorney('appendix-9', 'QYD0005', 'QYD0006');
    const data = exampleApplication('K1');
    expect(listPowerOfAttorneyProblems({ ...data, powersOfAttorney: [foreign] }, exampleTodayOn)).toEqual([]);
    expect(listPowerOfAttorneyProblems({ ...data, powersOfAttorney: [{ ...foreign, certification: '' }] }, exampleTodayOn)).toEqual([
      { document: 'D-07', code: 'M-38', params: { tələb: 'notarised' } },
    ]);
  });
});
