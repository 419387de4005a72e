import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Randomness } from '../../shared/platform/ports.ts';

export const systemRandomness: Randomness = {
  bytes: (count) => randomBytes(count),
  uuid: () => v7(),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
