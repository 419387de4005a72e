import { describe, expect, it } from 'vitest';
import type { ApplicationData } from './application-data.ts';
import { emptyApplicationData } from './application-data.ts';
import { exampleApplication, exampleRepresented } from './example-application.ts';
import {
  adoptFromRegister,
  adoptOrganisation,
  adoptRepresentative,
  compareOrganisation,
  compareRepresentative,
  compareWithRegister,
  keepAdopted,
  type RegisterPerson,
} from './register-comparison.ts';

const data = exampleApplication('K3');
const answer: RegisterPerson = {
  fin: 'QYD0001',
  surname: 'Quliyeva',
  givenName: 'Nuray',
  fatherName: 'Elçin',
  sex: 'F',
  birthOn: '1990-01-15',
  birthPlace: 'Bakı',
  citizenship: 'AZE',
  registeredAddress: 'Bakı, Sınaq küçəsi 1',
  document: {
    kind: 'citizen_card',
    number: 'AA0000012',
    issuedBy: 'Sınaq şöbəsi',
    issuedOn: '2021-01-14',
    validUntilOn: '2031-01-14',
    isUnlimited: false,
  },
};
function verdictOf(field: string, typed: ApplicationData, answered: RegisterPerson = answer): string | undefined {
  return compareWithRegister(typed, answered).find((each) => each.field === field)?.verdict;
}
const typedPerson = (change: Partial<ApplicationData['person']>): ApplicationData => ({ ...data, person: { ...data.person, ...change } });

describe('comparison', () => {
  const fields = [
    'person.fin',
    'person.surname',
    'person.givenName',
    'person.fatherName',
    'person.sex',
    'person.birthOn',
    'person.birthPlace',
    'person.citizenship',
    'contact.registeredAddress',
    'document.number',
    'document.issuedBy',
    'document.issuedOn',
    'document.validUntilOn',
  ];
  it('COM-04: what was typed as the register has it is the same, field by field', () => {
    expect(compareWithRegister(data, answer).map(({ field, verdict }) => `${field} ${verdict}`)).toEqual(
      fields.map((field) => `${field} same`),
    );
  });

  it('COM-04: each field shows what was typed beside what was answered', () => {
    expect(compareWithRegister(typedPerson({ surname: 'Quliyev' }), answer)).toContainEqual({
      field: 'person.surname',
      typed: 'Quliyev',
      answered: 'Quliyeva',
      verdict: 'differs',
    });
  });

  it.each([
    ['person.surname', { surname: 'QULIYEVA' }, 'loosely_same'],
    ['person.surname', { surname: 'Quliyeva ' }, 'same'],
    ['person.surname', { surname: '' }, 'missing'],
    // Ç may be written CH in a machine-readable zone.
    ['person.fatherName', { fatherName: 'Elchin' }, 'loosely_same'],
    ['person.fatherName', { fatherName: 'ELCIN' }, 'loosely_same'],
    ['person.birthPlace', { birthPlace: 'Baki' }, 'loosely_same'],
    ['person.fin', { fin: 'qyd0001' }, 'loosely_same'],
    ['person.birthOn', { birthOn: '1990-01-16' }, 'differs'],
    ['person.sex', { sex: 'M' }, 'differs'],
    ['person.sex', { sex: '' }, 'missing'],
  ] as const)('%s typed as %j is %s', (field, change, verdict) => {
    expect(verdictOf(field, typedPerson(change))).toBe(verdict);
  });

  it('the letters of a machine-readable zone make no difference in a name, and do in a code', () => {
    const withMrzName = { ...answer, surname: 'Məmmədova' };
    expect(verdictOf('person.surname', typedPerson({ surname: 'MAMMADOVA' }), withMrzName)).toBe('loosely_same');
    const differing = { ...data, document: { ...data.document, number: 'AE1' } };
    expect(verdictOf('document.number', differing, { ...answer, document: { ...answer.document, number: 'ƏÖ1' } })).toBe('differs');
  });

  it('a field that the register leaves empty is not compared', () => {
    expect(verdictOf('person.fatherName', data, { ...answer, fatherName: '' })).toBeUndefined();
  });

  it('an empty form misses everything the register knows', () => {
    const verdicts = compareWithRegister(emptyApplicationData(), answer).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(['missing']));
  });

  it('COM-05: an organisation is compared by VÖEN, name and kind of body', () => {
    const organisation = { voen: '0000012341', name: 'SINAQ MÜƏSSİSƏSİ', bodyKind: 'municipality' };
    expect(compareOrganisation(data, organisation).map(({ field, verdict }) => `${field} ${verdict}`)).toEqual([
      'organisation.voen same',
      'organisation.name loosely_same',
      'organisation.bodyKind differs',
    ]);
    expect(compareOrganisation(data, { ...organisation, bodyKind: '' })).toHaveLength(2);
    const spelled = { ...data, organisation: { ...data.organisation, name: 'Sinaq müessisesi' } };
    expect(compareOrganisation(spelled, organisation)[1]?.verdict).toBe('loosely_same');
  });
});

