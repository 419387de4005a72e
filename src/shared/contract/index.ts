import type { ContractRouterClient } from '@orpc/contract';
import { applicationContract } from './application.ts';
import { auditContract } from './audit.ts';
import { incidentContract } from './incident.ts';
import { operatorContract } from './operator.ts';
import { paperContract } from './paper.ts';
import { registerContract } from './register.ts';
import { scanContract } from './scan.ts';
import { sessionContract } from './session.ts';
import { storageContract } from './storage.ts';
import { syncContract } from './sync.ts';
import { systemContract } from './system.ts';
import { trainingContract } from './training.ts';

/** Raised when a change would make an older screen misread the core; checked by the first message of every connection. */
export const contractVersion = 1;

export const deskContract = {
  system: systemContract,
  session: sessionContract,
  operator: operatorContract,
  application: applicationContract,
  paper: paperContract,
  scan: scanContract,
  register: registerContract,
  sync: syncContract,
  storage: storageContract,
  audit: auditContract,
  incident: incidentContract,
  training: trainingContract,
};
export type DeskContract = typeof deskContract;
/** What the screen holds: every operation as a typed async function. */
export type DeskClient = ContractRouterClient<DeskContract>;
