import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, R-11
const operator: Role[] = ['personalisation_operator'];

provePermissions('dispatch', {
  ready: operator,
  packages: operator,
  prepare: operator,
  nameCourier: operator,
  preparePapers: operator,
  send: operator,
});
