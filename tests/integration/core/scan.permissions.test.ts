import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16 "Load scans": the registrar captures, R-06 sends, R-07 enters
const viewers: Role[] = ['registrar', 'authorised_officer', 'document_entry', 'centre_officer', 'auditor', 'supervisor'];
// The centre officer has no line of his own there and sees no scan.
const readers = viewers.filter((role) => role !== 'centre_officer');
const capturers: Role[] = ['registrar'];

provePermissions('scan', {
  limits: roles,
  list: viewers,
  begin: capturers,
  append: capturers,
  finish: capturers,
  read: readers,
  remove: capturers,
});
