import type { training as azTraining } from '../az/training.ts';

/** The training menu. In English. */
export const training = {
  title: 'Training menu',
  faults: 'Faults',
  unplug: 'Unplug the link to the registry',
  outages: 'Systems that do not answer',
  activationsThatFail: 'Activations that fail',
  answersThatGetLost: 'Answers that are lost',
  expired: 'Show an expired TLS certificate',
  failStatus: 'Code of the error answer',
  failTimes: 'Number of error answers',
  latencyMs: 'Latency, ms',
  cast: 'People to practise with',
  who: 'Who',
  read: 'As a reader',
  readDocument: 'Read the document',
  readSim: 'Read the SIM',
} as const satisfies Record<keyof typeof azTraining, string>;
