/** Stands in for index.ts in the bundles that ship: the product has no training menu. */
export const TrainingMenu = (): null => null;
