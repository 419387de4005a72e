import { applicationDataSchema, type ApplicationData, type PowerOfAttorney } from './application-data.ts';
import { signablePapers, type Category } from './vocabulary.ts';

/** The day on which the example is complete and everything in it is in force. */
export const exampleTodayOn = '2026-03-02';

/** A power of attorney in force on the example's day. All persons and numbers of this file are invented. */
export function examplePowerOfAttorney(form: PowerOfAttorney['form'], grantor: string, grantee: string): PowerOfAttorney {
  return {
    form,
    number: '12',
    issuedOn: '2026-01-15',
    validUntilOn: '2027-01-15',
    grantor,
    grantee,
    certification: 'notarised',
    notaryName: 'Sınaq notariusu',
    notaryRegisterNumber: 'S-1',
    country: 'AZE',
    legalisation: '',
    legalisationNumber: '',
    legalisationOn: '',
    legalisationReason: '',
  };
}

const naturalVoen = '0000012342';
const legalVoen = '0000012341';

/** A complete application of a category, for tests and training: an invented citizen, an invented SIM, an invented organisation. */
export function exampleApplication(category: Category = 'K1'): ApplicationData {
  const isOfTaxpayer = category === 'K1b' || category === 'K2';
  const isOfState = category === 'K5' || category === 'K6';
  const isEmployee = category === 'K2' || category === 'K4' || category === 'K6';
  const voen = isOfTaxpayer ? naturalVoen : legalVoen;
  const fin = 'QYD0001';
  return applicationDataSchema.parse({
    category,
    kinds: category === 'K1' ? ['PER'] : [isOfState ? 'STA' : 'BUS'],
    document: { kind: 'citizen_card', number: 'AA0000012', issuedBy: 'Sınaq şöbəsi', issuedOn: '2021-01-14', validUntilOn: '2031-01-14' },
    person: {
      fin,
      surname: 'Quliyeva',
      givenName: 'Nuray',
      fatherName: 'Elçin',
      sex: 'F',
      birthOn: '1990-01-15',
      birthPlace: 'Bakı',
      citizenship: 'AZE',
    },
    contact: { registeredAddress: 'Bakı, Sınaq küçəsi 1', phone: '+994500000002' },
    carrier: { phone: '+994500000001', iccid: '8999401000000000018', operator: 'azercell', connectionFormNumber: 'F-1' },
    ...(category === 'K1'
      ? {}
      : {
          organisation: {
            voen,
            name: 'Sınaq müəssisəsi',
            position: category === 'K1b' ? '' : 'mütəxəssis',
            standing: isEmployee ? 'employee' : category === 'K1b' ? '' : 'head',
            bodyKind: isOfState ? 'administrative_body' : 'private',
          },
        }),
    powersOfAttorney: isEmployee ? [examplePowerOfAttorney('appendix-7', voen, fin)] : [],
    presented: Object.fromEntries(
      ['D-01', 'D-02', 'D-09', 'D-10', ...(isEmployee ? ['D-05'] : [])].map((code) => [code, { isShown: true }]),
    ),
    consent: { textVersion: '2026-1', givenAtMs: 1 },
    secretQuestion: 'first_school',
  });
}

/** The same application filed by an invented representative whose power of attorney lets him sign everything. */
export function exampleRepresented(category: Category = 'K1'): ApplicationData {
  const data = exampleApplication(category);
  const fin = 'QYD0007';
  const power = { ...examplePowerOfAttorney('appendix-8', data.person.fin, fin), signs: [...signablePapers] };
  return {
    ...data,
    representative: {
      isPresent: true,
      person: { ...data.person, fin, surname: 'Cəfərov', givenName: 'Fərid', fatherName: 'Zaur', sex: 'M', birthOn: '1996-12-30' },
      document: { ...data.document, number: 'AA0000077', issuedOn: '2024-01-10', validUntilOn: '2034-01-09' },
    },
    powersOfAttorney: [power, ...data.powersOfAttorney],
    presented: { ...data.presented, 'D-04': { isShown: true, validUntilOn: '', note: '' } },
  };
}
