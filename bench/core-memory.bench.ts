import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { exampleApplication } from '../src/shared/rules/example-application.ts';
import { openScreenClient, type ScreenClient } from '../tests/support/screen-client.ts';
import { atMost, type Figure } from './bench.ts';

const root = resolve(import.meta.dirname, '..');
const cases = 1_000;

/** Resident memory of the core process of the running program after a thousand cases were taken, typed and opened through the screen's own socket. */
export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'qeyd-bench-memory-'));
  const program = await launch(folder);
  try {
    const screen = await openScreenClient(program.address);
    await screen.desk.session.signIn({ login: 'ziya', password: 'Telim-2026-ziya', role: 'registrar' });
    for (let n = 0; n < cases; n += 1) {
      await takeCase(screen, n);
      // The dispatcher limits how fast one screen may ask; nobody types faster than this.
      if (n % 20 === 19) await pause(400);
    }
    await screen.desk.application.home({});
    await screen.desk.application.list({ scope: 'office', states: [], limit: 500 });
    const bytes = residentBytes(coreOf(program.child.pid ?? 0));
    screen.close();
    return [atMost(`core memory after ${String(cases)} cases`, bytes / 1024 / 1024, 'MB', 250)];
  } finally {
    program.child.kill('SIGTERM');
    await new Promise((ended) => program.child.once('exit', ended));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function takeCase(screen: ScreenClient, n: number): Promise<void> {
  const { applicationId, version } = await screen.desk.application.create({ commandId: uuidv7(), category: 'K1' });
  const example = exampleApplication();
  const data = {
    ...example,
    person: { ...example.person, surname: `SINAQ${'ABCÇDEƏFGĞ'.charAt(n % 10)}`, givenName: `ADI${'XIİJKQLMNO'.charAt((n / 10) % 10)}` },
  };
  await screen.desk.application.saveDraft({ applicationId, version, data });
  await screen.desk.application.get({ applicationId });
}

async function launch(folder: string): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [join(root, 'src', 'main', 'start.ts'), '--no-window', '--folder', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const address = await new Promise<string>((done, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(output);
      if (found !== null) done(found[0]);
    });
    child.once('exit', () => {
      failed(new Error(`the program ended before it served:\n${output}`));
    });
  });
  return { child, address };
}

/** The child of the program that runs the core. */
function coreOf(parent: number): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('entry-node.ts')) continue;
      if (Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]) === parent) return Number(name);
    } catch {
      // A process that ended while the folder was read.
    }
  }
  throw new Error('the core process was not found');
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) * 1024;
}
