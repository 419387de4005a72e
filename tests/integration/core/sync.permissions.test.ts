import { roles } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

provePermissions('sync', { page: roles, sendNow: roles });
