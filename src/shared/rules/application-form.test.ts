import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationDataSchema, emptyApplicationData, type ApplicationData, type PowerOfAttorney } from './application-data.ts';
import { finPersonKindOf, listProblems } from './application-form.ts';
import { exampleApplication, examplePowerOfAttorney, exampleTodayOn } from './example-application.ts';
import { isFieldNeeded } from './form-fields.ts';
import { categories, identityDocumentKinds } from './vocabulary.ts';

type Change = (data: ApplicationData) => ApplicationData;
const person =
  (change: Partial<ApplicationData['person']>): Change =>
  (data) => ({ ...data, person: { ...data.person, ...change } });
const document =
  (change: Partial<ApplicationData['document']>): Change =>
  (data) => ({ ...data, document: { ...data.document, ...change } });
const contact =
  (change: Partial<ApplicationData['contact']>): Change =>
  (data) => ({ ...data, contact: { ...data.contact, ...change } });
const carrier =
  (change: Partial<ApplicationData['carrier']>): Change =>
  (data) => ({ ...data, carrier: { ...data.carrier, ...change } });
const organisation =
  (change: Partial<ApplicationData['organisation']>): Change =>
  (data) => ({ ...data, organisation: { ...data.organisation, ...change } });
const power =
  (change: Partial<PowerOfAttorney>): Change =>
  (data) => ({ ...data, powersOfAttorney: data.powersOfAttorney.map((each) => ({ ...each, ...change })) });
const represented =
  (change: Partial<ApplicationData['person']> = {}): Change =>
  (data) => ({
    ...data,
    representative: { isPresent: true, person: { ...data.person, fin: 'QYD0002', ...change }, document: data.document },
  });
function problemsOf(data: ApplicationData): string[] {
  return listProblems(data, exampleTodayOn).map(({ field, code }) => `${field} ${code}`);
}

describe('a complete form', () => {
  it.each(categories)('SIM-07 %s: has no problems', (category) => {
    expect(problemsOf(exampleApplication(category))).toEqual([]);
    expect(problemsOf(represented()(exampleApplication(category)))).toEqual([]);
  });

  it('SIM-07: an empty form of an individual asks for exactly these fields', () => {
    expect(problemsOf(emptyApplicationData())).toEqual([
      'document.number REQUIRED',
      'document.issuedBy REQUIRED',
      'person.fin REQUIRED',
      'person.surname REQUIRED',
      'person.givenName REQUIRED',
      'person.sex REQUIRED',
      'person.birthOn REQUIRED',
      'person.birthPlace REQUIRED',
      'person.citizenship REQUIRED',
      'document.validUntilOn REQUIRED',
      'contact.registeredAddress REQUIRED',
      'contact.phone REQUIRED',
      'carrier.phone REQUIRED',
      'carrier.iccid REQUIRED',
      'carrier.operator REQUIRED',
      'secretQuestion REQUIRED',
      'consent CONSENT_NEEDED',
    ]);
  });

  it.each([
    ['K1', []],
    ['K1b', ['voen', 'name']],
    ['K2', ['voen', 'name', 'position']],
    ['K3', ['voen', 'name', 'position']],
    ['K4', ['voen', 'name', 'position']],
    ['K5', ['voen', 'name', 'position', 'bodyKind']],
    ['K6', ['voen', 'name', 'position', 'bodyKind']],
  ] as const)('%s must give of its organisation %j', (category, fields) => {
    const data: ApplicationData = { ...exampleApplication(category), organisation: emptyApplicationData().organisation };
    expect(problemsOf(data)).toEqual(fields.map((field) => `organisation.${field} REQUIRED`));
  });
});

