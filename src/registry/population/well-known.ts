import { findVoen, makeIccid } from './numbers.ts';
import type { RegisteredDocument, RegisteredOrganisation, RegisteredPerson, RegisteredSim } from './records.ts';
import { activationOf } from './service-term.ts';

/**
 * The fixed cast: people, bodies and SIMs with a part to play in tests, in training and in the manual. All invented. The table in the
 * README of this folder says what each is for.
 */
function citizen(
  fin: string,
  name: readonly [surname: string, givenName: string, fatherName: string, sex: 'M' | 'F'],
  birthOn: string,
  document: { kind?: RegisteredDocument['kind']; number: string; issuedOn: string; validUntilOn: string; isUnlimited?: boolean },
): RegisteredPerson {
  const [surname, givenName, fatherName, sex] = name;
  return {
    register: 'İAMAS',
    fin,
    surname,
    givenName,
    fatherName,
    sex,
    birthOn,
    birthPlace: 'Bakı şəhəri',
    citizenship: 'AZE',
    registeredAddress: `Bakı şəhəri, Çinar küçəsi, ev ${Number.parseInt(fin.slice(3), 10)}`,
    documents: [
      {
        kind: document.kind ?? 'citizen_card',
        number: document.number,
        issuedBy: document.kind === 'military_card' ? 'Müdafiə Nazirliyi' : 'ASAN xidmət 1',
        issuedOn: document.issuedOn,
        validUntilOn: document.validUntilOn,
        isUnlimited: document.isUnlimited ?? false,
      },
    ],
  };
}

function foreigner(
  fin: string,
  name: readonly [surname: string, givenName: string, sex: 'M' | 'F', country: string],
  birthOn: string,
  document: { kind: RegisteredDocument['kind']; number: string; issuedOn: string; validUntilOn: string },
): RegisteredPerson {
  const [surname, givenName, sex, citizenship] = name;
  return {
    register: 'VMMS',
    fin,
    surname,
    givenName,
    fatherName: '',
    sex,
    birthOn,
    birthPlace: citizenship,
    citizenship,
    registeredAddress: 'Bakı şəhəri, Dəniz küçəsi, ev 7',
    documents: [{ ...document, issuedBy: 'Dövlət Miqrasiya Xidməti', isUnlimited: false }],
  };
}

