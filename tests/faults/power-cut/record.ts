import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Life } from './acting-child.ts';
import { createTraceReader, tracedCalls, type DiskStep } from './syscall-trace.ts';

export interface Recording {
  readonly steps: readonly DiskStep[];
  /** Mappings of the index of the log, the only memory that was shared with a file. */
  readonly indexMappings: number;
  /** What the kernel shows at the end, by name. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface RecordedLife extends Omit<Life, 'file'> {
  /** Makes calls of this life fail, as strace says it: `fsync:error=EIO:when=9`. */
  readonly inject?: string;
}

export interface RecordOptions {
  /** A folder of the product's modules with a fault in them. */
  readonly patched?: string;
}

const serving = path.resolve(import.meta.dirname, '..', '..', 'mutants', 'serve-patched.ts');

/** Lets a desk live its lives in a new folder, each a process of its own, and writes down what they did to its files. */
export async function recordLives(folder: string, lives: readonly RecordedLife[], options: RecordOptions = {}): Promise<Recording> {
  mkdirSync(folder, { recursive: true });
  const reader = createTraceReader(folder);
  const trace = `${folder}.trace`;
  for (const { inject, ...life } of lives) {
    const hook = options.patched === undefined ? [] : ['--import', serving];
    const fault = inject === undefined ? [] : ['-e', `inject=${inject}`];
    const words = [
      ...['-o', trace, '-xx', '-y', '-s', '1048576', '-e', `trace=${tracedCalls.join(',')}`, ...fault],
      process.execPath,
      ...hook,
      path.join(import.meta.dirname, 'acting-child.ts'),
      JSON.stringify({ ...life, file: path.join(folder, 'desk.db') }),
    ];
    const child = spawn('strace', words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(options.patched === undefined ? {} : { QEYD_PATCHED: options.patched }) },
    });
    let errors = '';
    child.stderr.on('data', (piece: Buffer) => (errors += piece.toString('utf8')));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    const isAsTold = life.ends === 'killed' ? signal === 'SIGKILL' : code === 0;
    if (!isAsTold) throw new Error(`A recorded life ended with ${String(code)} ${String(signal)}: ${errors}`);
    reader.read(readFileSync(trace, 'latin1'));
    rmSync(trace);
  }
  return { ...reader.recording(), files: readFiles(folder) };
}

function readFiles(folder: string): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (entry.isFile() && !name.endsWith('-shm') && !name.endsWith('.lock')) files.set(name, readFileSync(file));
  }
  return files;
}

export function writeFiles(folder: string, files: ReadonlyMap<string, Buffer>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
}
