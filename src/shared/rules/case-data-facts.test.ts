import { describe, expect, it } from 'vitest';
import type { ApplicationData } from './application-data.ts';
import { findSendStop } from './application-states.ts';
import { emptyCaseRecord, factsOfData, type CaseRecord } from './case-data-facts.ts';
import { emptyCaseFacts } from './case-facts.ts';
import { exampleApplication, exampleTodayOn } from './example-application.ts';
import { lookUpKey } from './look-up-queries.ts';
import { filerOf } from './signers.ts';
import { categories, lookUpKinds, type Category } from './vocabulary.ts';

/** A service of no particular age. */
const service = { operator: 'azercell', serviceActivatedOn: '', serviceUntilOn: '2030-01-01' } as const;

/** A case of the category with every answer in hand. */
function recordOf(data: ApplicationData, change: Partial<CaseRecord> = {}): CaseRecord {
  const lookUps = Object.fromEntries(
    lookUpKinds.map((kind) => [kind, { attempts: 1, outcome: 'found', key: lookUpKey(kind, data) }]),
  ) as CaseRecord['lookUps'];
  const serviceType = data.kinds.includes('STA') ? 'state' : data.kinds.includes('BUS') ? 'business' : 'personal';
  return {
    bearer: 'is_bearer',
    attendee: filerOf(data),
    hasSecretAnswer: true,
    isPassportAllowed: false,
    lookUps,
    sim: { ...service, serviceType, certificates: [] },
    entitlement: null,
    ...change,
  };
}
function facts(data: ApplicationData, change: Partial<CaseRecord> = {}) {
  return factsOfData(data, recordOf(data, change), exampleTodayOn);
}

