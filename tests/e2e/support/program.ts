import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Agent, request } from 'undici';
import type { Faults } from '../../../src/shared/registry-api/endpoints.ts';
import { machineFile, type Machine } from './machine-file.ts';
import { runFolder, templatePrefix } from './run-folder.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** The whole program as a person starts it: training registry, core, paper host and shell, on a folder of its own. */
export interface Program {
  readonly folder: string;
  /** A new single-use address of the running program. */
  readonly address: string;
  /** Everything every start of it wrote to its standard output and error. */
  readonly output: string;
  /** Where its processes put temporary files; removed with `folder`. */
  readonly temporaryFolder: string;
  /** Ends it as a power cut would (SIGKILL for every process of it) and starts it again on the same folder. */
  crashAndRestart(): Promise<void>;
  /** Ends it in order and starts it again. */
  restart(): Promise<void>;
  /** Ends it as a power cut or in order, does something with its files, and starts it again. */
  whileDown<T>(signal: 'SIGTERM' | 'SIGKILL', work: () => Promise<T>): Promise<T>;
  /** Copies the desk to another folder, as somebody copies it to another computer: database, keys, settings, but no registry. */
  copyDesk(): Promise<string>;
  /** Starts a copied desk beside this one; answers its single-use address. It ends with `stop`. */
  startCopy(folder: string): Promise<string>;
  /** Sets clock and disk as the core sees them; only for a program started with `hasPlayedMachine`. */
  setMachine(machine: Machine): Promise<void>;
  /** What the registers, the link and the provider do from now on. */
  setFaults(faults: Partial<Faults>): Promise<void>;
  /** A GET at the registry with the desk's own certificate. */
  askRegistry(path: string): Promise<{ status: number; body: Buffer }>;
  stop(): Promise<void>;
}

const shellMachine = pathToFileURL(join(import.meta.dirname, 'machine-of-shell.ts')).href;

let template: Promise<string> | undefined;

/** A provisioned, never used training folder; made once per worker and copied, because making keys takes time. */
function provisionedFolder(): Promise<string> {
  template ??= (async () => {
    const folder = await mkdtemp(join(runFolder(), templatePrefix));
    const program = await launch(folder, runFolder());
    await end(program.child, 'SIGTERM');
    await rm(join(folder, 'desk'), { recursive: true, force: true });
    return folder;
  })();
  return template;
}

/** `idleLockMs`: how long nobody may touch the desk before it locks; at least a minute. `hasPlayedMachine`: its clock and disk can be set, see `setMachine`. */
export async function startProgram(options: { readonly idleLockMs?: number; readonly hasPlayedMachine?: boolean } = {}): Promise<Program> {
  const folder = await mkdtemp(join(runFolder(), 'program-'));
  await cp(await provisionedFolder(), folder, { recursive: true });
  await rm(join(folder, 'registry-ports.json'), { force: true });
  if (options.idleLockMs !== undefined) {
    const configPath = join(folder, 'desk.json');
    const config = JSON.parse(await readFile(configPath, 'utf8')) as Record<string, unknown>;
    await writeFile(configPath, JSON.stringify({ ...config, idleLockMs: options.idleLockMs }));
  }
  const temporaryFolder = await mkdtemp(join(runFolder(), 'tmp-'));
  let before = '';
  const launched = () => launch(folder, temporaryFolder, ['--folder', folder], options.hasPlayedMachine === true);
  let running = await launched();
  const clones: { readonly child: ChildProcess; readonly folders: readonly string[] }[] = [];
  const again = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await end(running.child, signal);
    before += running.output();
    running = await launched();
  };
  const registry = async () => {
    const config = JSON.parse(await readFile(join(folder, 'desk.json'), 'utf8')) as {
      registry: { url: string };
      training: { faultsPath: string };
    };
    const [ca, cert, key] = await Promise.all(
      ['registry-ca.pem', 'desk-certificate.pem', 'desk-key.pem'].map((name) => readFile(join(folder, name))),
    );
    return { url: config.registry.url, faultsUrl: config.training.faultsPath, dispatcher: new Agent({ connect: { ca, cert, key } }) };
  };
  return {
    folder,
    get address() {
      return running.address;
    },
    get output() {
      return before + running.output();
    },
    temporaryFolder,
    crashAndRestart: () => again('SIGKILL'),
    restart: () => again('SIGTERM'),
    async whileDown(signal, work) {
      await end(running.child, signal);
      before += running.output();
      const done = await work();
      running = await launched();
      return done;
    },
    async copyDesk() {
      const copy = await mkdtemp(join(runFolder(), 'clone-'));
      await cp(folder, copy, { recursive: true, filter: (source) => source !== join(folder, 'registry') });
      return copy;
    },
    async startCopy(copy) {
      const temporary = await mkdtemp(join(runFolder(), 'tmp-'));
      const clone = await launch(copy, temporary, ['--config', join(copy, 'desk.json')]);
      clones.push({ child: clone.child, folders: [copy, temporary] });
      return clone.address;
    },
    async setMachine(machine) {
      await writeFile(join(temporaryFolder, machineFile), JSON.stringify(machine));
    },
    async setFaults(faults) {
      const { faultsUrl, dispatcher } = await registry();
      // The control interface has a port of its own, which stays open while the link is cut.
      const answer = await request(faultsUrl, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
        dispatcher,
      });
      await answer.body.dump();
      await dispatcher.close();
      if (answer.statusCode >= 300) throw new Error(`the faults were refused: ${String(answer.statusCode)}`);
    },
    async askRegistry(path) {
      const { url, dispatcher } = await registry();
      const answer = await request(new URL(path, url), { dispatcher });
      const body = Buffer.from(await answer.body.arrayBuffer());
      await dispatcher.close();
      return { status: answer.statusCode, body };
    },
    async stop() {
      for (const { child, folders } of clones) {
        await end(child, 'SIGTERM');
        for (const each of folders) await rm(each, { recursive: true, force: true, maxRetries: 5 });
      }
      await end(running.child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await rm(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function launch(
  folder: string,
  temporaryFolder: string,
  place: readonly string[] = ['--folder', folder],
  hasPlayedMachine = false,
): Promise<{ child: ChildProcess; address: string; output: () => string }> {
  // A group of its own, so that a crash takes registry, core and paper host along.
  const child = spawn(
    process.execPath,
    [...(hasPlayedMachine ? ['--import', shellMachine] : []), join(root, 'src', 'main', 'start.ts'), '--no-window', ...place],
    {
      // What a crash would write lies where the tests look.
      cwd: temporaryFolder,
      env: { ...process.env, TMPDIR: temporaryFolder },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const address = await new Promise<string>((done, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(output);
      if (found !== null) done(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      failed(new Error(`the program ended before it served (${String(code)}):\n${output}`));
    });
  });
  return { child, address, output: () => output };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = new Promise<void>((done) =>
    child.once('exit', () => {
      done();
    }),
  );
  process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  await exited;
}