export const wellKnownPeople: readonly RegisteredPerson[] = [
  citizen('QYD0001', ['QULİYEVA', 'NURAY', 'ELÇİN', 'F'], '1990-01-15', {
    number: 'AA0000012',
    issuedOn: '2021-01-15',
    validUntilOn: '2031-01-14',
  }),
  citizen('QYD0002', ['MƏMMƏDOV', 'ELVİN', 'RƏŞAD', 'M'], '1985-03-10', {
    number: 'AZE00000012',
    issuedOn: '2018-03-10',
    validUntilOn: '2028-03-09',
  }),
  citizen('QYD0003', ['ƏLİYEVA', 'GÜNEL', 'İLQAR', 'F'], '1992-07-21', {
    number: 'AA0000033',
    issuedOn: '2022-05-02',
    validUntilOn: '2032-05-01',
  }),
  citizen('QYD0004', ['HÜSEYNOV', 'ÇİNGİZ', 'ƏLİ', 'M'], '1979-11-05', {
    number: 'AA0000044',
    issuedOn: '2020-06-11',
    validUntilOn: '2030-06-10',
  }),
  citizen('QYD0005', ['ŞIXLI', 'XƏYALƏ', 'ÖMƏR', 'F'], '1975-02-28', {
    number: 'AA0000055',
    issuedOn: '2023-02-28',
    validUntilOn: '2033-02-27',
  }),
  citizen('QYD0006', ['BAĞIROV', 'TOĞRUL', 'NATİQ', 'M'], '1988-09-09', {
    number: 'AA0000066',
    issuedOn: '2015-09-10',
    validUntilOn: '2025-09-09',
  }),
  citizen('QYD0007', ['CƏFƏROV', 'FƏRİD', 'ZAUR', 'M'], '1996-12-30', {
    number: 'AA0000077',
    issuedOn: '2024-01-10',
    validUntilOn: '2034-01-09',
  }),
  citizen('QYD0008', ['RZAYEVA', 'LALƏ', 'VÜSAL', 'F'], '1999-04-17', {
    number: 'AA0000088',
    issuedOn: '2024-04-18',
    validUntilOn: '2034-04-17',
  }),
  citizen('QYD0009', ['KÖÇƏRLİ', 'YUSİF', 'HÜSEYN', 'M'], '1968-08-01', {
    number: 'AA0000099',
    issuedOn: '2022-08-01',
    validUntilOn: '2099-12-31',
    isUnlimited: true,
  }),
  citizen('QYD0010', ['ORUCOV', 'ANAR', 'QABİL', 'M'], '1991-05-25', {
    kind: 'military_card',
    number: 'H0000101',
    issuedOn: '2021-03-03',
    validUntilOn: '2031-03-02',
  }),
  foreigner('QYD003', ['DEMIR', 'KEREM', 'M', 'TUR'], '1979-12-31', {
    kind: 'temporary_permit',
    number: '0000123',
    issuedOn: '2025-07-01',
    validUntilOn: '2027-06-30',
  }),
  foreigner('QYD04', ['DEMIR', 'KEREM', 'M', 'TUR'], '1979-12-31', {
    kind: 'permanent_permit',
    number: '0000124',
    issuedOn: '2025-07-01',
    validUntilOn: '2027-06-30',
  }),
  foreigner('QYD05', ['HAMID', 'SAMIRA', 'F', 'AFG'], '1994-06-06', {
    kind: 'refugee_card',
    number: '000125',
    issuedOn: '2025-06-06',
    validUntilOn: '2028-06-05',
  }),
  foreigner('QYD0011', ['SMITH', 'JOHN', 'M', 'GBR'], '1983-10-13', {
    kind: 'foreign_passport',
    number: 'C0000126',
    issuedOn: '2022-10-13',
    validUntilOn: '2032-10-12',
  }),
];

function voen(serial: number, status: 1 | 2): string {
  const number = findVoen(serial, status);
  if (number === null) throw new Error(`Serial ${serial} has no check digit.`);
  return number;
}

/** The body on whose VÖEN each part is played. */
export const wellKnownVoen = {
  privateLegal: voen(123, 1),
  individualTaxpayer: voen(123, 2),
  stateBody: voen(1, 1),
  municipality: voen(14, 1),
  selfFinancing: voen(15, 1),
  secondPrivateLegal: voen(16, 1),
  court: voen(17, 1),
} as const;

export const wellKnownOrganisations: readonly RegisteredOrganisation[] = [
  organisation(wellKnownVoen.privateLegal, '"Xəzər Sınaq" MMC', 'private', 'QYD0002', ['QYD0007', 'QYD0003']),
  organisation(wellKnownVoen.individualTaxpayer, 'ƏLİYEVA GÜNEL İLQAR qızı', 'private', 'QYD0003', ['QYD0008']),
  organisation(wellKnownVoen.stateBody, 'Sınaq İşləri Dövlət Xidməti', 'administrative_body', 'QYD0005', ['QYD0004']),
  organisation(wellKnownVoen.municipality, 'Çinarlı bələdiyyəsi', 'municipality', 'QYD0009', ['QYD0010']),
  organisation(wellKnownVoen.selfFinancing, '"Sınaq Nəşriyyatı" publik hüquqi şəxs', 'self_financing_subordinate', 'QYD0004', ['QYD0007']),
  organisation(wellKnownVoen.secondPrivateLegal, '"Şəfəq Sınaq" ASC', 'private', 'QYD0007', ['QYD0002', 'QYD0001']),
  organisation(wellKnownVoen.court, 'Çinarlı rayon məhkəməsi', 'judiciary', 'QYD0009', ['QYD0005']),
];

