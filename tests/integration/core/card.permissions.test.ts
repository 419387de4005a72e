import { roles, type Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16; issue "Asan ID" 5: the diagnostics are for everybody signed in
const servants: Role[] = ['registrar', 'personalisation_operator'];

provePermissions('card', {
  readers: servants,
  changePin: servants,
  unblockPin: servants,
  cancel: servants,
  recordBlock: servants,
  diagnosis: [...roles],
});
