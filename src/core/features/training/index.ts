import type { z } from 'zod';
import type { trainingContract, trainingFaultsSchema } from '../../../shared/contract/training.ts';
import { fail, type Failure, type Result } from '../../../shared/platform/result.ts';
import type { Desk } from '../../desk.ts';
import type { Handlers, OperationOutput } from '../../rpc/handlers.ts';

export type TrainingFaults = z.infer<typeof trainingFaultsSchema>;
export type TrainingCast = OperationOutput<typeof trainingContract.listCast>;

/** The training registry's own switches and people; a production desk has none. */
export interface TrainingPort {
  getFaults(): Promise<Result<TrainingFaults, Failure>>;
  setFaults(faults: TrainingFaults): Promise<Result<TrainingFaults, Failure>>;
  listCast(): Promise<Result<TrainingCast, Failure>>;
}

export function createTrainingFeature(desk: Desk, port: TrainingPort | null): Handlers<'training'> {
  // Mode and port must both say training: a mistake in one alone opens nothing.
  const training = desk.identity.mode === 'training' ? port : null;
  return {
    getFaults: () => (training === null ? fail('FORBIDDEN') : training.getFaults()),
    setFaults: (input) => (training === null ? fail('FORBIDDEN') : training.setFaults(input)),
    listCast: () => (training === null ? fail('FORBIDDEN') : training.listCast()),
  };
}
