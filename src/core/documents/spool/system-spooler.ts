import { fail } from '../../../shared/platform/result.ts';
import type { Spooler } from '../ports.ts';
import { createCupsSpooler } from './cups-spooler.ts';
import { createFileSpooler, filePrinterName } from './file-spooler.ts';
import { createWindowsSpooler } from './windows-spooler.ts';

export interface SpoolerConfig {
  /** `host:port` or a socket path; empty = the system's own. Not used on Windows. */
  readonly cupsServer: string;
  /** Where the file printer puts PDF files; empty = no file printer. */
  readonly printFolder: string;
  /** The program that prints a PDF on Windows. */
  readonly windowsPrintCommand?: string;
}

/** The queues of this machine, and the file printer when the desk has one. */
export function createSystemSpooler(config: SpoolerConfig, platform: NodeJS.Platform = process.platform): Spooler {
  const queues =
    platform === 'win32' ? createWindowsSpooler(config.windowsPrintCommand ?? 'SumatraPDF.exe') : createCupsSpooler(config.cupsServer);
  const files = config.printFolder === '' ? null : createFileSpooler(config.printFolder);
  const filePrefix = 'file:';
  return {
    async listPrinters() {
      const lists = await Promise.all([queues.listPrinters(), files?.listPrinters() ?? []]);
      return lists.flat();
    },
    async submit(bytes, job) {
      if (job.printer !== filePrinterName) return queues.submit(bytes, job);
      if (files === null) return fail('PRINTER_UNKNOWN');
      const submitted = await files.submit(bytes, job);
      return submitted.ok ? { ok: true, value: { jobRef: filePrefix + submitted.value.jobRef } } : submitted;
    },
    watch(jobRef, deadlineMs) {
      return jobRef.startsWith(filePrefix) ? Promise.resolve({ state: 'completed' }) : queues.watch(jobRef, deadlineMs);
    },
  };
}
