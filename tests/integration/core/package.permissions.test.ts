import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16. The door alone: which step is whose is decided by the package's states, see package-receipt.test.ts.
const viewers: Role[] = ['registrar', 'authorised_officer', 'personalisation_operator', 'auditor', 'supervisor'];

provePermissions('package', {
  list: viewers,
  find: viewers,
  arrive: viewers,
  answerCentre: viewers,
  prepareAct: viewers,
  signAct: viewers,
  record: viewers,
  scan: viewers,
  decide: viewers,
  prepareReturn: viewers,
  check: viewers,
  confirm: viewers,
  returnAll: viewers,
});