describe('taking over', () => {
  function adopted(typed: ApplicationData, answered: RegisterPerson = answer): ApplicationData {
    const result = adoptFromRegister(typed, answered);
    if (!result.ok) throw new Error(result.error.fields.join());
    return result.value;
  }

  it('COM-04: the official fields are filled and noted, the rest stays as typed', () => {
    const empty = emptyApplicationData();
    const value = adopted({ ...empty, person: { ...empty.person, fin: 'QYD0001' } });
    expect(value.person).toEqual(data.person);
    expect(value.document).toEqual({ ...data.document, judgeCardNumber: '' });
    expect(value.contact).toEqual({ ...empty.contact, registeredAddress: 'Bakı, Sınaq küçəsi 1' });
    expect(value.carrier).toEqual(empty.carrier);
    expect(value.adopted).toEqual([...compareWithRegister(empty, answer).map(({ field }) => field)].sort());
  });

  it('COM-04: what the register says replaces what was typed', () => {
    const value = adopted(
      typedPerson({ surname: 'QULIYEVA', givenName: 'Başqa', birthPlace: 'Gəncə', citizenship: 'TUR', sex: 'M', fatherName: 'x' }),
    );
    expect(value.person).toEqual(data.person);
    const typed = {
      ...data,
      document: {
        ...data.document,
        number: 'x',
        issuedBy: 'x',
        issuedOn: '2020-01-01',
        validUntilOn: '2020-01-01',
        kind: 'military_card' as const,
      },
    };
    expect(adopted(typed).document).toEqual(data.document);
  });

  it('a field that the register leaves empty stays as typed and is not noted', () => {
    const bare: RegisterPerson = {
      ...answer,
      surname: '',
      givenName: '',
      fatherName: '',
      birthOn: '',
      birthPlace: '',
      citizenship: '',
      registeredAddress: '',
      document: { kind: 'unknown', number: '', issuedBy: '', issuedOn: '', validUntilOn: '', isUnlimited: false },
    };
    const value = adopted(data, bare);
    expect({ ...value, adopted: [] }).toEqual(data);
    expect(value.adopted).toEqual(['person.fin', 'person.sex']);
  });

  it('a document without end loses its last day', () => {
    expect(adopted(data, { ...answer, document: { ...answer.document, isUnlimited: true } }).document).toMatchObject({
      isUnlimited: true,
      validUntilOn: '',
    });
  });

  it('CR-09: a judge stays a judge, since the identity card is what the register knows', () => {
    const judge = { ...data, document: { ...data.document, kind: 'judge' as const, judgeCardNumber: 'H-1' } };
    expect(adopted(judge).document).toMatchObject({ kind: 'judge', judgeCardNumber: 'H-1' });
    expect(adopted(judge, { ...answer, document: { ...answer.document, kind: 'military_card' } }).document.kind).toBe('military_card');
  });

  it.each([
    ['person.fin', { fin: 'QYD0002' }],
    ['person.surname', { surname: 'Həsənova' }],
    ['person.birthOn', { birthOn: '1991-01-15' }],
  ] as const)('COM-01: another %s stops the taking over', (field, change) => {
    expect(adoptFromRegister(typedPerson(change), answer)).toEqual({ ok: false, error: { code: 'ANSWER_OF_ANOTHER', fields: [field] } });
  });

  it('COM-01: without a typed FİN nothing is taken over', () => {
    expect(adoptFromRegister(typedPerson({ fin: '' }), answer)).toEqual({
      ok: false,
      error: { code: 'ANSWER_OF_ANOTHER', fields: ['person.fin'] },
    });
  });

  it('another given name does not stop it, because it is corrected by it', () => {
    expect(adoptFromRegister(typedPerson({ givenName: 'Başqa' }), answer).ok).toBe(true);
  });

  it('COM-05: an organisation fills its name and kind of body under the same VÖEN only', () => {
    const organisation = { voen: '0000012341', name: 'Yeni ad', bodyKind: 'municipality' };
    const typed = { ...data, organisation: { ...data.organisation, voen: '000 001 2341' } };
    expect(adoptOrganisation(typed, organisation)).toMatchObject({
      ok: true,
      value: {
        organisation: { ...data.organisation, voen: '0000012341', name: 'Yeni ad', bodyKind: 'municipality' },
        adopted: ['organisation.bodyKind', 'organisation.name', 'organisation.voen'],
      },
    });
    expect(adoptOrganisation(data, { ...organisation, voen: '0000000131' })).toEqual({
      ok: false,
      error: { code: 'ANSWER_OF_ANOTHER', fields: ['organisation.voen'] },
    });
    expect(adoptOrganisation(data, { ...organisation, name: '', bodyKind: 'nobody knows' })).toMatchObject({
      ok: true,
      value: { organisation: data.organisation },
    });
  });

  it('paths noted before stay noted, each once', () => {
    const result = adoptOrganisation(
      { ...data, adopted: ['person.fin', 'organisation.name'] },
      { voen: '0000012341', name: 'x', bodyKind: '' },
    );
    expect(result.ok && result.value.adopted).toEqual(['organisation.name', 'organisation.voen', 'person.fin']);
  });

  it('an edited field is not taken over any more', () => {
    const before = adopted(data);
    const after = { ...before, person: { ...before.person, surname: 'Başqa' } };
    expect(keepAdopted(before, after)).toEqual(before.adopted.filter((path) => path !== 'person.surname'));
    expect(keepAdopted(before, before)).toEqual(before.adopted);
    expect(keepAdopted(before, { ...before, adopted: ['no.such.path'] })).toEqual(['no.such.path']);
  });
});