describe('fields', () => {
  it.each<[string, Change, string[]]>([
    ['FİN of a citizen', person({ fin: 'QYD001' }), ['person.fin FIN_LENGTH']],
    ['FİN with an O', person({ fin: 'QYDO001' }), ['person.fin FIN_LETTER_O']],
    ['surname in digits', person({ surname: '12' }), ['person.surname NAME_DIGITS_ONLY']],
    ['no given name', person({ givenName: ' ' }), ['person.givenName REQUIRED']],
    ['odd given name', person({ givenName: 'A<B' }), ['person.givenName NAME_CHARACTER']],
    ['citizen without father’s name', person({ fatherName: '' }), ['person.fatherName REQUIRED']],
    ['odd father’s name', person({ fatherName: '<' }), ['person.fatherName NAME_CHARACTER']],
    ['no sex', person({ sex: '' }), ['person.sex REQUIRED']],
    ['no birth place', person({ birthPlace: '' }), ['person.birthPlace REQUIRED']],
    ['citizenship in words', person({ citizenship: 'AZ' }), ['person.citizenship COUNTRY_FORMAT']],
    ['foreigner with a citizen’s card', person({ citizenship: 'TUR' }), ['person.citizenship CITIZENSHIP_NOT_FOR_DOCUMENT']],
    ['citizen with a foreign passport', document({ kind: 'foreign_passport' }), ['person.citizenship CITIZENSHIP_NOT_FOR_DOCUMENT']],
    ['short document number', document({ number: 'AA000001' }), ['document.number DOCUMENT_NUMBER_FORMAT']],
    ['no issuer', document({ issuedBy: '' }), ['document.issuedBy REQUIRED']],
    ['no issue date', document({ issuedOn: '' }), []],
    ['issued in the future', document({ issuedOn: '2026-03-03' }), ['document.issuedOn DOCUMENT_ISSUED_IN_FUTURE']],
    ['issued before birth', document({ issuedOn: '1989-01-01' }), ['document.issuedOn DOCUMENT_ISSUED_BEFORE_BIRTH']],
    ['issued on no day', document({ issuedOn: '2021-02-30' }), ['document.issuedOn DOCUMENT_ISSUE_DATE_INVALID']],
    ['no last day', document({ validUntilOn: '' }), ['document.validUntilOn REQUIRED']],
    ['last day that is none', document({ validUntilOn: '2031-02-30' }), ['document.validUntilOn DOCUMENT_EXPIRY_INVALID']],
    ['last day before issue', document({ validUntilOn: '2021-01-13' }), ['document.validUntilOn DOCUMENT_EXPIRY_BEFORE_ISSUE']],
    [
      'last day before birth',
      document({ issuedOn: '', validUntilOn: '1989-01-01' }),
      ['document.validUntilOn DOCUMENT_EXPIRY_BEFORE_BIRTH'],
    ],
    ['without end', document({ isUnlimited: true, validUntilOn: '' }), []],
    ['born tomorrow', person({ birthOn: '2026-03-03' }), ['person.birthOn DOCUMENT_BIRTH_IN_FUTURE']],
    ['born on no day', person({ birthOn: '1990-02-30' }), ['person.birthOn DOCUMENT_BIRTH_DATE_INVALID']],
    ['judge without the judge’s card', document({ kind: 'judge' }), ['document.judgeCardNumber REQUIRED']],
    ['judge with the judge’s card', document({ kind: 'judge', judgeCardNumber: 'H-1' }), []],
    ['no address', contact({ registeredAddress: '' }), ['contact.registeredAddress REQUIRED']],
    ['no phone', contact({ phone: '' }), ['contact.phone REQUIRED']],
    ['short phone', contact({ phone: '+99450000' }), ['contact.phone PHONE_LENGTH']],
    ['notices by e-mail without one', contact({ notifyBy: 'email' }), ['contact.email REQUIRED']],
    ['notices by e-mail', contact({ notifyBy: 'email', email: ' a@b.az ' }), []],
    ['notices by e-mail of spaces', contact({ notifyBy: 'email', email: '  ' }), ['contact.email REQUIRED']],
    ['e-mail at a bank', contact({ email: 'ad@bank.az' }), []],
    ['odd e-mail', contact({ email: 'a@b' }), ['contact.email EMAIL_FORMAT']],
    ['e-mail with a space', contact({ email: 'a b@c.az' }), ['contact.email EMAIL_FORMAT']],
    ['e-mail with two ats', contact({ email: 'x a@b.az' }), ['contact.email EMAIL_FORMAT']],
    ['e-mail that goes on', contact({ email: 'a@b.az c' }), ['contact.email EMAIL_FORMAT']],
    ['e-mail of a long domain', contact({ email: 'a.b@c.d.az' }), []],
    ['no SIM number', carrier({ phone: ' ' }), ['carrier.phone REQUIRED']],
    ['odd SIM number', carrier({ phone: 'x' }), ['carrier.phone PHONE_CHARACTER']],
    ['ICCID with a wrong digit', carrier({ iccid: '8999401000000000019' }), ['carrier.iccid ICCID_CHECK_DIGIT']],
    ['no operator', carrier({ operator: '' }), ['carrier.operator REQUIRED']],
    ['no connection form number', carrier({ connectionFormNumber: '' }), []],
    ['corporate with VÖEN', carrier({ isCorporate: true, corporateVoen: '0000012341' }), []],
    [
      'corporate with a wrong VÖEN',
      carrier({ isCorporate: true, corporateVoen: '0000012351' }),
      ['carrier.corporateVoen VOEN_CHECK_DIGIT'],
    ],
    ['old corporate VÖEN of a private number', carrier({ corporateVoen: 'x' }), []],
    ['no kind', (data) => ({ ...data, kinds: [] }), ['kinds REQUIRED']],
    ['no question', (data) => ({ ...data, secretQuestion: ' ' }), ['secretQuestion REQUIRED']],
    ['consent without a time', (data) => ({ ...data, consent: { textVersion: '1', givenAtMs: 0 } }), ['consent CONSENT_NEEDED']],
    ['consent to no text', (data) => ({ ...data, consent: { textVersion: '', givenAtMs: 1 } }), ['consent CONSENT_NEEDED']],
    ['organisation of an individual', organisation({ voen: 'x', sealText: '' }), []],
  ])('SIM-07: %s', (_what, change, problems) => {
    expect(problemsOf(change(exampleApplication('K1')))).toEqual(problems);
  });

  it('M-34: a corporate number needs its VÖEN', () => {
    for (const corporateVoen of ['', ' '])
      expect(problemsOf(carrier({ isCorporate: true, corporateVoen })(exampleApplication()))).toEqual(['carrier.corporateVoen M-34']);
  });

  it('COM-02 M-02: an expired document is a problem of its date', () => {
    expect(listProblems(document({ validUntilOn: '2026-03-01' })(exampleApplication()), exampleTodayOn)).toEqual([
      { field: 'document.validUntilOn', code: 'M-02', params: { tarix: '2026-03-01' } },
    ]);
  });

  it('C-63: the mobile number is mandatory whichever way the notices go', () => {
    for (const notifyBy of ['sms', 'cabinet', 'email'] as const) {
      expect(problemsOf(contact({ notifyBy, email: 'a@b.az', phone: '' })(exampleApplication()))).toEqual(['contact.phone REQUIRED']);
    }
  });

  it('CR-08: a permit holder has a short FİN and needs no father’s name', () => {
    const foreigner = (data: ApplicationData) =>
      person({ fin: 'QYD04', citizenship: 'TUR', fatherName: '' })(document({ kind: 'temporary_permit', number: '0000124' })(data));
    expect(problemsOf(foreigner(exampleApplication()))).toEqual([]);
    expect(problemsOf(document({ kind: 'foreign_passport', number: 'U1234567' })(foreigner(exampleApplication())))).toEqual([
      'person.fin FIN_LENGTH_NEEDS_PERMIT',
    ]);
    expect(problemsOf(person({ fatherName: '<' })(foreigner(exampleApplication())))).toEqual(['person.fatherName NAME_CHARACTER']);
  });

  it('CR-07 CR-08: citizens’ documents carry the long FİN', () => {
    const citizens = identityDocumentKinds.filter((kind) => finPersonKindOf(kind) === 'citizen');
    expect(citizens).toEqual(['citizen_card', 'military_card', 'judge']);
    expect(finPersonKindOf('refugee_card')).toBe('foreigner');
  });

  it('a suggestion of a validator and its parameters come along', () => {
    expect(listProblems(person({ fin: 'QYDO001' })(exampleApplication()), exampleTodayOn)).toEqual([
      { field: 'person.fin', code: 'FIN_LETTER_O', params: {}, suggestion: 'QYD0001' },
    ]);
    expect(listProblems(person({ surname: 'A<' })(exampleApplication()), exampleTodayOn)).toEqual([
      { field: 'person.surname', code: 'NAME_CHARACTER', params: { character: '<' } },
    ]);
  });
});

