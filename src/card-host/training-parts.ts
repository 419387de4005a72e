import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CardReaders } from '../shared/card-host/card-port.ts';
import { createDirectReaders } from './links/direct-readers.ts';
import type { EnvelopePort } from './mailer/create-mailer.ts';
import type { MasterMac } from './token/code-deriver.ts';
import { openTrainingKey } from './token/training-key.ts';

/** What only a training desk has. The product's twin of this file has none of it: a production desk cannot load it. */
export interface TrainingParts {
  masterMac(dataFolder: string): MasterMac;
  /** Envelopes as files for the owner only, so that a learner can read the codes of an invented card. */
  filePort(folder: string): EnvelopePort;
  /** Virtual cards without a card service; null where there are none, or their process has given them to the machine's card service. */
  directReaders(socketPath: string): Promise<CardReaders | null>;
}

export const trainingParts: TrainingParts | null = {
  directReaders: (socketPath) => (socketPath === '' ? Promise.resolve(null) : createDirectReaders(socketPath)),
  masterMac: (dataFolder) => openTrainingKey(join(dataFolder, 'training-card-key')),
  filePort: (folder) => async (bytes, content) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, `${content.envelopeNumber.replace(/[^\w-]/gu, '_')}.txt`), bytes, { flag: 'wx', mode: 0o600 });
  },
};
