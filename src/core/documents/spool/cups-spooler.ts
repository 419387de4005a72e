import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, succeed } from '../../../shared/platform/result.ts';
import type { Printer, PrintOutcome, Spooler } from '../ports.ts';
import {
  decodeIppAnswer,
  encodeIppRequest,
  ippOperation,
  ippStatus,
  ippTag,
  type IppAnswer,
  type IppAttribute,
  type IppGroup,
} from './ipp-codec.ts';

const printerStates: Readonly<Record<number, Printer['state']>> = { 3: 'ready', 4: 'busy', 5: 'stopped' };
const job = { stopped: 6, canceled: 7, aborted: 8, completed: 9 } as const;
const answerMs = 15_000;
const pollMs = 300;
const maxAnswerBytes = 4 * 1024 * 1024;

/**
 * The queues of CUPS by IPP 2.0, over its Unix socket or HTTP. `server` is a socket path or `host:port`; empty = this machine's own. The stored
 * bytes are sent as they are; a queue that is stopped or takes no jobs is refused before anything is queued, because CUPS itself would take
 * the job and print it whenever somebody starts the printer again.
 */
export function createCupsSpooler(server: string): Spooler {
  const target = targetOf(server);
  let nextRequest = 1;
  const user: IppAttribute = { tag: ippTag.name, name: 'requesting-user-name', values: [userName()] };

  function ask(
    path: string,
    operation: number,
    attributes: readonly IppAttribute[],
    jobAttributes: readonly IppAttribute[] = [],
    body?: Uint8Array,
  ): Promise<IppAnswer> {
    const head = encodeIppRequest(operation, nextRequest++, attributes, jobAttributes);
    const bytes = body === undefined ? head : Buffer.concat([head, body]);
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...target,
          path,
          method: 'POST',
          headers: { host: 'localhost', 'content-type': 'application/ipp', 'content-length': bytes.byteLength },
          timeout: answerMs,
        },
        (response) => {
          const parts: Buffer[] = [];
          let size = 0;
          response.on('data', (part: Buffer) => {
            size += part.byteLength;
            if (size > maxAnswerBytes) call.destroy(new Error('An answer without end'));
            parts.push(part);
          });
          response.on('error', reject);
          response.on('end', () => {
            try {
              if (response.statusCode !== 200) throw new Error(`The print service answered ${response.statusCode ?? 0}`);
              resolve(decodeIppAnswer(Buffer.concat(parts)));
            } catch (error) {
              reject(error instanceof Error ? error : new Error('No answer'));
            }
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error('The print service does not answer')));
      call.on('error', reject);
      call.end(bytes);
    });
  }

  const wanted: IppAttribute = {
    tag: ippTag.keyword,
    name: 'requested-attributes',
    values: ['printer-name', 'printer-state', 'printer-is-accepting-jobs'],
  };

  return {
    async listPrinters() {
      try {
        const [all, chosen] = await Promise.all([
          ask('/', ippOperation.cupsGetPrinters, [wanted, user]),
          ask('/', ippOperation.cupsGetDefault, [wanted, user]).catch(() => null),
        ]);
        const defaultName = chosen?.groups[0]?.get('printer-name')?.[0];
        return all.groups.filter((printer) => printer.has('printer-name')).map((printer) => printerOf(printer, defaultName));
      } catch {
        // No print service: there are no printers, which is what the screen has to say.
        return [];
      }
    },
    async submit(bytes, { printer, jobName, copies }) {
      const path = `/printers/${encodeURIComponent(printer)}`;
      const uri: IppAttribute = { tag: ippTag.uri, name: 'printer-uri', values: [`ipp://localhost${path}`] };
      try {
        const state = await ask(path, ippOperation.getPrinterAttributes, [uri, user, wanted]);
        if (state.status === ippStatus.notFound) return fail('PRINTER_UNKNOWN', {});
        const found = state.groups[0];
        if (found === undefined || printerOf(found, undefined).state === 'stopped') return fail('PRINTER_FAILED', {}, true);
        const answer = await ask(
          path,
          ippOperation.printJob,
          [
            uri,
            user,
            { tag: ippTag.name, name: 'job-name', values: [jobName] },
            { tag: ippTag.mime, name: 'document-format', values: ['application/pdf'] },
          ],
          [{ tag: ippTag.integer, name: 'copies', values: [copies] }],
          bytes,
        );
        const jobId = answer.groups[0]?.get('job-id')?.[0];
        if (answer.status >= 0x0100 || typeof jobId !== 'number') return fail('PRINTER_FAILED', {}, true);
        return succeed({ jobRef: String(jobId) });
      } catch {
        return fail('PRINTER_FAILED', {}, true);
      }
    },
    async watch(jobRef, deadlineMs): Promise<PrintOutcome> {
      const endsAt = performance.now() + deadlineMs;
      const uri: IppAttribute = { tag: ippTag.uri, name: 'job-uri', values: [`ipp://localhost/jobs/${jobRef}`] };
      const fields: IppAttribute = { tag: ippTag.keyword, name: 'requested-attributes', values: ['job-state', 'job-state-reasons'] };
      let reason = 'no answer';
      while (performance.now() < endsAt) {
        const answer = await ask(`/jobs/${jobRef}`, ippOperation.getJobAttributes, [uri, user, fields]).catch(() => null);
        const state = answer?.groups[0]?.get('job-state')?.[0];
        reason = String(answer?.groups[0]?.get('job-state-reasons')?.[0] ?? reason);
        if (state === job.completed) return { state: 'completed' };
        if (state === job.canceled || state === job.aborted || state === job.stopped) return { state: 'failed', reason };
        await pause(pollMs, undefined, { ref: false });
      }
      return { state: 'failed', reason };
    },
  };
}

function printerOf(printer: IppGroup, defaultName: unknown): Printer {
  const name = String(printer.get('printer-name')?.[0] ?? '');
  const state = printerStates[Number(printer.get('printer-state')?.[0])] ?? 'unknown';
  const takesJobs = printer.get('printer-is-accepting-jobs')?.[0] !== false;
  return { name, isDefault: name === defaultName, state: takesJobs ? state : 'stopped', isFile: false };
}

function targetOf(server: string): { socketPath: string } | { host: string; port: number } {
  if (server.startsWith('/')) return { socketPath: server };
  const address = /^(.+):(\d+)$/u.exec(server);
  if (address !== null) return { host: address[1] ?? 'localhost', port: Number(address[2]) };
  return existsSync('/run/cups/cups.sock') ? { socketPath: '/run/cups/cups.sock' } : { host: '127.0.0.1', port: 631 };
}

/** The name of the account, as `lp` sends it: the queue's own accounting, not the operator's. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'qeyd';
  }
}
