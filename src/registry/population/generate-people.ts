import { azUpperCase, femaleNames, foreignNames, maleNames, places, streets, surnameStems, surnamesOfBoth } from './names.ts';
import { dateOfDay, dayOf, makeFin } from './numbers.ts';
import type { Prng } from './prng.ts';
import type { RegisteredDocument, RegisteredPerson } from './records.ts';

const citizenCount = 4_700;
const foreignerCount = 500;
/** Documents are dated from a fixed day, so that the population does not depend on the day of the run. */
const referenceDay = dayOf('2026-01-01');

export function generatePeople(prng: Prng): RegisteredPerson[] {
  const people: RegisteredPerson[] = [];
  for (let index = 0; index < citizenCount; index += 1) people.push(makeCitizen(prng, index));
  for (let index = 0; index < foreignerCount; index += 1) people.push(makeForeigner(prng, index));
  return people;
}

function makeCitizen(prng: Prng, index: number): RegisteredPerson {
  const sex = prng.below(2) === 0 ? 'M' : 'F';
  const birthDay = dayOf('1945-01-01') + prng.below(365 * 63);
  const stem = prng.below(4) === 0 ? prng.pick(surnamesOfBoth) : null;
  const surname = stem ?? `${prng.pick(surnameStems)}${sex === 'F' ? 'a' : ''}`;
  return {
    register: 'İAMAS',
    fin: makeFin(index, 7),
    surname: azUpperCase(surname),
    givenName: azUpperCase(prng.pick(sex === 'M' ? maleNames : femaleNames)),
    fatherName: azUpperCase(prng.pick(maleNames)),
    sex,
    birthOn: dateOfDay(birthDay),
    birthPlace: prng.pick(places),
    citizenship: 'AZE',
    registeredAddress: makeAddress(prng),
    documents: [makeCitizenDocument(prng, index)],
  };
}

function makeCitizenDocument(prng: Prng, index: number): RegisteredDocument {
  const draw = prng.below(100);
  // One document in twenty has run out: the desk must notice.
  const untilDay = draw < 5 ? referenceDay - 1 - prng.below(900) : referenceDay + 700 + prng.below(2_900);
  const dates = { issuedOn: dateOfDay(untilDay - 3_652), validUntilOn: dateOfDay(untilDay), isUnlimited: false };
  if (draw >= 97) return { kind: 'military_card', number: `H${String(200_000 + index)}`, issuedBy: 'Müdafiə Nazirliyi', ...dates };
  if (draw >= 75)
    return { kind: 'citizen_card', number: `AZE${String(1_000_000 + index).padStart(8, '0')}`, issuedBy: 'Polis idarəsi', ...dates };
  return { kind: 'citizen_card', number: `AB${String(1_000_000 + index)}`, issuedBy: `ASAN xidmət ${1 + prng.below(6)}`, ...dates };
}

const foreignKinds = ['temporary_permit', 'permanent_permit', 'refugee_card', 'foreign_passport'] as const;

function makeForeigner(prng: Prng, index: number): RegisteredPerson {
  const name = prng.pick(foreignNames);
  const sex = prng.below(2) === 0 ? 'M' : 'F';
  const kind = prng.pick(foreignKinds);
  const untilDay = referenceDay + 500 + prng.below(1_500);
  const fin = kind === 'foreign_passport' ? makeFin(citizenCount + index, 7) : makeFin(index, index % 5 === 0 ? 5 : 6);
  return {
    register: 'VMMS',
    fin,
    surname: name.surname,
    givenName: sex === 'M' ? name.male : name.female,
    fatherName: '',
    sex,
    birthOn: dateOfDay(dayOf('1950-01-01') + prng.below(365 * 55)),
    birthPlace: name.country,
    citizenship: name.country,
    registeredAddress: makeAddress(prng),
    documents: [
      {
        kind,
        number: kind === 'foreign_passport' ? `C${String(2_000_000 + index)}` : String(500_000 + index),
        issuedBy: kind === 'foreign_passport' ? name.country : 'Dövlət Miqrasiya Xidməti',
        issuedOn: dateOfDay(untilDay - (kind === 'foreign_passport' ? 3_652 : 1_095)),
        validUntilOn: dateOfDay(untilDay),
        isUnlimited: false,
      },
    ],
  };
}

function makeAddress(prng: Prng): string {
  return `${prng.pick(places)}, ${prng.pick(streets)}, ev ${1 + prng.below(120)}, mənzil ${1 + prng.below(90)}`;
}
