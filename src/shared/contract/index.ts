import type { ContractRouterClient } from '@orpc/contract';
import { applicationContract } from './application.ts';
import { auditContract } from './audit.ts';
import { cardContract } from './card.ts';
import { dispatchContract } from './dispatch.ts';
import { incidentContract } from './incident.ts';
import { operatorContract } from './operator.ts';
import { packageContract } from './package.ts';
import { paperContract } from './paper.ts';
import { pinRequestContract } from './pin-request.ts';
import { productionContract } from './production.ts';
import { registerContract } from './register.ts';
import { scanContract } from './scan.ts';
import { sessionContract } from './session.ts';
import { storageContract } from './storage.ts';
import { syncContract } from './sync.ts';
import { systemContract } from './system.ts';
import { trainingContract } from './training.ts';

/** Raised when a change would make an older screen misread the core; checked by the first message of every connection. */
export const contractVersion = 1;

/** Named noun by noun: written out whole, the type would be longer than the compiler writes down. */
export type DeskContract = {
  readonly system: typeof systemContract;
  readonly session: typeof sessionContract;
  readonly operator: typeof operatorContract;
  readonly application: typeof applicationContract;
  readonly package: typeof packageContract;
  readonly paper: typeof paperContract;
  readonly pinRequest: typeof pinRequestContract;
  readonly scan: typeof scanContract;
  readonly register: typeof registerContract;
  readonly production: typeof productionContract;
  readonly dispatch: typeof dispatchContract;
  readonly sync: typeof syncContract;
  readonly storage: typeof storageContract;
  readonly audit: typeof auditContract;
  readonly card: typeof cardContract;
  readonly incident: typeof incidentContract;
  readonly training: typeof trainingContract;
};
export const deskContract: DeskContract = {
  system: systemContract,
  session: sessionContract,
  operator: operatorContract,
  application: applicationContract,
  package: packageContract,
  paper: paperContract,
  pinRequest: pinRequestContract,
  scan: scanContract,
  register: registerContract,
  production: productionContract,
  dispatch: dispatchContract,
  sync: syncContract,
  storage: storageContract,
  audit: auditContract,
  card: cardContract,
  incident: incidentContract,
  training: trainingContract,
};
/** What the screen holds: every operation as a typed async function. */
export type DeskClient = ContractRouterClient<DeskContract>;
