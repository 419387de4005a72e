import type { Role } from '../../../src/shared/rules/vocabulary.ts';
import { provePermissions } from './permission-table.ts';

// Source: procedures.md §16, R-11: the personalisation operator and nobody else
const operator: Role[] = ['personalisation_operator'];

provePermissions('production', {
  work: operator,
  readers: operator,
  startBatch: operator,
  pauseBatch: operator,
  resumeBatch: operator,
  stopBatch: operator,
  chooseSerial: operator,
  inspect: operator,
  resumeCard: operator,
  leaveCard: operator,
  scrapCard: operator,
  match: operator,
  stock: operator,
  takeIn: operator,
  writeOff: operator,
  face: operator,
  printFaces: operator,
  asure: operator,
  asureHandOver: operator,
  asureDone: operator,
});