function organisation(
  number: string,
  name: string,
  bodyKind: RegisteredOrganisation['bodyKind'],
  headFin: string,
  employeeFins: readonly string[],
): RegisteredOrganisation {
  return {
    voen: number,
    name,
    bodyKind,
    address: 'Bakı şəhəri, Dəniz küçəsi, ev 1',
    headFin,
    taxOffice: 'Bakı 1 saylı vergi ödəyicilərinə xidmət mərkəzi',
    employeeFins,
  };
}

const issuerOfPrefix: Readonly<Record<string, 1 | 2 | 3>> = { '50': 1, '51': 1, '55': 2, '99': 2, '70': 3, '77': 3 };

function sim(
  phone: string,
  account: number,
  ownerFin: string,
  serviceType: RegisteredSim['serviceType'],
  serviceUntilOn: string,
  more: { readonly isCorporate?: boolean; readonly activatedOn?: string } = {},
): RegisteredSim {
  const issuer = issuerOfPrefix[phone.slice(4, 6)] ?? 1;
  return {
    phone,
    iccid: makeIccid(issuer, account),
    duplicateIccid: makeIccid(issuer, 90_000_000 + account),
    operator: ({ 1: 'azercell', 2: 'bakcell', 3: 'nar' } as const)[issuer],
    serviceType,
    serviceActivatedOn: more.activatedOn ?? activationOf(serviceUntilOn, 0),
    serviceUntilOn,
    ownerFin,
    isCorporate: more.isCorporate ?? false,
  };
}

export const wellKnownSims: readonly RegisteredSim[] = [
  sim('+994500000001', 1, 'QYD0001', 'personal', '2029-11-30'),
  sim('+994510000002', 2, 'QYD0002', 'business', '2027-06-30'),
  sim('+994550000003', 3, 'QYD0003', 'business', '2031-12-31'),
  sim('+994700000004', 4, 'QYD0004', 'state', '2031-12-31'),
  sim('+994550000005', 5, 'QYD0005', 'state', '2029-01-31'),
  sim('+994500000006', 6, 'QYD0006', 'personal', '2030-03-31'),
  sim('+994510000007', 7, 'QYD0007', 'business', '2031-12-31', { isCorporate: true }),
  sim('+994770000008', 8, 'QYD0008', 'business', '2030-06-30'),
  sim('+994990000009', 9, 'QYD0009', 'state', '2030-06-30'),
  sim('+994500000010', 10, 'QYD0010', 'personal', '2031-05-31'),
  sim('+994500000011', 11, 'QYD003', 'personal', '2030-01-31'),
  sim('+994700000012', 12, 'QYD04', 'personal', '2030-01-31'),
  // Its service has ended: nothing can be issued on it.
  sim('+994500000013', 13, 'QYD0001', 'personal', '2025-12-31'),
  sim('+994500000014', 14, 'QYD0007', 'personal', '2031-12-31'),
  sim('+994500000015', 15, 'QYD05', 'personal', '2030-01-31'),
  sim('+994500000016', 16, 'QYD0011', 'personal', '2030-01-31'),
  // Connected before and on the day from which Nar's Personal service carries no Business. Source: C-36
  sim('+994700000017', 17, 'QYD0007', 'personal', '2028-06-18', { activatedOn: '2019-06-19' }),
  sim('+994700000018', 18, 'QYD0007', 'personal', '2029-06-19', { activatedOn: '2020-06-20' }),
];

/** By the names that tests and the training cast use. */
export const wellKnown = {
  people: wellKnownPeople,
  organisations: wellKnownOrganisations,
  sims: wellKnownSims,
  voen: wellKnownVoen,
} as const;
