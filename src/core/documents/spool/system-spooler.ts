import { fail } from '../../../shared/platform/result.ts';
import type { Printer, Spooler } from '../ports.ts';
import { createCupsSpooler } from './cups-spooler.ts';
import { createFileSpooler, filePrinterName } from './file-spooler.ts';
import { createWindowsSpooler } from './windows-spooler.ts';

export interface SpoolerConfig {
  /** `host:port` or a socket path; empty = the system's own. Not used on Windows. */
  readonly cupsServer: string;
  /** Where the file printer puts PDF files; empty = no file printer. */
  readonly printFolder: string;
  /** The queue that is offered first; empty or not there = the system's own choice. */
  readonly printQueue?: string;
  /** Path of the program that prints a PDF on Windows; empty = SumatraPDF on the search path. */
  readonly windowsPrintCommand?: string;
}

/** The queues of this machine, and the file printer when the desk has one. */
export function createSystemSpooler(config: SpoolerConfig, platform: NodeJS.Platform = process.platform): Spooler {
  const printCommand = config.windowsPrintCommand ?? '';
  const queues =
    platform === 'win32'
      ? createWindowsSpooler(printCommand === '' ? 'SumatraPDF.exe' : printCommand)
      : createCupsSpooler(config.cupsServer);
  const files = config.printFolder === '' ? null : createFileSpooler(config.printFolder);
  const filePrefix = 'file:';
  return {
    async listPrinters() {
      const lists = await Promise.all([queues.listPrinters(), files?.listPrinters() ?? []]);
      return withFirst(lists.flat(), config.printQueue ?? '');
    },
    async submit(bytes, job) {
      if (!isJobName(job.jobName)) throw new Error('A job name that is no document number');
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

/** The job's name becomes the name of a file and a title in a queue, so it can be nothing but a document number. */
function isJobName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/u.test(name);
}

/** Makes `queue` the default when it is there; a queue that was taken away leaves the system's choice. */
function withFirst(printers: readonly Printer[], queue: string): Printer[] {
  if (!printers.some(({ name }) => name === queue)) return [...printers];
  return printers.map((printer) => ({ ...printer, isDefault: printer.name === queue }));
}
