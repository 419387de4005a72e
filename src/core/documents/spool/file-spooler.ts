import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, succeed } from '../../../shared/platform/result.ts';
import type { Spooler } from '../ports.ts';

/** Name of the printer that writes a file; the screen shows it as it is. */
export const filePrinterName = 'PDF faylı';

/** A printer that puts the PDF into a folder, for desks without a queue and for training. The file is whole or not there. */
export function createFileSpooler(folder: string): Spooler {
  return {
    async listPrinters() {
      return [{ name: filePrinterName, isDefault: false, state: (await isWritable(folder)) ? 'ready' : 'stopped', isFile: true }];
    },
    async submit(bytes, { printer, jobName }) {
      if (printer !== filePrinterName) return fail('PRINTER_UNKNOWN');
      const unfinished = join(folder, `.${randomUUID()}.part`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(unfinished, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, join(folder, `${jobName}.pdf`));
        return succeed({ jobRef: jobName });
      } catch {
        await rm(unfinished, { force: true }).catch(() => undefined);
        return fail('PRINTER_FAILED', {}, true);
      }
    },
    watch: () => Promise.resolve({ state: 'completed' }),
  };
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