describe('organisation', () => {
  it.each([
    ['K1b', '0000012341'],
    ['K2', '0000012341'],
    ['K3', '0000012342'],
    ['K4', '0000012342'],
    ['K5', '0000012342'],
    ['K6', '0000012342'],
  ] as const)('%s: the VÖEN of the other kind of taxpayer is refused before any query', (category, voen) => {
    const data = organisation({ voen })({ ...exampleApplication(category), powersOfAttorney: [] });
    expect(listProblems(data, exampleTodayOn)).toEqual([
      { field: 'organisation.voen', code: 'VOEN_NOT_FOR_CATEGORY', params: { category } },
    ]);
  });

  it('spaces in a VÖEN are normalised before it is judged', () => {
    expect(problemsOf(organisation({ voen: '000 001 2341' })(exampleApplication('K3')))).toEqual([]);
    expect(problemsOf(organisation({ voen: '0000012351' })(exampleApplication('K3')))).toEqual(['organisation.voen VOEN_CHECK_DIGIT']);
  });

  it('a seal needs its text', () => {
    expect(problemsOf(organisation({ hasSealAuthority: true })(exampleApplication('K3')))).toEqual(['organisation.sealText REQUIRED']);
    expect(problemsOf(organisation({ hasSealAuthority: true, sealText: 'Sınaq' })(exampleApplication('K3')))).toEqual([]);
  });
});

