import path from 'node:path';
import type { HandOverPort } from '../../src/core/features/sync/ports-hand-over.ts';
import type { OpenDesk } from '../../src/core/open-desk.ts';

/** A desk that has nothing to hand over, for tests of something else. */
export const noHandOver: HandOverPort = {
  folder: '',
  exporter: {
    count: () => ({ acts: 0, attachments: 0, attachmentBytes: 0 }),
    findStop: () => null,
    write: () => Promise.reject(new Error('This desk hands nothing over')),
  },
  facts: () => ({ sync: {}, settings: {}, freeBytes: null, logLines: [] }),
};

/** As the program puts it together, into the folder `exports` of the desk. */
export function handOverOf(desk: OpenDesk, folder: string, logLines: readonly string[] = []): HandOverPort {
  return {
    folder: path.join(folder, 'exports'),
    exporter: desk.exporter,
    facts: () => ({ sync: desk.syncFacts(), settings: {}, freeBytes: null, logLines }),
  };
}
