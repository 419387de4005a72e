import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fail, succeed } from '../../../shared/platform/result.ts';
import type { Printer, PrintOutcome, Spooler } from '../ports.ts';

const run = promisify(execFile);
const commandMs = 60_000;
const pollMs = 1_000;

const printerSchema = z.object({ Name: z.string(), PrinterStatus: z.union([z.string(), z.number()]), Default: z.boolean().nullish() });
const jobSchema = z.object({ Document: z.string(), JobStatus: z.union([z.string(), z.number()]) });

/**
 * The queues of Windows. Names and jobs are asked of PowerShell (`Get-Printer`, `Get-PrintJob`), which gets them as environment values and never
 * as part of a script; the PDF is drawn by SumatraPDF, whose path is configured and which is started without a shell. The file it reads lies in a folder of its own in the user's temporary folder and is deleted when the queue is done with it.
 */
export function createWindowsSpooler(printCommand: string): Spooler {
  const folders = new Map<string, { folder: string; printer: string }>();
  return {
    listPrinters,
    async submit(bytes, { printer, jobName, copies }) {
      const known = (await listPrinters()).find(({ name }) => name === printer);
      if (known === undefined) return fail('PRINTER_UNKNOWN');
      if (known.state === 'stopped') return fail('PRINTER_FAILED', {}, true);
      const folder = await mkdtemp(join(tmpdir(), 'qeyd-print-'));
      const file = join(folder, `${jobName}.pdf`);
      try {
        await writeFile(file, bytes, { mode: 0o600 });
        await run(printCommand, printArguments(printer, copies, file), { timeout: commandMs, windowsHide: true });
      } catch {
        await rm(folder, { recursive: true, force: true });
        return fail('PRINTER_FAILED', {}, true);
      }
      folders.set(jobName, { folder, printer });
      return succeed({ jobRef: jobName });
    },
    async watch(jobRef, deadlineMs): Promise<PrintOutcome> {
      const job = folders.get(jobRef);
      if (job === undefined) return { state: 'failed', reason: 'unknown job' };
      try {
        const endsAt = performance.now() + deadlineMs;
        while (performance.now() < endsAt) {
          const jobs = await ask(
            `Get-PrintJob -PrinterName $env:QEYD_PRINTER | Select-Object @{n='Document';e={$_.DocumentName}},@{n='JobStatus';e={"$($_.JobStatus)"}}`,
            jobSchema,
            {
              QEYD_PRINTER: job.printer,
            },
          );
          const ours = jobs.find(({ Document: document }) => document.includes(jobRef));
          // A finished job leaves the queue.
          if (ours === undefined) return { state: 'completed' };
          if (/error|offline|paperout|blocked|deleted/iu.test(String(ours.JobStatus)))
            return { state: 'failed', reason: String(ours.JobStatus) };
          await pause(pollMs, undefined, { ref: false });
        }
        return { state: 'failed', reason: 'not finished' };
      } finally {
        folders.delete(jobRef);
        await rm(job.folder, { recursive: true, force: true });
      }
    },
  };
}

/** Each part is one argument of the program, whatever stands in it. */
function printArguments(printer: string, copies: number, file: string): string[] {
  return ['-print-to', printer, '-print-settings', `${copies}x`, '-silent', '-exit-when-done', file];
}

async function listPrinters(): Promise<Printer[]> {
  const script = `$d = (Get-CimInstance Win32_Printer -Filter 'Default=TRUE').Name; Get-Printer | Select-Object Name,@{n='PrinterStatus';e={"$($_.PrinterStatus)"}},@{n='Default';e={$_.Name -eq $d}}`;
  const printers = await ask(script, printerSchema).catch(() => []);
  return printers.map((printer) => ({
    name: printer.Name,
    isDefault: printer.Default === true,
    state: stateOf(String(printer.PrinterStatus)),
    isFile: false,
  }));
}

function stateOf(status: string): Printer['state'] {
  if (/normal|idle/iu.test(status)) return 'ready';
  if (/printing|busy|processing|warmup/iu.test(status)) return 'busy';
  return /error|offline|paused|paper|toner|notavailable/iu.test(status) ? 'stopped' : 'unknown';
}

async function ask<T>(script: string, schema: z.ZodType<T>, values: Record<string, string> = {}): Promise<T[]> {
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', `@(${script}) | ConvertTo-Json -Compress`], {
    env: { ...process.env, ...values },
    timeout: commandMs,
    windowsHide: true,
  });
  const parsed: unknown = stdout.trim() === '' ? [] : JSON.parse(stdout);
  return z.array(schema).parse(Array.isArray(parsed) ? parsed : [parsed]);
}
