import type { TrainingParts } from './training-parts.ts';

/** The product has no training key, no envelopes in files and no virtual cards. */
export const trainingParts: TrainingParts | null = null;
