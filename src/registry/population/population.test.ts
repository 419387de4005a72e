import { describe, expect, it } from 'vitest';
import { checkFin } from '../../shared/rules/fin.ts';
import { checkIccid } from '../../shared/rules/iccid.ts';
import { checkIdentityDocumentNumber } from '../../shared/rules/identity-document-number.ts';
import { checkName } from '../../shared/rules/names.ts';
import { checkPhone } from '../../shared/rules/phone.ts';
import { checkVoen } from '../../shared/rules/voen.ts';
import { generatePopulation, getPopulation, populationSeed } from './population.ts';
import { wellKnown } from './well-known.ts';

describe('the synthetic population', () => {
  const population = getPopulation();
  const people = [...population.people.values()];
  const organisations = [...population.organisations.values()];
  const sims = [...population.sims.values()];

  it('is large enough and has citizens and foreigners', () => {
    expect(people.length).toBeGreaterThanOrEqual(5_000);
    expect(organisations.length).toBeGreaterThanOrEqual(800);
    expect(sims.length).toBeGreaterThanOrEqual(2_000);
    expect(new Set(people.map((person) => person.register))).toEqual(new Set(['İAMAS', 'VMMS']));
    expect(new Set(sims.map((sim) => sim.serviceType))).toEqual(new Set(['personal', 'business', 'state']));
  });

  it('is the same every time', () => {
    const again = generatePopulation(populationSeed);
    expect([...again.people.values()]).toEqual(people);
    expect([...again.sims.values()]).toEqual(sims);
    expect([...generatePopulation(populationSeed + 1).people.values()]).not.toEqual(people);
  });

  it('CR-07 CR-08: every FİN, name and document passes the validators unchanged', () => {
    const refused = people.filter((person) => {
      const [document] = person.documents;
      const fin = checkFin(person.fin, person.register === 'İAMAS' ? 'citizen' : 'foreigner', document.kind);
      const number = checkIdentityDocumentNumber(document.kind, document.number);
      const names = [person.surname, person.givenName].every((name) => {
        const checked = checkName(name);
        return checked.ok && checked.value === name;
      });
      return !(
        fin.ok &&
        fin.value === person.fin &&
        number.ok &&
        number.value === document.number &&
        number.notes.length === 0 &&
        names &&
        document.issuedOn > person.birthOn
      );
    });
    expect(refused).toEqual([]);
  });

  it('every VÖEN passes the validator and its head and staff exist', () => {
    const refused = organisations.filter((organisation) => {
      const checked = checkVoen(organisation.voen);
      const staff = [organisation.headFin, ...organisation.employeeFins].every((fin) => population.people.has(fin));
      return !(checked.ok && checked.value === organisation.voen && organisation.voen.startsWith('00') && staff);
    });
    expect(refused).toEqual([]);
  });

  it('every SIM passes the validators, has one owner and no card twice', () => {
    const refused = sims.filter((sim) => {
      const phone = checkPhone(sim.phone);
      const cards = [sim.iccid, sim.duplicateIccid].map((iccid) => checkIccid(iccid));
      return !(
        phone.ok &&
        phone.notes.length === 0 &&
        cards.every((card) => card.ok && card.notes.length === 0) &&
        population.people.has(sim.ownerFin)
      );
    });
    expect(refused).toEqual([]);
    const cards = sims.flatMap((sim) => [sim.iccid, sim.duplicateIccid]);
    expect(new Set(cards).size).toBe(cards.length);
  });

  it('has every Azerbaijani letter in its names', () => {
    const letters = new Set(people.flatMap((person) => [...person.surname, ...person.givenName]));
    for (const letter of 'ÇƏĞIİÖŞÜ') expect(letters.has(letter)).toBe(true);
  });

  it('C-36 T-22: every service was connected whole terms before its end, some before Nar changed its Personal service', () => {
    for (const { serviceActivatedOn, serviceUntilOn } of sims) {
      expect(serviceActivatedOn <= '2026-01-01' && serviceActivatedOn >= '2013-01-01').toBe(true);
      expect(serviceActivatedOn < serviceUntilOn).toBe(true);
    }
    const older = sims.filter((sim) => sim.operator === 'nar' && sim.serviceType === 'personal' && sim.serviceActivatedOn < '2020-06-20');
    expect(older.length).toBeGreaterThan(20);
    expect(population.sims.get('+994700000017')).toMatchObject({ serviceActivatedOn: '2019-06-19', ownerFin: 'QYD0007' });
    expect(population.sims.get('+994700000018')).toMatchObject({ serviceActivatedOn: '2020-06-20', ownerFin: 'QYD0007' });
  });

  it('has the well-known cast as promised', () => {
    expect(population.people.get('QYD0001')).toMatchObject({
      birthOn: '1990-01-15',
      sex: 'F',
      documents: [{ number: 'AA0000012', validUntilOn: '2031-01-14' }],
    });
    expect(population.sims.get('+994500000001')).toMatchObject({
      iccid: '8999401000000000018',
      serviceType: 'personal',
      serviceUntilOn: '2029-11-30',
      ownerFin: 'QYD0001',
    });
    expect(population.organisations.get('0000012341')).toMatchObject({ headFin: 'QYD0002', bodyKind: 'private' });
    expect(wellKnown.voen).toMatchObject({ privateLegal: '0000012341', individualTaxpayer: '0000012342', stateBody: '0000000131' });
    for (const sim of wellKnown.sims) expect(population.people.has(sim.ownerFin)).toBe(true);
  });
});
