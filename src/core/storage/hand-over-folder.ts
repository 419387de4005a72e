import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fail, succeed, type Failure, type Result } from '../../shared/platform/result.ts';
import { syncToDisk } from './recovery/files.ts';

export interface HandedOver<T> {
  readonly file: string;
  readonly value: T;
}

const draftSuffix = '.part';

/** Names that this program gives: the desk and the moment, so that no two files have one name. */
export function handOverName(kind: string, deskId: string, atMs: number, suffix: string): string {
  const moment = new Date(atMs).toISOString().replace(/[-:.]/gu, '');
  return `qeyd-${kind}-${deskId.replace(/[^\w-]/gu, '-')}-${moment}${suffix}`;
}

/**
 * Writes a file that a person carries away, readable by its owner only: complete and on the disk under its name, or not there. `produce` gets where to write, and
 * what it answers is known before the file has its name. DISK_FULL or EXPORT_FOLDER when the folder will not have it.
 */
export async function writeHandOver<T>(
  folder: string,
  name: string,
  produce: (out: (bytes: Uint8Array) => Promise<void>) => Promise<Result<T, Failure>>,
): Promise<Result<HandedOver<T>, Failure>> {
  const file = path.join(folder, name);
  const draft = `${file}${draftSuffix}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const left of (await readdir(folder)).filter(isDraft)) await rm(path.join(folder, left), { force: true });
    const handle = await open(draft, 'wx', 0o600);
    let produced: Result<T, Failure>;
    try {
      produced = await produce(async (bytes) => {
        await handle.writeFile(bytes);
      });
      if (produced.ok) await handle.sync();
    } finally {
      await handle.close();
    }
    if (!produced.ok) {
      await rm(draft, { force: true });
      return produced;
    }
    await rename(draft, file);
    syncToDisk(folder);
    return succeed({ file, value: produced.value });
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const code = codeOfSystem(error);
    if (code === '') throw error;
    return code === 'ENOSPC' || code === 'EDQUOT' ? fail('DISK_FULL', {}, true) : fail('EXPORT_FOLDER', { folder, code }, true);
  }
}

/** Keeps the newest files of one kind; their names sort by time. */
export async function keepNewest(folder: string, kind: string, count: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`qeyd-${kind}-`) && !isDraft(name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - count))) await rm(path.join(folder, name), { force: true });
}

function isDraft(name: string): boolean {
  return name.startsWith('qeyd-') && name.endsWith(draftSuffix);
}

/** The code of a failing system call; empty for anything else, which is a bug. */
function codeOfSystem(error: unknown): string {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
}
