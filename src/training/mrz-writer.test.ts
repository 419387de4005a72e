import { describe, expect, it } from 'vitest';
import { wellKnown } from '../registry/index.ts';
import { parseMrz } from '../shared/rules/mrz.ts';
import { writeMrz } from './mrz-writer.ts';

describe('the machine-readable zone of a training document', () => {
  it('is the sample of the specification for the new identity card', () => {
    const mrz = writeMrz({
      kind: 'citizen_card',
      number: 'AA0000012',
      fin: 'QYD0001',
      surname: 'QULİYEVA',
      givenName: 'NURAY',
      citizenship: 'AZE',
      sex: 'F',
      birthOn: '1990-01-15',
      validUntilOn: '2031-01-14',
    });
    expect(mrz).toBe('I<AZEAA00000125QYD0001<<<<<<<<\n9001158F3101148AZE<<<<<<<<<<<4\nQULIYEVA<<NURAY<<<<<<<<<<<<<<<');
  });

  it('is the sample of the specification for a permit with a FİN of six characters', () => {
    const mrz = writeMrz({
      kind: 'temporary_permit',
      number: '0000123',
      fin: 'QYD003',
      surname: 'DEMIR',
      givenName: 'KEREM',
      citizenship: 'TUR',
      sex: 'M',
      birthOn: '1979-12-31',
      validUntilOn: '2027-06-30',
    });
    expect(mrz).toBe('IRAZEDEMIR<<KEREM<<<<<<<<<<<<<<<<<<<\n0000123<<6TUR7912311M2706306QYD003<8');
  });

  it.each(wellKnown.people.map((person) => [person.fin, person] as const))('reads back as the document of %s', (fin, person) => {
    for (const document of person.documents) {
      const parsed = parseMrz(writeMrz({ ...person, ...document }), '2026-11-22');
      expect(parsed.ok).toBe(true);
      if (parsed.ok) expect(parsed.value.fin).toBe(document.kind === 'foreign_passport' ? undefined : fin);
    }
  });
});
