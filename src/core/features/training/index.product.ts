/** Stands in for index.ts in the bundles that ship: the contract of the product has no training operations to answer. */
export const createTrainingFeature = (): Record<string, never> => ({});