describe('the representative', () => {
  const represented = exampleRepresented();
  const ferid: RegisterPerson = {
    ...answer,
    fin: 'QYD0007',
    surname: 'CƏFƏROV',
    givenName: 'FƏRİD',
    fatherName: 'ZAUR',
    sex: 'M',
    birthOn: '1996-12-30',
    registeredAddress: 'Bakı, Başqa küçə 2',
    document: { ...answer.document, number: 'AA0000077', issuedOn: '2024-01-10', validUntilOn: '2034-01-09' },
  };

  it('COM-16 COM-04: his own data stand beside the answer; the address of the applicant is not his', () => {
    const lines = compareRepresentative(represented, ferid);
    expect(lines.every(({ field }) => field.startsWith('representative.'))).toBe(true);
    expect(lines.find(({ field }) => field === 'representative.person.surname')).toMatchObject({
      typed: 'Cəfərov',
      verdict: 'loosely_same',
    });
    const other = { ...ferid, document: { ...ferid.document, number: 'AA0000078' } };
    expect(compareRepresentative(represented, other).find(({ verdict }) => verdict === 'differs')?.field).toBe(
      'representative.document.number',
    );
  });

  it('COM-16: taking over fills his block, marks it, and leaves the applicant as he is', () => {
    const typed = {
      ...represented,
      representative: { ...represented.representative, person: { ...represented.representative.person, birthPlace: '' } },
    };
    const adopted = adoptRepresentative(typed, ferid);
    if (!adopted.ok) throw new Error('not taken over');
    expect(adopted.value.representative.person).toMatchObject({ surname: 'CƏFƏROV', birthPlace: 'Bakı' });
    expect(adopted.value.adopted).toContain('representative.person.birthPlace');
    const { person, document, contact } = adopted.value;
    expect({ person, document, contact }).toEqual({ person: typed.person, document: typed.document, contact: typed.contact });
    const edited = withPlace(adopted.value, 'Gəncə');
    expect(keepAdopted(adopted.value, edited)).not.toContain('representative.person.birthPlace');
  });

  it('COM-16 COM-01: the answer about another person is not taken over', () => {
    expect(adoptRepresentative(represented, { ...ferid, birthOn: '1990-01-01' })).toEqual({
      ok: false,
      error: { code: 'ANSWER_OF_ANOTHER', fields: ['representative.person.birthOn'] },
    });
  });

  function withPlace(of: ApplicationData, birthPlace: string): ApplicationData {
    return { ...of, representative: { ...of.representative, person: { ...of.representative.person, birthPlace } } };
  }
});
