import { describe, expect, it } from 'vitest';
import { applicationDataSchema, powerOfAttorneySchema } from '../../../shared/rules/application-data.ts';
import { maxLengthOf } from './limits.ts';
import { withValueAt } from './paths.ts';

const power = powerOfAttorneySchema.parse({ form: 'appendix-8' });
const data = applicationDataSchema.parse({ powersOfAttorney: [power] });

/** Every text of the form but phones (they have a field of their own), dates and closed lists. */
const identity = [
  'person.fin',
  'person.surname',
  'person.givenName',
  'person.fatherName',
  'person.birthPlace',
  'person.citizenship',
  'document.number',
  'document.issuedBy',
  'document.judgeCardNumber',
];
const powers = [
  'number',
  'grantor',
  'grantee',
  'notaryName',
  'notaryRegisterNumber',
  'country',
  'legalisationNumber',
  'legalisationReason',
];
const paths = [
  ...identity,
  ...identity.map((path) => `representative.${path}`),
  ...['registeredAddress', 'actualAddress', 'email'].map((name) => `contact.${name}`),
  ...['iccid', 'corporateVoen', 'connectionFormNumber'].map((name) => `carrier.${name}`),
  ...['voen', 'name', 'position', 'unit', 'sealText'].map((name) => `organisation.${name}`),
  ...powers.map((name) => `powersOfAttorney.0.${name}`),
];

describe('the length of a field', () => {
  it.each(paths)('%s takes as much as the contract, not a character more', (path) => {
    const fits = (length: number) => applicationDataSchema.safeParse(withValueAt(data, path, 'A'.repeat(length))).success;
    expect(fits(maxLengthOf(path))).toBe(true);
    expect(fits(maxLengthOf(path) + 1)).toBe(false);
  });
});
