import { generateOrganisations } from './generate-organisations.ts';
import { generatePeople } from './generate-people.ts';
import { generateSims } from './generate-sims.ts';
import { makePrng } from './prng.ts';
import type { RegisteredOrganisation, RegisteredPerson, RegisteredSim } from './records.ts';
import { wellKnownOrganisations, wellKnownPeople, wellKnownSims } from './well-known.ts';

/** The state registers' synthetic people, bodies and SIMs. */
export interface Population {
  readonly version: string;
  readonly people: ReadonlyMap<string, RegisteredPerson>;
  readonly organisations: ReadonlyMap<string, RegisteredOrganisation>;
  readonly sims: ReadonlyMap<string, RegisteredSim>;
}

export const populationSeed = 20_261_122;
export const populationVersion = `sinaq-${populationSeed}-2`;

let shared: Population | undefined;

/** Made at the first question and kept: the same in every process and on every machine. */
export function getPopulation(): Population {
  shared ??= generatePopulation(populationSeed);
  return shared;
}

export function generatePopulation(seed: number): Population {
  const prng = makePrng(seed);
  const people = generatePeople(prng);
  const organisations = generateOrganisations(prng, people);
  const sims = generateSims(prng, people, organisations);
  return {
    version: populationVersion,
    people: byKey([...wellKnownPeople, ...people], (person) => person.fin),
    organisations: byKey([...wellKnownOrganisations, ...organisations], (organisation) => organisation.voen),
    sims: byKey([...wellKnownSims, ...sims], (sim) => sim.phone),
  };
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(keyOf(item))) throw new Error('Two entries of the population have one key.');
    map.set(keyOf(item), item);
  }
  return map;
}
