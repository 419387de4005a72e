import { describe, expect, it } from 'vitest';
import { emptyApplicationData, type ApplicationData } from '../../../shared/rules/application-data.ts';
import { parseMrz } from '../../../shared/rules/mrz.ts';
import { followDefaults, phoneFromTyped, typedOfPhone } from './defaults.ts';
import { findNextStop } from './focus-order.ts';
import { withZone } from './mrz-reading.ts';
import { valueAt, withValueAt } from './paths.ts';

const edit = (data: ApplicationData, path: string, value: unknown): ApplicationData => followDefaults(data, withValueAt(data, path, value));
const zone = 'I<AZEAA00000125QYD0001<<<<<<<<\n9001158F3101148AZE<<<<<<<<<<<4\nQULIYEVA<<NURAY<<<<<<<<<<<<<<<';

describe('paths', () => {
  it('changes one field and nothing beside it', () => {
    const data = emptyApplicationData();
    const changed = withValueAt(data, 'person.surname', 'ƏLİYEV');
    expect(valueAt(changed, 'person.surname')).toBe('ƏLİYEV');
    expect(changed.carrier).toBe(data.carrier);
    expect(valueAt(data, 'person.surname')).toBe('');
  });

  it('reaches into the list of powers of attorney', () => {
    const data = edit(emptyApplicationData(), 'category', 'K4');
    expect(valueAt(withValueAt(data, 'powersOfAttorney.0.number', '12'), 'powersOfAttorney.0.number')).toBe('12');
  });
});

describe('defaults', () => {
  it('takes nine digits, the home form and the international form as one number', () => {
    for (const typed of ['501234567', '0501234567', '994501234567', '00994501234567', '+994501234567', '50 123 45 67']) {
      expect(phoneFromTyped(typed)).toBe('+994501234567');
    }
    expect(typedOfPhone('+994501234567')).toBe('501234567');
    expect(phoneFromTyped('05x')).toBe('05x');
  });

  it('lets the contact phone follow the SIM until somebody types another', () => {
    const first = edit(emptyApplicationData(), 'carrier.phone', '+994501234567');
    expect(first.contact.phone).toBe('+994501234567');
    expect(first.carrier.operator).toBe('azercell');
    const own = edit(first, 'contact.phone', '+994551111111');
    const moved = edit(own, 'carrier.phone', '+994702222222');
    expect(moved.contact.phone).toBe('+994551111111');
    expect(moved.carrier.operator).toBe('azercell');
  });

  it('brings the kinds and the power of attorney of a category, with both sides', () => {
    const person = edit(emptyApplicationData(), 'person.fin', 'QYD0003');
    const employee = edit(edit(person, 'category', 'K4'), 'organisation.voen', '0000012341');
    expect(employee.kinds).toEqual(['BUS']);
    expect(employee.organisation.standing).toBe('employee');
    expect(employee.powersOfAttorney).toHaveLength(1);
    expect(employee.powersOfAttorney[0]).toMatchObject({ form: 'appendix-7', grantor: '0000012341', grantee: 'QYD0003', country: 'AZE' });
    expect(edit(employee, 'category', 'K1').powersOfAttorney).toEqual([]);
  });

  it('keeps a power of attorney that was filled in', () => {
    const employee = edit(emptyApplicationData(), 'category', 'K4');
    const filled = edit(employee, 'powersOfAttorney.0.number', '7');
    expect(edit(filled, 'category', 'K1').powersOfAttorney).toHaveLength(1);
  });
});

describe('reading', () => {
  const read = parseMrz(zone, '2026-11-22');
  if (!read.ok) throw new Error(read.code);

  it('SIM-02: a zone fills the identity group', () => {
    const data = withZone(emptyApplicationData(), read.value);
    expect(data.person).toMatchObject({
      fin: 'QYD0001',
      surname: 'QULIYEVA',
      givenName: 'NURAY',
      sex: 'F',
      birthOn: '1990-01-15',
      citizenship: 'AZE',
    });
    expect(data.document).toMatchObject({ kind: 'citizen_card', number: 'AA0000012', validUntilOn: '2031-01-14', isUnlimited: false });
  });

  it('never mixes two people: another document empties what the first one filled', () => {
    const first: ApplicationData = {
      ...emptyApplicationData(),
      person: { ...emptyApplicationData().person, fin: 'QYD0009', fatherName: 'HÜSEYN', birthPlace: 'Gəncə' },
      adopted: ['person.fatherName', 'organisation.name'],
    };
    const data = withZone(first, read.value);
    expect(data.person.fatherName).toBe('');
    expect(data.person.birthPlace).toBe('');
    expect(data.adopted).toEqual(['organisation.name']);
  });

  it('keeps what was typed beside the same document', () => {
    const once = withZone(emptyApplicationData(), read.value);
    const typed = withValueAt(once, 'person.fatherName', 'ELÇİN');
    expect(withZone(typed, read.value).person.fatherName).toBe('ELÇİN');
  });
});

describe('Enter', () => {
  const stops = [true, false, true, false].map((isOpen, index) => ({ field: String(index), isOpen }));
  it('goes to the next open stop and round to the beginning', () => {
    expect(findNextStop(stops, 0)).toBe(2);
    expect(findNextStop(stops, 2)).toBe(0);
    expect(findNextStop(stops, -1)).toBe(0);
  });

  it('stays when nothing else is open', () => {
    expect(findNextStop(stops.slice(0, 2), 0)).toBeUndefined();
    expect(findNextStop([], -1)).toBeUndefined();
  });
});
