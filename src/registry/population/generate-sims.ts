import { dateOfDay, dayOf, makeIccid, makePhone } from './numbers.ts';
import type { Prng } from './prng.ts';
import type { RegisteredOrganisation, RegisteredPerson, RegisteredSim } from './records.ts';
import { activationOf } from './service-term.ts';

/** Prefix, and the operator that gives it out. A number may have moved since. Source: azerbaijan.md §5 */
const prefixes: readonly [PrefixRow, ...PrefixRow[]] = [
  ['50', 1],
  ['51', 1],
  ['10', 1],
  ['55', 2],
  ['99', 2],
  ['70', 3],
  ['77', 3],
];
type PrefixRow = readonly [prefix: string, issuer: 1 | 2 | 3];
const operators = { 1: 'azercell', 2: 'bakcell', 3: 'nar' } as const;
/** Subscriber numbers below this one belong to the well-known cast. */
const firstSubscriber = 100;
/** The service term is bought for three years. Source: azerbaijan.md §13 */
const earliestEndDay = dayOf('2026-09-01');

export function generateSims(
  prng: Prng,
  people: readonly RegisteredPerson[],
  organisations: readonly RegisteredOrganisation[],
): RegisteredSim[] {
  const stateStaff = new Set<string>();
  const businessStaff = new Set<string>();
  for (const organisation of organisations) {
    const isState = organisation.bodyKind !== 'private' && organisation.bodyKind !== 'self_financing_subordinate';
    for (const fin of [organisation.headFin, ...organisation.employeeFins]) (isState ? stateStaff : businessStaff).add(fin);
  }
  const sims: RegisteredSim[] = [];
  people.forEach((person, index) => {
    const needsOne = stateStaff.has(person.fin) || businessStaff.has(person.fin);
    if (!needsOne && prng.below(100) >= 60) return;
    const serviceType = stateStaff.has(person.fin) ? 'state' : businessStaff.has(person.fin) ? 'business' : 'personal';
    const [prefix, issuer] = prng.pick(prefixes);
    // One number in ten has been carried to another operator and kept its prefix.
    const operator = prng.below(10) === 0 ? prng.pick([1, 2, 3] as const) : issuer;
    const serviceUntilOn = dateOfDay(earliestEndDay + prng.below(1_900));
    sims.push({
      phone: makePhone(prefix, firstSubscriber + index),
      iccid: makeIccid(operator, 1_000_000 + index),
      duplicateIccid: makeIccid(operator, 91_000_000 + index),
      operator: operators[operator],
      serviceType,
      // By the place in the list and not by the generator: everything drawn after it stays what it was.
      serviceActivatedOn: activationOf(serviceUntilOn, index % 4),
      serviceUntilOn,
      ownerFin: person.fin,
      isCorporate: serviceType !== 'personal' && prng.below(3) === 0,
    });
  });
  return sims;
}
