import { execFile, spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { standardVpcdPort } from '../../../src/shared/card-host/virtual-card-control.ts';

/**
 * A card service of a test's own: the machine's pcscd with the virtual reader in mount and network namespaces of its own, so that test files beside each
 * other have complete stacks, and a service of the machine is left alone. Its socket lies in the test's folder: clients need no namespace, only
 * `environment`. The virtual reader listens inside, so the virtual cards are started there. Needs pcscd, vsmartcard-vpcd, and root or user namespaces.
 */
export interface PrivateService {
  /** For the environment of every client: OpenSC's tools, Node children, or the test itself before it loads a PC/SC library. */
  readonly environment: { readonly PCSCLITE_CSOCK_NAME: string };
  readonly folder: string;
  /** As the service names the slots of its reader. */
  readonly readerNames: readonly [string, string];
  readonly vpcdPort: number;
  /** Ends the service as an administrator would; cards stay where they are. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** Sends a signal to the running service, e.g. SIGSTOP for one that hangs, SIGKILL for one that dies. */
  signalService(signal: NodeJS.Signals): void;
  /** Runs a Node program inside, with a channel to its parent. */
  forkInside(entry: string, args?: readonly string[]): ChildProcess;
  /** Runs a program with `environment`; its output in any case. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Run>;
  /** What the service wrote since it was started. */
  readLog(): string;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PrivateServiceOptions {
  /** The service adds the number of the device and of the slot. */
  readonly readerName?: string;
}

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

export async function startPrivateService({ readerName = 'Virtual PCD' }: PrivateServiceOptions = {}): Promise<PrivateService> {
  for (const needed of ['/usr/sbin/pcscd', driver])
    if (!existsSync(needed)) throw new Error(`${needed} is missing: install the packages pcscd and vsmartcard-vpcd`);
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-pcsc-'));
  const [runFolder, configFolder] = [path.join(folder, 'run'), path.join(folder, 'readers')];
  mkdirSync(runFolder);
  mkdirSync(configFolder);
  const reader = [`FRIENDLYNAME "${readerName}"`, `DEVICENAME /dev/null:0x${standardVpcdPort.toString(16)}`, `LIBPATH ${driver}`];
  writeFileSync(path.join(configFolder, 'vpcd'), `${[...reader, `CHANNELID 0x${standardVpcdPort.toString(16)}`].join('\n')}\n`);
  const inside = await openNamespaces(runFolder);
  const environment = { PCSCLITE_CSOCK_NAME: path.join(runFolder, 'pcscd.comm') };
  const service = new ServiceProcess(inside, runFolder, configFolder);
  await service.start();
  const children: ChildProcess[] = [];
  return {
    environment,
    folder,
    vpcdPort: standardVpcdPort,
    readerNames: [`${readerName} 00 00`, `${readerName} 00 01`],
    stopService: () => service.stop(),
    startService: () => service.start(),
    signalService: (signal) => void process.kill(service.pid, signal),
    forkInside(entry, args = []) {
      const child = spawn('nsenter', [...enter(inside), process.execPath, entry, ...args], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, ...environment },
      });
      children.push(child);
      return child;
    },
    run: (command, args, options = {}) =>
      runProgram(command, args, { ...options, environment: { ...environment, ...options.environment } }),
    readLog: () => service.log,
    async close() {
      await Promise.all(children.map(endChild));
      await service.stop();
      await endHolder(inside);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const enter = (inside: ChildProcess): string[] => [
  '--target',
  String(inside.pid),
  '--mount',
  '--net',
  ...(isRoot() ? [] : ['--user', '--preserve-credentials']),
];
const isRoot = (): boolean => process.getuid?.() === 0;

/** A process that keeps the namespaces, and ends with its input: with this process at the latest. */
async function openNamespaces(runFolder: string): Promise<ChildProcessWithoutNullStreams> {
  const script = `mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && ip link set lo up && echo ready && exec cat`;
  const child = spawn('unshare', ['--mount', '--net', ...(isRoot() ? [] : ['--map-root-user']), 'sh', '-c', script, 'sh', runFolder]);
  const complaints: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit')]);
  if (line[0] !== 'ready') throw new Error(`A card service of its own needs namespaces (root, or user namespaces): ${complaints.join('')}`);
  return child;
}

class ServiceProcess {
  readonly #inside: ChildProcess;
  readonly #runFolder: string;
  readonly #configFolder: string;
  #shell: ChildProcessWithoutNullStreams | null = null;
  log = '';

  constructor(inside: ChildProcess, runFolder: string, configFolder: string) {
    this.#inside = inside;
    this.#runFolder = runFolder;
    this.#configFolder = configFolder;
  }

  get pid(): number {
    return Number.parseInt(readFileSync(path.join(this.#runFolder, 'pcscd.pid'), 'utf8'), 10);
  }

  async start(): Promise<void> {
    if (this.#shell !== null) return;
    // A killed service leaves its socket behind.
    rmSync(path.join(this.#runFolder, 'pcscd.comm'), { force: true });
    rmSync(path.join(this.#runFolder, 'pcscd.pid'), { force: true });
    // The shell waits for its input to end, with the test at the latest, and takes the service with it.
    const script =
      'pcscd --foreground --info --config "$1" & service=$!; cat > /dev/null; kill "$service" 2> /dev/null; wait "$service"; echo "ended with $?"';
    const shell = spawn('nsenter', [...enter(this.#inside), 'sh', '-c', script, 'sh', this.#configFolder], {
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
    this.#shell = shell;
    this.log = '';
    const isReady = new Promise<boolean>((resolve) => {
      const listen = (chunk: Buffer): void => {
        this.log += chunk.toString();
        if (this.log.includes('daemon ready')) resolve(true);
      };
      shell.stdout.on('data', listen);
      shell.stderr.on('data', listen);
      shell.once('exit', () => resolve(false));
      setTimeout(() => resolve(false), 10_000).unref();
    });
    if (!(await isReady)) throw new Error(`The card service did not start:\n${this.log}`);
  }

  async stop(): Promise<void> {
    const shell = this.#shell;
    this.#shell = null;
    if (shell === null) return;
    const ended = once(shell, 'exit');
    shell.stdin.end();
    await ended;
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function endHolder(holder: ChildProcessWithoutNullStreams): Promise<void> {
  const ended = once(holder, 'exit');
  holder.stdin.end();
  await ended;
}

function runProgram(command: string, args: readonly string[], { input, timeoutMs = 30_000, environment }: RunOptions): Promise<Run> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...environment }, timeout: timeoutMs, encoding: 'utf8' as const };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr: code === -1 ? `${stderr}\n${error?.message ?? ''}` : stderr });
    });
    // A program that ends without reading its input is free to.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
