import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

interface Started {
  /** Resolves with true when it served, with false when it ended before that. */
  readonly hasServed: Promise<boolean>;
  output(): string;
  /** Ends it in order; answers its exit code. */
  end(): Promise<number | null>;
}

/** The program as `npm start` runs it, without a window. */
function start(folder: string): Started {
  const child = spawn(process.execPath, [path.join(root, 'src', 'main', 'start.ts'), '--no-window', '--folder', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const hasServed = new Promise<boolean>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('/open?token=')) resolve(true);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      resolve(false);
    });
  });
  return {
    hasServed,
    output: () => output,
    end() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

describe('a program that cannot start says why and touches nothing', () => {
  let folder: string;
  const file = () => path.join(folder, 'desk', 'desk.db');
  const secrets = () => path.join(folder, 'desk', 'secrets.json');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-bad-start-'));
    const first = start(folder);
    expect(await first.hasServed, first.output()).toBe(true);
    expect(await first.end()).toBe(0);
  }, 60_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** It ends by itself with a failure and this sentence; the database is as it was. */
  async function expectRefusal(sentence: string): Promise<void> {
    const before = readFileSync(file());
    const program = start(folder);
    expect(await program.hasServed, program.output()).toBe(false);
    expect(await program.end()).not.toBe(0);
    expect(program.output()).toContain(sentence);
    expect(program.output()).not.toMatch(/\n\s+at .+\(/);
    expect(readFileSync(file()).equals(before)).toBe(true);
  }

  it('with another key', async () => {
    const good = readFileSync(secrets(), 'utf8');
    const entries = JSON.parse(good) as Record<string, string>;
    writeFileSync(secrets(), JSON.stringify({ ...entries, 'database-key': Buffer.alloc(32, 7).toString('base64') }));
    await expectRefusal('Bazanın açarı uyğun gəlmir.');
    writeFileSync(secrets(), good);
  });

  it('without the key, where two people can have it brought back', async () => {
    const good = readFileSync(secrets(), 'utf8');
    const before = readFileSync(file());
    writeFileSync(secrets(), '{}');
    const program = start(folder);
    const hasServed = await program.hasServed;
    await program.end();
    expect(readFileSync(secrets(), 'utf8')).toBe('{}');
    writeFileSync(secrets(), good);
    expect(hasServed, program.output()).toBe(true);
    expect(program.output()).toContain('"code":"SECRET_MISSING","msg":"recovery.started"');
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  it('while it is open already; the first one goes on', async () => {
    const first = start(folder);
    expect(await first.hasServed, first.output()).toBe(true);
    const second = start(folder);
    expect(await second.hasServed, second.output()).toBe(false);
    expect(await second.end()).not.toBe(0);
    expect(second.output()).toContain('Proqram bu iş yerində artıq açıqdır.');
    expect(await first.end()).toBe(0);
  }, 60_000);
});
