import { describe, expect, it } from 'vitest';
import type { ApplicationData } from './application-data.ts';
import { emptyApplicationData } from './application-data.ts';
import { exampleApplication, exampleRepresented, exampleTodayOn } from './example-application.ts';
import { fieldsOfLookUp, lookUpKey, lookUpQueryFor, withNormalisedFields } from './look-up-queries.ts';

const data = exampleApplication('K3');
function problemsOf(kind: 'person' | 'organisation' | 'sim', change: ApplicationData): string[] {
  const query = lookUpQueryFor(kind, change, exampleTodayOn);
  return query.ok ? [] : query.error.map(({ field, code }) => `${field} ${code}`);
}

describe('queries', () => {
  it('COM-04: a person is asked for by FİN, document and birth date, each in its normal form', () => {
    const typed = { ...data, person: { ...data.person, fin: ' qyd0001' }, document: { ...data.document, number: 'aa 0000012' } };
    expect(lookUpQueryFor('person', typed, exampleTodayOn)).toEqual({
      ok: true,
      value: { fin: 'QYD0001', documentKind: 'citizen_card', documentNumber: 'AA0000012', birthOn: '1990-01-15' },
    });
  });

  it('COM-05: an organisation is asked for by its VÖEN', () => {
    expect(
      lookUpQueryFor('organisation', { ...data, organisation: { ...data.organisation, voen: '000 001 2341' } }, exampleTodayOn),
    ).toEqual({ ok: true, value: { voen: '0000012341' } });
  });

  it('a SIM is asked for by number and ICCID', () => {
    const typed = { ...data, carrier: { ...data.carrier, phone: '050 000 00 01', iccid: '8999 4010 0000 0000 018' } };
    expect(lookUpQueryFor('sim', typed, exampleTodayOn)).toEqual({
      ok: true,
      value: { phone: '+994500000001', iccid: '8999401000000000018' },
    });
  });

  it('COM-04: a mistyped FİN, number or birth date stops the query, so that no attempt is spent', () => {
    expect(problemsOf('person', { ...data, person: { ...data.person, fin: 'QYD001' } })).toEqual(['person.fin FIN_LENGTH']);
    expect(problemsOf('person', { ...data, document: { ...data.document, number: '1' } })).toEqual([
      'document.number DOCUMENT_NUMBER_FORMAT',
    ]);
    expect(problemsOf('person', { ...data, person: { ...data.person, birthOn: '' } })).toEqual(['person.birthOn REQUIRED']);
  });

  it('COM-05: a mistyped VÖEN, or one of the wrong kind of taxpayer, stops the query', () => {
    expect(problemsOf('organisation', { ...data, organisation: { ...data.organisation, voen: '0000012351' } })).toEqual([
      'organisation.voen VOEN_CHECK_DIGIT',
    ]);
    expect(problemsOf('organisation', { ...data, organisation: { ...data.organisation, voen: '0000012342' } })).toEqual([
      'organisation.voen VOEN_NOT_FOR_CATEGORY',
    ]);
  });

  it('K1: an individual has no organisation to ask for', () => {
    expect(lookUpQueryFor('organisation', exampleApplication('K1'), exampleTodayOn)).toEqual({
      ok: false,
      error: [{ field: 'organisation.voen', code: 'VOEN_NOT_FOR_CATEGORY', params: { category: 'K1' } }],
    });
  });

  it('a mistyped ICCID or number stops the SIM query', () => {
    expect(problemsOf('sim', { ...data, carrier: { ...data.carrier, iccid: '8999401000000000019', phone: '' } })).toEqual([
      'carrier.phone REQUIRED',
      'carrier.iccid ICCID_CHECK_DIGIT',
    ]);
  });

  it('the rest of a draft may be empty', () => {
    const draft: ApplicationData = {
      ...emptyApplicationData(),
      document: { ...emptyApplicationData().document, number: 'AA0000012' },
      person: { ...emptyApplicationData().person, fin: 'QYD0001', birthOn: '1990-01-15' },
    };
    expect(lookUpQueryFor('person', draft, exampleTodayOn).ok).toBe(true);
    expect(lookUpQueryFor('sim', draft, exampleTodayOn).ok).toBe(false);
  });

  it('COM-16: the representative is asked for by his own FİN and document, and only where there is one', () => {
    const represented = exampleRepresented();
    const query = lookUpQueryFor('representative', represented, exampleTodayOn);
    expect(query).toEqual({
      ok: true,
      value: { fin: 'QYD0007', documentKind: 'citizen_card', documentNumber: 'AA0000077', birthOn: '1996-12-30' },
    });
    const person = { ...represented.representative.person, fin: 'QY' };
    const mistyped = { ...represented, representative: { ...represented.representative, person } };
    expect(lookUpQueryFor('representative', mistyped, exampleTodayOn).ok).toBe(false);
    expect(lookUpQueryFor('person', mistyped, exampleTodayOn).ok).toBe(true);
    expect(lookUpQueryFor('representative', exampleApplication(), exampleTodayOn)).toEqual({
      ok: false,
      error: [{ field: 'representative.isPresent', code: 'REQUIRED', params: {} }],
    });
    expect(lookUpKey('representative', mistyped)).not.toBe(lookUpKey('representative', represented));
    expect(lookUpKey('person', mistyped)).toBe(lookUpKey('person', represented));
  });

  it('names the fields of each search', () => {
    expect(fieldsOfLookUp).toEqual({
      person: ['document.kind', 'document.number', 'person.fin', 'person.birthOn'],
      representative: [
        'representative.isPresent',
        'representative.document.kind',
        'representative.document.number',
        'representative.person.fin',
        'representative.person.birthOn',
      ],
      organisation: ['organisation.voen'],
      sim: ['carrier.phone', 'carrier.iccid'],
      entitlement: ['person.fin', 'kinds', 'organisation.voen'],
      holder: ['document.kind', 'document.number', 'person.fin', 'person.birthOn'],
    });
  });
});

