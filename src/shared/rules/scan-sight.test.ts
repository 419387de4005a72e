import { expect, it } from 'vitest';
import { permissionsOfRole } from './rights.ts';
import { maySeeScans } from './scan-sight.ts';
import { roles, type ApplicationState } from './vocabulary.ts';

function viewers(state: ApplicationState, areScansSent: boolean): string[] {
  return roles.filter((role) => maySeeScans((permission) => permissionsOfRole[role].includes(permission), { state, areScansSent }));
}
const always = ['registrar', 'auditor', 'supervisor'];

it('R-06 R-07 AID-12: who sees cases masked looks at scans only while his own step waits', () => {
  expect(viewers('CERT_PRINTED', false).sort()).toEqual([...always].sort());
  expect(viewers('HANDED', false).sort()).toEqual([...always, 'authorised_officer'].sort());
  expect(viewers('HANDED', true).sort()).toEqual([...always, 'authorised_officer', 'document_entry'].sort());
  expect(viewers('READY', true).sort()).toEqual([...always, 'authorised_officer', 'document_entry'].sort());
  expect(viewers('CONTRACT', true).sort()).toEqual([...always].sort());
  expect(viewers('SCANNED', true).sort()).toEqual([...always].sort());
});
