import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16
const viewers: Role[] = ['registrar', 'authorised_officer', 'document_entry', 'centre_officer', 'auditor', 'supervisor'];
const printers: Role[] = ['registrar', 'centre_officer'];

provePermissions('paper', {
  list: viewers,
  prepare: printers,
  // The door alone: which of them may read or print this paper depends on its form, see ledger.test.ts and papers.test.ts.
  read: roles,
  listPrinters: ['registrar', 'authorised_officer', 'personalisation_operator', 'centre_officer', 'supervisor'],
  print: roles,
  confirm: roles,
  listGaps: ['registrar', 'auditor', 'supervisor'],
});