describe('the key of a question', () => {
  const keyOf = (change: Partial<ApplicationData>) => lookUpKey('person', { ...data, ...change });
  it('COM-04: changes with every part of the question, so that an answer for something else is stale', () => {
    const changes: Partial<ApplicationData>[] = [
      { person: { ...data.person, fin: 'QYD0002' } },
      { person: { ...data.person, birthOn: '1990-01-16' } },
      { document: { ...data.document, number: 'AA0000013' } },
      { document: { ...data.document, kind: 'judge' } },
    ];
    expect(new Set([keyOf({}), ...changes.map(keyOf)]).size).toBe(5);
    expect(lookUpKey('organisation', data)).not.toBe(
      lookUpKey('organisation', { ...data, organisation: { ...data.organisation, voen: '0000000131' } }),
    );
    expect(lookUpKey('sim', data)).not.toBe(lookUpKey('sim', { ...data, carrier: { ...data.carrier, iccid: '1' } }));
  });

  it('stays the same for what the question does not ask, and for another way of writing', () => {
    expect(keyOf({ person: { ...data.person, surname: 'Başqa', fin: 'qyd 0001' } })).toBe(keyOf({}));
    expect(lookUpKey('sim', { ...data, carrier: { ...data.carrier, phone: '0500000001' } })).toBe(lookUpKey('sim', data));
  });
});

describe('normal form', () => {
  it('puts every number and name in its normal form and nothing else', () => {
    const typed: ApplicationData = {
      ...data,
      person: { ...data.person, fin: 'qyd0001', surname: ' Quliyeva ', givenName: 'Nuray  ', fatherName: ' Elçin' },
      document: { ...data.document, number: 'aa0000012' },
      contact: { ...data.contact, phone: '050 000 00 02', email: ' a@b.az ' },
      carrier: { ...data.carrier, phone: '0500000001', iccid: '8999 401000000000018', corporateVoen: '000 001 2341' },
      organisation: { ...data.organisation, voen: '000 0012341', name: ' Sınaq  müəssisəsi ' },
      representative: {
        isPresent: true,
        person: { ...data.person, fin: 'qyd0002', surname: ' Sınaq ' },
        document: { ...data.document, number: '00000012' },
      },
    };
    expect(withNormalisedFields(typed)).toEqual({
      ...data,
      contact: { ...data.contact, phone: '+994500000002', email: 'a@b.az' },
      carrier: { ...data.carrier, corporateVoen: '0000012341' },
      representative: {
        isPresent: true,
        person: { ...data.person, fin: 'QYD0002', surname: 'Sınaq' },
        document: { ...data.document, number: 'AZE00000012' },
      },
    });
  });

  it('leaves what has no normal form as it was typed, and is idempotent', () => {
    const odd = { ...data, person: { ...data.person, fin: 'qyd 1' }, carrier: { ...data.carrier, phone: 'x y' } };
    expect(withNormalisedFields(odd).person.fin).toBe('qyd 1');
    expect(withNormalisedFields(odd).carrier.phone).toBe('x y');
    expect(withNormalisedFields(withNormalisedFields(odd))).toEqual(withNormalisedFields(odd));
    expect(withNormalisedFields(data)).toEqual(data);
  });
});
