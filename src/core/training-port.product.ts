/** Stands in for training-port.ts in the bundles that ship: the product cannot reach a fault switch even where a registry offers one. */
export const createTrainingPort = (): null => null;
