import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A CUPS of the test's own: configuration, queue, spool and socket lie in a temporary folder; its printer is a port of this process. */
export interface PrivateCups {
  /** What the desk's configuration names as `cupsServer`. */
  readonly server: string;
  /** What came out of the raw queue, job by job. */
  readonly output: readonly Buffer[];
  readonly queue: string;
  lp(command: 'cupsenable' | 'cupsdisable' | 'cupsreject' | 'cupsaccept'): void;
  close(): Promise<void>;
}

export async function startPrivateCups(): Promise<PrivateCups> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-cups-'));
  // The scheduler's helpers run as another user and must be able to pass through.
  chmodSync(folder, 0o755);
  const at = (...names: string[]): string => path.join(folder, ...names);
  for (const name of ['cache', 'state', 'spool', 'spool/tmp', 'etc', 'etc/ppd', 'etc/ssl'])
    mkdirSync(at(name), { recursive: true, mode: 0o777 });
  const socket = at('cups.sock');
  const queue = 'sinaq';
  const output: Buffer[] = [];
  // A printer that keeps every byte it gets, as port 9100 of a network printer does.
  const printer = createServer((socket) => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('end', () => output.push(Buffer.concat(parts)));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => printer.listen(0, '127.0.0.1', resolve));
  const { port } = printer.address() as AddressInfo;
  writeFileSync(
    at('etc', 'cups-files.conf'),
    [
      'PrintcapFormat bsd',
      `ServerRoot ${at('etc')}`,
      `CacheDir ${at('cache')}`,
      `StateDir ${at('state')}`,
      `RequestRoot ${at('spool')}`,
      `TempDir ${at('spool/tmp')}`,
      'DataDir /usr/share/cups',
      'ServerBin /usr/lib/cups',
      `AccessLog ${at('access_log')}`,
      `ErrorLog ${at('error_log')}`,
      `PageLog ${at('page_log')}`,
      'SystemGroup root',
      '',
    ].join('\n'),
    { mode: 0o640 },
  );
  writeFileSync(
    at('etc', 'cupsd.conf'),
    [
      'LogLevel warn',
      `Listen ${socket}`,
      'Browsing Off',
      'DefaultAuthType None',
      'WebInterface No',
      '<Location />',
      'Order allow,deny',
      'Allow all',
      '</Location>',
      '<Policy default>',
      '<Limit All>',
      'Order deny,allow',
      '</Limit>',
      '</Policy>',
      '',
    ].join('\n'),
    { mode: 0o640 },
  );
  writeFileSync(
    at('etc', 'printers.conf'),
    [
      `<DefaultPrinter ${queue}>`,
      'UUID urn:uuid:0197a000-0000-7000-8000-000000000001',
      'Info Sinaq',
      `DeviceURI socket://127.0.0.1:${port}/?waiteof=false&snmp=false`,
      'State Idle',
      'Accepting Yes',
      'Shared No',
      'JobSheets none none',
      'QuotaPeriod 0',
      'PageLimit 0',
      'KLimit 0',
      'OpPolicy default',
      'ErrorPolicy stop-printer',
      '</DefaultPrinter>',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const daemon: ChildProcess = spawn('/usr/sbin/cupsd', ['-f', '-c', at('etc', 'cupsd.conf'), '-s', at('etc', 'cups-files.conf')], {
    stdio: 'ignore',
  });
  const state = { isGone: false };
  const gone = new Promise<void>((resolve) => {
    daemon.once('exit', () => {
      state.isGone = true;
      resolve();
    });
  });
  for (let waitedMs = 0; !existsSync(socket); waitedMs += 50) {
    if (state.isGone || waitedMs > 10_000) throw new Error('The private print service did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    server: socket,
    output,
    queue,
    lp: (command) => void execFileSync(`/usr/sbin/${command}`, ['-h', socket, queue], { stdio: 'pipe' }),
    async close() {
      daemon.kill('SIGTERM');
      await gone;
      await new Promise((resolve) => printer.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
