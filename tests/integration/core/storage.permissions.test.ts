import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

provePermissions('storage', {
  state: roles,
  backUp: ['rights_administrator', 'supervisor'],
  confirmRestoration: ['rights_administrator', 'supervisor'],
});