describe('powers of attorney and representative', () => {
  it.each<[string, Partial<PowerOfAttorney>, string[]]>([
    ['no number', { number: '' }, ['number REQUIRED']],
    ['no date', { issuedOn: '' }, ['issuedOn REQUIRED']],
    ['date that is none', { issuedOn: '2026-02-30', validUntilOn: '' }, ['issuedOn DATE_INVALID']],
    ['signed tomorrow', { issuedOn: '2026-03-03' }, ['issuedOn DATE_IN_FUTURE']],
    ['signed today', { issuedOn: '2026-03-02' }, []],
    ['no end', { validUntilOn: '' }, []],
    ['end that is none', { validUntilOn: '2027-02-30' }, ['validUntilOn DATE_INVALID']],
    ['end before its date', { validUntilOn: '2026-01-14' }, ['validUntilOn DATE_ORDER']],
    ['end on its date', { validUntilOn: '2026-01-15' }, []],
    ['end without a date', { issuedOn: '', validUntilOn: '2026-01-14' }, ['issuedOn REQUIRED']],
    ['no grantor', { grantor: '' }, ['grantor REQUIRED']],
    ['wrong VÖEN of the grantor', { grantor: '0000012351' }, ['grantor VOEN_CHECK_DIGIT']],
    ['odd grantor', { grantor: 'Ə' }, ['grantor FIN_CHARACTER']],
    ['grantor longer than a VÖEN', { grantor: '00000123511' }, []],
    ['no grantee', { grantee: '' }, ['grantee REQUIRED']],
    ['odd grantee', { grantee: '-' }, ['grantee FIN_CHARACTER']],
    ['not certified', { certification: '', notaryName: '', notaryRegisterNumber: '' }, ['certification REQUIRED']],
    [
      'notary without name and number',
      { notaryName: '', notaryRegisterNumber: '' },
      ['notaryName REQUIRED', 'notaryRegisterNumber REQUIRED'],
    ],
    ['letterhead without a notary', { certification: 'letterhead_seal', notaryName: '', notaryRegisterNumber: '' }, []],
    ['no country', { country: '' }, ['country REQUIRED']],
    ['country in words', { country: 'TR' }, ['country COUNTRY_FORMAT', 'legalisation REQUIRED']],
    ['abroad', { country: 'TUR' }, ['legalisation REQUIRED']],
    [
      'apostille without its number and date',
      { country: 'TUR', legalisation: 'apostille' },
      ['legalisationNumber REQUIRED', 'legalisationOn REQUIRED'],
    ],
    [
      'legalised tomorrow',
      { country: 'TUR', legalisation: 'legalised', legalisationNumber: '1', legalisationOn: '2026-03-03' },
      ['legalisationOn DATE_IN_FUTURE'],
    ],
    ['waived without a reason', { country: 'TUR', legalisation: 'not_required' }, ['legalisationReason REQUIRED']],
    ['waived with a reason', { country: 'TUR', legalisation: 'not_required', legalisationReason: 'müqavilə' }, []],
    ['legalisation of a home paper', { legalisation: 'not_required' }, []],
  ])('POA-R2: %s', (_what, change, problems) => {
    expect(problemsOf(power(change)(exampleApplication('K4')))).toEqual(problems.map((each) => `powersOfAttorney.0.${each}`));
  });

  it('COM-16: the representative’s own data are checked as the applicant’s', () => {
    expect(problemsOf(represented({ surname: '' })(exampleApplication()))).toEqual(['representative.person.surname REQUIRED']);
    const expired = represented()(exampleApplication());
    expect(
      problemsOf({
        ...expired,
        representative: { ...expired.representative, document: { ...expired.document, validUntilOn: '2026-03-01' } },
      }),
    ).toEqual(['representative.document.validUntilOn M-02']);
  });

  it('COM-16: nobody represents himself, and an absent representative is not asked for anything', () => {
    expect(problemsOf(represented({ fin: 'QYD0001' })(exampleApplication()))).toEqual(['representative.person.fin SAME_AS_APPLICANT']);
    expect(problemsOf(person({ fin: '' })(represented({ fin: '' })(exampleApplication())))).toEqual([
      'person.fin REQUIRED',
      'representative.person.fin REQUIRED',
    ]);
    const data = represented({ surname: '' })(exampleApplication());
    expect(problemsOf({ ...data, representative: { ...data.representative, isPresent: false } })).toEqual([]);
  });
});

