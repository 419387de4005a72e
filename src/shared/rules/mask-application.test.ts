import { expect, it } from 'vitest';
import { applicationDataSchema } from './application-data.ts';
import { listDocumentsToReturn } from './refusal.ts';
import { maskApplication } from './mask-application.ts';

const person = { fin: 'QYD0001', surname: 'QULİYEVA', givenName: 'NURAY', fatherName: 'İLHAM', birthOn: '1990-01-02', birthPlace: 'Bakı' };
const data = applicationDataSchema.parse({
  person,
  document: { number: 'AA1234567' },
  contact: { registeredAddress: 'Çinar küçəsi 1', actualAddress: 'Dəniz küçəsi 2', phone: '+994501112233', email: 'nuray@example.test' },
  carrier: { phone: '+994501112233', iccid: '8999401000000000011' },
  representative: { isPresent: true, person: { ...person, fin: 'QYD0010' }, document: { number: 'AZE7654321' } },
  powersOfAttorney: [{ form: 'appendix-8', number: '12345678', grantor: 'QYD0001', grantee: 'QYD0010' }],
  presented: { 'D-02': { isShown: true }, 'D-09': { isShown: true } },
});

it('R-07: a masked case names nobody and nothing by which he could be reached', () => {
  const text = JSON.stringify(maskApplication(data));
  const secrets = ['QYD00', 'NURAY', 'İLHAM', '1990', 'Bakı', '1234567', '7654321', 'küçəsi', '1112233', 'nuray@', '899940100', '12345678'];
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).toContain('QULİYEVA');
});

it('R-07: of a name the initial is left, of an address that there is one, and what is empty stays empty', () => {
  const masked = maskApplication({ ...data, person: { ...data.person, givenName: ' nuray', fatherName: ' ' } });
  expect(masked.person).toMatchObject({ givenName: 'n.', fatherName: '', birthPlace: '•••' });
  expect(masked.contact).toMatchObject({ registeredAddress: '•••', actualAddress: '•••', email: '•••' });
  expect(masked.representative.person).toMatchObject({ givenName: 'N.', fatherName: 'İ.' });
  const empty = maskApplication(applicationDataSchema.parse({}));
  expect(empty.person).toMatchObject({ givenName: '', fatherName: '', birthPlace: '' });
  expect(empty.contact).toMatchObject({ registeredAddress: '', actualAddress: '', email: '' });
});

it('what is masked still is an application, and its papers are the same', () => {
  const masked = maskApplication(data);
  expect(applicationDataSchema.parse(masked)).toEqual(masked);
  expect(listDocumentsToReturn(masked)).toEqual(listDocumentsToReturn(data));
});
