import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16. Where the door says "viewers", the rule of packages decides who sends which: see pin-requests.test.ts.
const viewers: Role[] = ['registrar', 'authorised_officer', 'personalisation_operator', 'auditor', 'supervisor'];
const registrar: Role[] = ['registrar'];

provePermissions('pinRequest', {
  list: viewers,
  readers: ['personalisation_operator'],
  get: viewers,
  begin: registrar,
  findPerson: registrar,
  findCard: registrar,
  prepareContract: registrar,
  confirmSigned: registrar,
  confirmScanned: registrar,
  preparePackage: viewers,
  prepareRegister: viewers,
  dispatch: viewers,
  renew: ['personalisation_operator'],
  checkHolder: registrar,
  handOver: registrar,
  archive: registrar,
  refuse: registrar,
});
