/** What a test makes of the machine under a program's core; whatever is left out is as it is. */
export interface Machine {
  /** How far the device clock is off the true one. */
  readonly clockOffsetMs?: number;
  /** How much longer than in truth the program has been running, by both clocks. */
  readonly passedMs?: number;
  readonly freeDiskBytes?: number;
}

/** Where it stands: in the program's temporary folder. */
export const machineFile = 'machine.json';