describe('fields that are on the form', () => {
  const k1 = exampleApplication('K1');
  const k4 = exampleApplication('K4');
  it.each<[string, ApplicationData, boolean]>([
    ['person.surname', k1, true],
    ['document.validUntilOn', k1, true],
    ['document.validUntilOn', document({ isUnlimited: true })(k1), false],
    ['document.judgeCardNumber', k1, false],
    ['document.judgeCardNumber', document({ kind: 'judge' })(k1), true],
    ['carrier.corporateVoen', k1, false],
    ['carrier.corporateVoen', carrier({ isCorporate: true })(k1), true],
    ['carrier.phone', k1, true],
    ['organisation', k1, false],
    ['organisation.voen', k1, false],
    ['organisation.voen', exampleApplication('K1b'), true],
    ['organisation.position', exampleApplication('K1b'), false],
    ['organisation.unit', exampleApplication('K1b'), false],
    ['organisation.standing', exampleApplication('K1b'), false],
    ['organisation.position', k1, false],
    ['organisation.unit', k1, false],
    ['organisation.standing', k1, false],
    ['organisation.position', k4, true],
    ['organisation.unit', k4, true],
    ['organisation.standing', k4, true],
    ['organisation.bodyKind', k4, false],
    ['organisation.bodyKind', exampleApplication('K5'), true],
    ['organisation.bodyKind', exampleApplication('K6'), true],
    ['organisation.sealText', k4, false],
    ['organisation.sealText', organisation({ hasSealAuthority: true })(k4), true],
    ['organisation.sealText', organisation({ hasSealAuthority: true })(k1), false],
    ['representative.isPresent', k1, true],
    ['representative.person.fin', k1, false],
    ['representative.document.number', k1, false],
    ['representative.person.fin', represented()(k1), true],
    ['representative.document.number', represented()(k1), true],
    ['representative.document.judgeCardNumber', represented()(k1), false],
    ['representative.document.judgeCardNumber', represented()(document({ kind: 'judge' })(k1)), true],
    [
      'representative.document.judgeCardNumber',
      document({ kind: 'judge' })({ ...k1, representative: { ...k1.representative, document: { ...k1.document, kind: 'judge' } } }),
      false,
    ],
    ['representative.document.validUntilOn', represented()(k1), true],
    ['representative.document.validUntilOn', represented()(document({ isUnlimited: true })(k1)), false],
    ['representative.document.validUntilOn', k1, false],
    ['powersOfAttorney', k1, false],
    ['powersOfAttorney', exampleApplication('K3'), false],
    ['powersOfAttorney', { ...k4, powersOfAttorney: [] }, true],
    ['powersOfAttorney', { ...exampleApplication('K2'), powersOfAttorney: [] }, true],
    ['powersOfAttorney', { ...exampleApplication('K6'), powersOfAttorney: [] }, true],
    ['powersOfAttorney', represented()(k1), true],
    ['powersOfAttorney', { ...k1, powersOfAttorney: [examplePowerOfAttorney('appendix-8', '', '')] }, true],
    ['powersOfAttorney.0.number', k4, true],
    ['powersOfAttorney.1.number', k4, false],
    ['powersOfAttorney.0.notaryName', k4, true],
    ['powersOfAttorney.0.notaryRegisterNumber', power({ certification: 'letterhead_seal' })(k4), false],
    ['powersOfAttorney.0.legalisation', k4, false],
    ['powersOfAttorney.0.legalisation', power({ country: 'TUR' })(k4), true],
    ['powersOfAttorney.0.legalisationNumber', power({ country: 'TUR' })(k4), false],
    ['powersOfAttorney.0.legalisationNumber', power({ legalisation: 'apostille' })(k4), false],
    ['powersOfAttorney.0.legalisationOn', power({ legalisation: 'apostille' })(k4), false],
    ['powersOfAttorney.0.legalisationReason', power({ legalisation: 'not_required' })(k4), false],
    ['powersOfAttorney.0.legalisationOn', power({ country: 'TUR', legalisation: 'legalised' })(k4), true],
    ['powersOfAttorney.0.legalisationReason', power({ country: 'TUR', legalisation: 'legalised' })(k4), false],
    ['powersOfAttorney.0.legalisationReason', power({ country: 'TUR', legalisation: 'not_required' })(k4), true],
    ['x.powersOfAttorney.3.number', k4, true],
    ['powersOfAttorney.3.number.x', { ...k1, powersOfAttorney: [] }, false],
  ])('%s', (path, data, isNeeded) => {
    expect(isFieldNeeded(path, data)).toBe(isNeeded);
  });

  it('SIM-07: no problem is ever told of a field that is not on the form', () => {
    const texts = fc.constantFrom('', 'x', '0000012341', 'QYD0001', 'AZE', '2026-01-01');
    fc.assert(
      fc.property(fc.constantFrom(...categories), texts, fc.boolean(), fc.boolean(), (category, text, isPresent, isCorporate) => {
        const data: ApplicationData = {
          ...carrier({ isCorporate, corporateVoen: text })(
            organisation({ voen: text, name: text })(person({ surname: text, fin: text })(exampleApplication(category))),
          ),
          representative: { ...emptyApplicationData().representative, isPresent },
        };
        const problems = listProblems(data, exampleTodayOn);
        for (const { field } of problems) expect(isFieldNeeded(field, data)).toBe(true);
        expect(new Set(problems.map(({ field }) => field)).size).toBe(problems.length);
      }),
    );
  });
});

describe('what the form never holds', () => {
  it('CR-04: the data have no field for PIN 1, PIN 2 or PUK, and such a field is dropped when it comes', () => {
    const paths = (value: unknown, prefix = ''): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, each]) => [prefix + key, ...paths(each, `${prefix}${key}.`)])
        : [];
    for (const category of categories)
      expect(paths(exampleApplication(category)).filter((path) => /pin|puk|secretAnswer/iu.test(path))).toEqual([]);
    const parsed = applicationDataSchema.parse({
      ...exampleApplication(),
      pin1: '1234',
      carrier: { ...exampleApplication().carrier, puk: '12345678' },
    });
    expect(JSON.stringify(parsed)).not.toMatch(/1234"|12345678"/u);
    expect(Object.keys(parsed)).not.toContain('pin1');
    expect(Object.keys(parsed.carrier)).not.toContain('puk');
  });
});
