import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTrainingRegistry, type TrainingRegistry } from '../../../src/main/browser/training-registry.ts';
import { loadDesk } from '../../../src/main/load-desk.ts';

/** The training registry over several mornings, as the start program runs it: real processes, real ports. */
interface Ports {
  readonly main: number;
  readonly control: number;
  readonly public: number;
}

const entry = join(import.meta.dirname, '../../../src/training/registry-child.ts');
let folder: string;
let running: TrainingRegistry | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qeyd-training-registry-'));
});
afterEach(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function morning(): Promise<Ports> {
  await running?.stop();
  running = await startTrainingRegistry(entry, folder);
  await running.ready;
  return JSON.parse(readFileSync(join(folder, 'registry-ports.json'), 'utf8')) as Ports;
}

async function revocationListAt(port: number): Promise<string | null> {
  return (await fetch(`http://127.0.0.1:${port}/v1/crl`)).headers.get('content-type');
}

it('the addresses in certificates issued yesterday answer today: every port is kept over a restart', async () => {
  const first = await morning();
  expect(await revocationListAt(first.public)).toBe('application/pkix-crl');
  const second = await morning();
  expect(second).toEqual(first);
  expect(running?.isConfigured).toBe(true);
  expect(await revocationListAt(first.public)).toBe('application/pkix-crl');
}, 60_000);

it('a public port that something else holds is left to it, and the desk keeps its configuration', async () => {
  const first = await morning();
  await running?.stop();
  running = undefined;
  const stranger = createServer((_request, response) => response.end('a stranger'));
  await new Promise<void>((resolve) => stranger.listen(first.public, '127.0.0.1', resolve));
  try {
    const second = await morning();
    expect(second).toMatchObject({ main: first.main, control: first.control });
    expect(second.public).not.toBe(first.public);
    expect(running).toMatchObject({ isConfigured: true });
    expect(await revocationListAt(second.public)).toBe('application/pkix-crl');
  } finally {
    stranger.closeAllConnections();
    await new Promise((resolve) => stranger.close(resolve));
  }
}, 60_000);

it('a folder of a version that knew no public port keeps its two ports', async () => {
  const first = await morning();
  writeFileSync(join(folder, 'registry-ports.json'), JSON.stringify({ main: first.main, control: first.control }));
  const second = await morning();
  expect(second).toMatchObject({ main: first.main, control: first.control });
  expect(running?.isConfigured).toBe(true);
  expect(await revocationListAt(second.public)).toBe('application/pkix-crl');
}, 60_000);

it.each(['registry-ports.json', 'desk.json'])(
  'a start that was killed while it wrote %s does not end every later one',
  async (name) => {
    await morning();
    await running?.stop();
    // As a writer leaves it that had opened it anew and not yet written.
    writeFileSync(join(folder, name), '');
    await morning();
    const desk = await loadDesk(join(folder, 'desk.json'));
    expect(desk.config.registry.url).toBe(`https://127.0.0.1:${(await morning()).main}`);
  },
  30_000,
);

it('the configuration of the desk is never seen half written while the registry starts beside it', async () => {
  await morning();
  await running?.stop();
  const torn: string[] = [];
  const look = setInterval(() => {
    const text = readFileSync(join(folder, 'desk.json'), 'utf8');
    if (!text.trimEnd().endsWith('}')) torn.push(text);
  }, 0);
  try {
    for (let start = 0; start < 2; start += 1) await morning();
  } finally {
    clearInterval(look);
  }
  expect(torn).toEqual([]);
}, 30_000);
