import { getPopulation } from '../../src/registry/population/population.ts';
import { applicationDataSchema, type ApplicationData } from '../../src/shared/rules/application-data.ts';

/** Complete applications of people who each have a SIM of their own. */
export function listApplicants(count: number): ApplicationData[] {
  const { people, sims } = getPopulation();
  const applicants: ApplicationData[] = [];
  for (const sim of sims.values()) {
    const person = people.get(sim.ownerFin);
    const document = person?.documents[0];
    if (person === undefined || document?.kind !== 'citizen_card' || sim.serviceType !== 'personal' || sim.isCorporate) continue;
    if (person.birthOn > '2005' || document.validUntilOn < '2027' || sim.serviceUntilOn < '2027') continue;
    const { fin, surname, givenName, fatherName, sex, birthOn, birthPlace, citizenship, registeredAddress } = person;
    applicants.push(
      applicationDataSchema.parse({
        category: 'K1',
        document,
        person: { fin, surname, givenName, fatherName, sex, birthOn, birthPlace, citizenship },
        contact: { registeredAddress, phone: sim.phone },
        carrier: { phone: sim.phone, iccid: sim.iccid, operator: sim.operator },
        presented: Object.fromEntries(['D-01', 'D-02', 'D-09', 'D-10'].map((code) => [code, { isShown: true }])),
      }),
    );
    if (applicants.length === count) return applicants;
  }
  throw new Error(`Only ${applicants.length} applicants`);
}
