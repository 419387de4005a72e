import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, R-05..R-09, R-31
const viewers: Role[] = ['registrar', 'authorised_officer', 'document_entry', 'centre_officer', 'auditor', 'supervisor'];
const editors: Role[] = ['registrar'];

provePermissions('application', {
  home: viewers,
  list: viewers,
  search: viewers,
  get: viewers,
  reveal: ['registrar', 'centre_officer', 'auditor', 'supervisor'],
  create: editors,
  saveDraft: editors,
  confirmBearer: editors,
  nameAttendee: editors,
  lookUp: editors,
  adopt: editors,
  giveConsent: editors,
  setSecretAnswer: editors,
  allowPassport: ['centre_officer'],
  send: editors,
  askOutcome: editors,
  correct: editors,
  confirmContractSigned: editors,
  activate: editors,
  activateBySupport: ['centre_officer'],
  confirmHolder: editors,
  matchCard: editors,
  cardReaders: editors,
  testCard: editors,
  waiveCardTest: editors,
  handOver: editors,
  sendScans: ['authorised_officer'],
  enterScans: ['document_entry'],
  archive: editors,
  refuse: editors,
  withdraw: editors,
  claim: editors,
  release: editors,
  reportCorrected: editors,
});
