import { fail, succeed } from '../../../src/shared/platform/result.ts';
import type { PrintJob, PrintOutcome, Spooler } from '../../../src/core/documents/ports.ts';

/** A queue in memory: what was sent can be looked at, and its printer can be stopped. */
export interface MemorySpooler extends Spooler {
  readonly jobs: { readonly bytes: Uint8Array; readonly job: PrintJob }[];
  isStopped: boolean;
  outcome: PrintOutcome;
}

export function createMemorySpooler(): MemorySpooler {
  const spooler: MemorySpooler = {
    jobs: [],
    isStopped: false,
    outcome: { state: 'completed' },
    listPrinters: () =>
      Promise.resolve([{ name: 'yaddaş', isDefault: true, state: spooler.isStopped ? 'stopped' : 'ready', isFile: false }]),
    submit(bytes, job) {
      if (spooler.isStopped) return Promise.resolve(fail('PRINTER_FAILED', {}, true));
      spooler.jobs.push({ bytes, job });
      return Promise.resolve(succeed({ jobRef: String(spooler.jobs.length) }));
    },
    watch: () => Promise.resolve(spooler.outcome),
  };
  return spooler;
}
