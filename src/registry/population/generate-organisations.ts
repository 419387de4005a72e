import { bodySubjects, places, tradeKinds, tradeWords, streets } from './names.ts';
import { findVoen } from './numbers.ts';
import type { Prng } from './prng.ts';
import type { BodyKind } from '../../shared/rules/vocabulary.ts';
import type { RegisteredOrganisation, RegisteredPerson } from './records.ts';

const organisationCount = 850;
/** Serials below this one belong to the well-known bodies. */
const firstSerial = 1_000;

export function generateOrganisations(prng: Prng, people: readonly RegisteredPerson[]): RegisteredOrganisation[] {
  const organisations: RegisteredOrganisation[] = [];
  for (let serial = firstSerial; organisations.length < organisationCount; serial += 1) {
    const draw = prng.below(100);
    const head = personAt(people, prng.below(people.length));
    const voen = findVoen(serial, draw < 30 ? 2 : 1);
    if (voen === null) continue;
    organisations.push({
      voen,
      ...(draw < 30 ? { name: fullName(head), bodyKind: 'private' as const } : draw < 80 ? makeCompany(prng) : makeBody(prng, draw)),
      address: `${prng.pick(places)}, ${prng.pick(streets)}, ev ${1 + prng.below(120)}`,
      headFin: head.fin,
      taxOffice: `${prng.pick(places)} vergi ödəyicilərinə xidmət mərkəzi`,
      employeeFins: Array.from({ length: 1 + prng.below(4) }, () => personAt(people, prng.below(people.length)).fin).filter(
        (fin) => fin !== head.fin,
      ),
    });
  }
  return organisations;
}

function personAt(people: readonly RegisteredPerson[], index: number): RegisteredPerson {
  const person = people[index];
  if (person === undefined) throw new Error('The population has no people.');
  return person;
}

function fullName(person: RegisteredPerson): string {
  if (person.fatherName === '') return `${person.surname} ${person.givenName}`;
  return `${person.surname} ${person.givenName} ${person.fatherName} ${person.sex === 'M' ? 'oğlu' : 'qızı'}`;
}

function makeCompany(prng: Prng): { name: string; bodyKind: BodyKind } {
  return { name: `"${prng.pick(tradeWords)} ${prng.pick(tradeKinds)}" ${prng.pick(['MMC', 'ASC', 'QSC', 'MMC'])}`, bodyKind: 'private' };
}

function makeBody(prng: Prng, draw: number): { name: string; bodyKind: BodyKind } {
  if (draw < 87) return { name: `${prng.pick(bodySubjects)} Dövlət Agentliyi`, bodyKind: 'administrative_body' };
  if (draw < 92) return { name: `${prng.pick(places)} ${prng.pick(bodySubjects)} məktəbi`, bodyKind: 'budget_financed' };
  if (draw < 95) return { name: `${prng.pick(tradeWords)} bələdiyyəsi`, bodyKind: 'municipality' };
  if (draw < 97) return { name: `${prng.pick(places)} məhkəməsi`, bodyKind: 'judiciary' };
  if (draw < 98) return { name: `${prng.pick(places)} prokurorluğu`, bodyKind: 'prosecution' };
  return { name: `"${prng.pick(bodySubjects)}" publik hüquqi şəxs`, bodyKind: 'self_financing_subordinate' };
}
