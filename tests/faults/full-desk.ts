import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/core/platform/clock.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { openScreenClient, type ScreenClient } from '../support/screen-client.ts';
import type { SmallDisk } from './small-disk.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The whole program (registry, core, paper host) on `folder`, whose `desk` is on the small disk. */
export interface FullDesk {
  readonly screen: ScreenClient;
  /** Ends it in order or, with SIGKILL, as a power cut does: every process of it at once. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** What a program wrote to its standard output and error, as far as it has come. */
export interface Output {
  text: string;
}

/** Null when it ended before it served. */
export async function startFullDesk(disk: SmallDisk, folder: string, output: Output = { text: '' }): Promise<FullDesk | null> {
  const temporary = path.join(folder, 'tmp');
  const child = disk.spawn(['setsid', process.execPath, path.join(root, 'src', 'main', 'start.ts'), '--no-window', '--folder', folder], {
    ...process.env,
    TMPDIR: existsSync(temporary) ? temporary : folder,
  });
  const from = output.text.length;
  const exited = once(child, 'exit');
  const address = await new Promise<string | undefined>((resolve) => {
    const read = (chunk: Buffer): void => {
      output.text += chunk.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/u.exec(output.text.slice(from));
      if (found !== null) resolve(found[0]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void exited.then(() => {
      resolve(undefined);
    });
  });
  if (address === undefined) return null;
  const screen = await openScreenClient(address);
  return {
    screen,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
      await exited;
      screen.socket.terminate();
    },
  };
}

/** A copy of the desk's database at an ordinary place, opened with its key: what the disk really holds. */
export async function openCopy(disk: SmallDisk, folder: string): Promise<{ readonly db: SqliteDatabase; close(): void }> {
  const copies = mkdtempSync(path.join(folder, 'copy-'));
  for (const name of ['desk.db', 'desk.db-wal']) {
    const from = path.join(disk.outside, name);
    if (existsSync(from)) copyFileSync(from, path.join(copies, name));
  }
  const secrets = JSON.parse(readFileSync(path.join(disk.outside, 'secrets.json'), 'utf8')) as Record<string, string>;
  const keyHex = Buffer.from(secrets['database-key'] ?? '', 'base64').toString('hex');
  const opened = await openDatabase({ file: path.join(copies, 'desk.db'), keyHex, clock: systemClock });
  if (!opened.ok) throw new Error(`The copy does not open: ${opened.failure.code}`);
  return {
    db: opened.value,
    close: () => {
      opened.value.close();
      rmSync(copies, { recursive: true, force: true });
    },
  };
}
