import { describe, expect, it } from 'vitest';
import { applicationDataSchema } from '../../../shared/rules/application-data.ts';
import { listSearchPlans, searchTermsOf } from './search-terms.ts';

const data = applicationDataSchema.parse({
  person: { fin: 'qyd0004', surname: 'HÜSEYNOV', givenName: 'ÇİNGİZ', fatherName: 'ƏLİ' },
  carrier: { phone: '050 000 00 04', iccid: '8999401000000000042' },
});
const terms = searchTermsOf(data, { contractNumber: 'BAK1-01-2026/000007', serials: ['0A0B'] });

/** As the database does it: some term begins with each prefix of one plan. */
function isFound(text: string): boolean {
  return listSearchPlans(text).some((plan) => plan.every((prefix) => terms.some((term) => term.startsWith(prefix))));
}

describe('what is typed meets what is kept', () => {
  it.each([
    'QYD0004',
    'qyd00',
    'Hüseynov',
    'huseyn',
    'çingiz',
    'cingiz hus',
    'huseynov ciN',
    'huseynov eli',
    'huseynov ali',
    'əli',
    'ali',
    'ELİ',
  ])('%s', (text) => {
    expect(isFound(text)).toBe(true);
  });
  it.each(['+994 50 000 00 04', '0500000004', '50000', '8999401000000000042', '89994010', 'BAK1-01-2026/000007', 'bak1-01-2026'])(
    '%s',
    (text) => {
      expect(isFound(text)).toBe(true);
    },
  );
  it.each(['QYD0005', 'məmmədov', 'cingiz veli', '0550000004', 'BAK2-01'])('not %s', (text) => {
    expect(isFound(text)).toBe(false);
  });
});

it('an empty draft has no terms, and a text of signs only has no plan', () => {
  expect(searchTermsOf(applicationDataSchema.parse({}), { contractNumber: '', serials: [] })).toEqual([]);
  expect(listSearchPlans('%%__')).toEqual([]);
});
