import type { z } from 'zod';
import type { trainingContract, trainingFaultsSchema } from '../../../shared/contract/training.ts';
import { fail, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers, OperationOutput } from '../../rpc/handlers.ts';

export type TrainingFaults = z.infer<typeof trainingFaultsSchema>;
export type VirtualCards = OperationOutput<typeof trainingContract.listCards>;
export type TrainingCast = OperationOutput<typeof trainingContract.listCast>;

/** The training registry's own switches and people; a production desk has none. */
export interface TrainingPort {
  getFaults(): Promise<Result<TrainingFaults, Failure>>;
  setFaults(faults: TrainingFaults): Promise<Result<TrainingFaults, Failure>>;
  listCast(): Promise<Result<TrainingCast, Failure>>;
  listCards(): Promise<Result<VirtualCards, Failure>>;
  createCard(): Promise<Result<VirtualCards, Failure>>;
  insertCard(readerName: string, chipSerialHex: string): Promise<Result<VirtualCards, Failure>>;
  ejectCard(readerName: string): Promise<Result<VirtualCards, Failure>>;
}

export function createTrainingFeature(desk: Desk, port: TrainingPort | null): Handlers<'training'> {
  // Mode and port must both say training: a mistake in one alone opens nothing.
  const training = desk.identity.mode === 'training' ? port : null;
  return {
    getFaults: () => (training === null ? fail('FORBIDDEN') : training.getFaults()),
    setFaults: (input) => (training === null ? fail('FORBIDDEN') : training.setFaults(input)),
    listCast: () => (training === null ? fail('FORBIDDEN') : training.listCast()),
    listCards: () => (training === null ? fail('FORBIDDEN') : training.listCards()),
    createCard: () => (training === null ? fail('FORBIDDEN') : training.createCard()),
    insertCard: ({ readerName, chipSerialHex }) => (training === null ? fail('FORBIDDEN') : training.insertCard(readerName, chipSerialHex)),
    ejectCard: ({ readerName }) => (training === null ? fail('FORBIDDEN') : training.ejectCard(readerName)),
  };
}
