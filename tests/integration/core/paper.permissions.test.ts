import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16
const viewers: Role[] = ['registrar', 'authorised_officer', 'document_entry', 'centre_officer', 'auditor', 'supervisor'];
const printers: Role[] = ['registrar', 'centre_officer'];

provePermissions('paper', {
  list: viewers,
  prepare: printers,
  read: viewers,
  listPrinters: [...printers, 'supervisor'],
  // The door alone: which of them may print this paper depends on its form, see ledger.test.ts.
  print: viewers,
  confirm: viewers,
  listGaps: ['registrar', 'auditor', 'supervisor'],
});
