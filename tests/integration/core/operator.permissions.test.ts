import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, R-08
const managers: Role[] = ['rights_administrator'];

provePermissions('operator', {
  list: ['rights_administrator', 'auditor', 'supervisor'],
  create: managers,
  appoint: managers,
  disable: managers,
  enable: managers,
  resetPassword: managers,
  cards: managers,
  bindCard: managers,
  unlock: managers,
});
