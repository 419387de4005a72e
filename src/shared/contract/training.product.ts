/** Stands in for training.ts in the bundles that ship: the product has no training menu and no fault switch, not even a refused one. */
export const trainingContract = {};
