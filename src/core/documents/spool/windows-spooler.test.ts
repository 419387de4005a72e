import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSystemSpooler, type SpoolerConfig } from './system-spooler.ts';

/**
 * Windows is played by two programs on the search path: `powershell.exe`, which answers what a desk with two queues answers, and the print program;
 * both write down word by word how they were started. So what is proven is the command line and not what Windows makes of it.
 */
let folder: string;
const pathBefore = process.env['PATH'];
const hostile = 'Zal "2" & calc $(id) %PATH% \u2014 \u015e\u0259rq';
const queues = JSON.stringify([
  { Name: 'Zal 1', PrinterStatus: 'Normal', Default: true },
  { Name: hostile, PrinterStatus: 'Normal', Default: false },
  { Name: 'Anbar', PrinterStatus: 'Offline', Default: false },
]);
const job = { printer: hostile, jobName: 'BAK1-01-2026-000001-1', copies: 2 };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-windows-'));
  writeFileSync(path.join(folder, 'queues.json'), queues);
  program(
    'powershell.exe',
    `case "$4" in *Get-PrintJob*) printf '%s' "$QEYD_PRINTER" > '${folder}/asked-printer'; exit 0;; esac\ncat '${folder}/queues.json'`,
  );
  program('SumatraPDF.exe', `cp "$7" '${folder}/printed.pdf'`);
  process.env['PATH'] = `${folder}${path.delimiter}${pathBefore ?? ''}`;
});
afterEach(() => {
  process.env['PATH'] = pathBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** A program that writes its arguments down, one a line, before it does `body`. */
function program(name: string, body: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${file}.arguments'\n${body}\n`, { mode: 0o700 });
  return file;
}
const argumentsOf = (name: string): string[] =>
  readFileSync(path.join(folder, `${name}.arguments`), 'utf8')
    .trimEnd()
    .split('\n');
const spoolerOf = (config: Partial<SpoolerConfig> = {}) => createSystemSpooler({ cupsServer: '', printFolder: '', ...config }, 'win32');

describe('the queues of Windows', () => {
  it('a queue is one argument, whatever letters its name has, and the file holds the very bytes', async () => {
    const spooler = spoolerOf();
    const submitted = await spooler.submit(Buffer.from('%PDF'), job);
    expect(submitted).toEqual({ ok: true, value: { jobRef: job.jobName } });
    const given = argumentsOf('SumatraPDF.exe');
    const file = given.at(-1) ?? '';
    expect(given).toEqual(['-print-to', hostile, '-print-settings', '2x', '-silent', '-exit-when-done', file]);
    expect(path.basename(file)).toBe(`${job.jobName}.pdf`);
    expect(readFileSync(path.join(folder, 'printed.pdf'), 'utf8')).toBe('%PDF');
    expect(await spooler.watch(job.jobName, 1_000)).toEqual({ state: 'completed' });
    expect(existsSync(file)).toBe(false);
  });

  it('no script that PowerShell reads holds a name: it is an environment value', async () => {
    const spooler = spoolerOf();
    await spooler.submit(Buffer.from('%PDF'), job);
    await spooler.watch(job.jobName, 1_000);
    expect(readFileSync(path.join(folder, 'asked-printer'), 'utf8')).toBe(hostile);
    const scripts = argumentsOf('powershell.exe').join('\n');
    expect(scripts).toContain('Get-PrintJob -PrinterName $env:QEYD_PRINTER');
    expect(scripts).not.toContain('Zal');
  });

  it('the configured program is started in place of the one on the search path', async () => {
    const windowsPrintCommand = program('other.exe', 'true');
    await spoolerOf({ windowsPrintCommand }).submit(Buffer.from('%PDF'), job);
    expect(argumentsOf('other.exe')[0]).toBe('-print-to');
    expect(existsSync(path.join(folder, 'SumatraPDF.exe.arguments'))).toBe(false);
  });

  it('a queue that is unknown or off line, and a program that is not there, print nothing and say so', async () => {
    const spooler = spoolerOf();
    const bytes = Buffer.from('%PDF');
    expect(await spooler.submit(bytes, { ...job, printer: 'Yoxdur' })).toMatchObject({ ok: false, failure: { code: 'PRINTER_UNKNOWN' } });
    expect(await spooler.submit(bytes, { ...job, printer: 'Anbar' })).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED' } });
    expect(existsSync(path.join(folder, 'SumatraPDF.exe.arguments'))).toBe(false);
    const missing = spoolerOf({ windowsPrintCommand: path.join(folder, 'none.exe') });
    expect(await missing.submit(bytes, job)).toMatchObject({ ok: false, failure: { code: 'PRINTER_FAILED', retryable: true } });
  });

  it('the configured queue is offered first, and the system\u2019s own choice when it is not there', async () => {
    const defaults = async (config: Partial<SpoolerConfig>) =>
      (await spoolerOf(config).listPrinters()).filter(({ isDefault }) => isDefault).map(({ name }) => name);
    expect(await defaults({})).toEqual(['Zal 1']);
    expect(await defaults({ printQueue: 'Anbar' })).toEqual(['Anbar']);
    expect(await defaults({ printQueue: 'Yoxdur' })).toEqual(['Zal 1']);
  });

  it('a job name that could name another file is refused', async () => {
    await expect(spoolerOf().submit(Buffer.from('%PDF'), { ...job, jobName: '../x' })).rejects.toThrow('no document number');
    await expect(spoolerOf().submit(Buffer.from('%PDF'), { ...job, jobName: '-print' })).rejects.toThrow('no document number');
  });
});