describe('facts that follow from the data', () => {
  it.each(categories)('SIM-10: a complete case of %s with every answer in hand can be sent', (category: Category) => {
    const data = exampleApplication(category);
    expect(findSendStop({ ...emptyCaseFacts, ...facts(data), isOnline: true })).toBeNull();
    expect(facts(data)).toMatchObject({ category, needsOrganisation: category !== 'K1', kinds: 'allowed', certificateForm: 'paper' });
  });

  it('SIM-07: the data are complete with the secret answer and without a problem', () => {
    const data = exampleApplication();
    expect(facts(data).isDataComplete).toBe(true);
    expect(facts(data, { hasSecretAnswer: false }).isDataComplete).toBe(false);
    expect(facts({ ...data, secretQuestion: '' }).isDataComplete).toBe(false);
  });

  it('COM-01 COM-02: identity needs the bearer’s word and a document in force', () => {
    const data = exampleApplication();
    expect(facts(data).isIdentityAccepted).toBe(true);
    expect(facts(data, { bearer: 'not_asked' }).isIdentityAccepted).toBe(false);
    expect(facts(data, { bearer: 'not_bearer' }).isIdentityAccepted).toBe(false);
    expect(facts({ ...data, document: { ...data.document, validUntilOn: '2026-03-01' } }).isIdentityAccepted).toBe(false);
  });

  it('COM-16: the representative’s expired document stops identity', () => {
    const data = exampleApplication();
    const document = { ...data.document, validUntilOn: '2026-03-01' };
    expect(facts({ ...data, representative: { ...data.representative, isPresent: true, document } }).isIdentityAccepted).toBe(false);
  });

  it('COM-16 COM-01: the one who files is compared with his own document, and asked again when it is the other', () => {
    const data = exampleApplication();
    const represented = { ...data, representative: { ...data.representative, isPresent: true } };
    expect(facts(represented).isIdentityAccepted).toBe(true);
    expect(facts(represented, { attendee: 'applicant' }).isIdentityAccepted).toBe(false);
    expect(facts(data, { attendee: 'representative' }).isIdentityAccepted).toBe(false);
    expect(facts(data, { attendee: '' }).isIdentityAccepted).toBe(false);
    expect([facts(data).needsRepresentative, facts(represented).needsRepresentative]).toEqual([false, true]);
  });

  it('C-36: the day on which the operator opened the service decides, by the operator of the answer', () => {
    const data = exampleApplication('K3');
    const on = (serviceActivatedOn: string, operator = 'nar') =>
      facts(data, { sim: { ...service, operator, serviceType: 'personal', serviceActivatedOn, certificates: [] } }).kinds;
    expect(on('2020-06-19')).toBe('allowed');
    expect(on('2020-06-20')).toBe('refused');
    expect(on('')).toBe('refused');
    expect(on('2020-06-19', 'bakcell')).toBe('refused');
  });

  it('C-02: a foreign passport of an employee waits for the centre officer', () => {
    const data = exampleApplication('K4');
    const foreign: ApplicationData = { ...data, document: { ...data.document, kind: 'foreign_passport' } };
    expect(facts(foreign).isIdentityAccepted).toBe(false);
    expect(facts(foreign, { isPassportAllowed: true }).isIdentityAccepted).toBe(true);
  });

  it('COM-03: documents are complete when none is missing', () => {
    const data = exampleApplication('K2');
    expect(facts(data).areDocumentsComplete).toBe(true);
    expect(facts({ ...data, presented: {} }).areDocumentsComplete).toBe(false);
  });

  it('COM-04: a later edit of FİN, VÖEN or SIM makes the answer stale, and only that one', () => {
    const data = exampleApplication('K3');
    const record = recordOf(data);
    const current = (change: ApplicationData) =>
      lookUpKinds.map((kind) => factsOfData(change, record, exampleTodayOn).lookUps[kind].isCurrent);
    expect(current(data)).toEqual([true, true, true, true, true, true]);
    expect(current({ ...data, person: { ...data.person, fin: 'QYD0002' } })).toEqual([false, true, true, true, false, false]);
    expect(current({ ...data, organisation: { ...data.organisation, voen: '0000000131' } })).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(current({ ...data, carrier: { ...data.carrier, phone: '+994510000001' } })).toEqual([true, true, true, false, true, true]);
    expect(current({ ...data, person: { ...data.person, surname: 'Başqa' } })).toEqual([true, true, true, true, true, true]);
  });

  it('COM-07: the count and the outcome of each search come from the record; without an answer nothing is current', () => {
    const data = exampleApplication('K3');
    const lookUps = { ...recordOf(data).lookUps, person: { attempts: 2, outcome: 'none', key: lookUpKey('person', data) } } as const;
    expect(facts(data, { lookUps }).lookUps.person).toEqual({ attempts: 2, outcome: 'none', isCurrent: false, isQueryReady: true });
    expect(facts(data).lookUps.organisation).toEqual({ attempts: 1, outcome: 'found', isCurrent: true, isQueryReady: true });
    expect(facts({ ...data, carrier: { ...data.carrier, iccid: '' } }).lookUps.sim.isQueryReady).toBe(false);
  });

  it('CR-27: the kinds are unknown until the operator answered, then allowed or refused', () => {
    const data = exampleApplication('K3');
    const sim = (serviceType: 'personal' | 'business', serviceUntilOn = '2030-01-01') => ({
      sim: { ...service, serviceType, serviceUntilOn, certificates: [] },
    });
    expect(facts(data, { sim: null }).kinds).toBe('unknown');
    expect(facts(data, sim('business')).kinds).toBe('allowed');
    expect(facts(data, sim('personal')).kinds).toBe('refused');
    expect(facts(data, sim('business', '2026-03-01')).kinds).toBe('refused');
  });

  it('CR-22 CR-23: what lives on the SIM, and whose it is, counts', () => {
    const data = exampleApplication('K3');
    const on = (certificate: { kind: 'PER' | 'BUS'; voen: string; holderFin: string }) =>
      facts(data, { sim: { ...service, serviceType: 'business', certificates: [{ ...certificate, state: 'ACTIVE' }] } }).kinds;
    expect(on({ kind: 'PER', voen: '', holderFin: 'QYD0001' })).toBe('allowed');
    expect(on({ kind: 'PER', voen: '', holderFin: 'QYD0002' })).toBe('refused');
    expect(on({ kind: 'BUS', voen: data.organisation.voen, holderFin: 'QYD0001' })).toBe('refused');
    const spaced = { ...data, organisation: { ...data.organisation, voen: '000 001 2341' } };
    const sim = {
      ...service,
      serviceType: 'business',
      certificates: [{ kind: 'BUS', state: 'ACTIVE', voen: '0000012341' }],
    } as const;
    expect(facts(spaced, { sim }).kinds).toBe('refused');
  });

  it('an empty record is that of a case in which nothing happened', () => {
    const start = factsOfData(exampleApplication(), emptyCaseRecord, exampleTodayOn);
    expect(start).toMatchObject({ isDataComplete: false, isIdentityAccepted: false, kinds: 'unknown' });
    expect(lookUpKinds.map((kind) => start.lookUps[kind])).toEqual(
      lookUpKinds.map((kind) => ({
        attempts: 0,
        outcome: 'none',
        isCurrent: false,
        isQueryReady: ['person', 'sim', 'holder'].includes(kind),
      })),
    );
  });
});
