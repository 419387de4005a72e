import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** Makes what was written to the file, or which names a folder holds, outlive a power cut. */
export function syncToDisk(file: string): void {
  const isFolder = statSync(file).isDirectory();
  // Windows opens no folders; there a rename is durable by itself.
  if (isFolder && process.platform === 'win32') return;
  const handle = openSync(file, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes the log over itself, byte for byte, and syncs it. After a sync that failed the kernel calls pages clean that never reached the disk, and
 * the next sync succeeds without writing them: what such a log still shows must not be believed, and least of all be taken into the database,
 * before it was written anew. At every moment of it the disk holds of each sector what was there or what should be. Source: ATC'20 fsync failures
 */
export function renewLog(databaseFile: string): void {
  const file = `${databaseFile}-wal`;
  if (!existsSync(file)) return;
  const handle = openSync(file, 'r+');
  try {
    const piece = Buffer.alloc(1024 * 1024);
    for (let at = 0; ;) {
      const read = readSync(handle, piece, 0, piece.length, at);
      if (read === 0) break;
      for (let written = 0; written < read;) written += writeSync(handle, piece, written, read - written, at + written);
      at += read;
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Written whole or not at all. */
export function writeDurably(file: string, text: string): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
  syncToDisk(path.dirname(file));
}

/** Null where the system does not say. */
export function freeBytesOf(folder: string): number | null {
  try {
    const free = statfsSync(folder);
    return free.bavail * free.bsize;
  } catch {
    return null;
  }
}

/** A database is more than its file. */
const parts = ['', '-wal', '.witness'];

/**
 * Keeps database, log and witness as they are under another name, for ever: nothing is erased. A second name for the same bytes costs no space
 * and reads no bad sector; where the file system has none, they are copied. Answers the folder.
 */
export function setAside(file: string, nowMs: number): string {
  const folder = path.join(path.dirname(file), 'aside', String(nowMs));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const part of parts) {
    const from = `${file}${part}`;
    const to = path.join(folder, `${path.basename(file)}${part}`);
    if (!existsSync(from) || existsSync(to)) continue;
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to);
      syncToDisk(to);
    }
  }
  syncToDisk(folder);
  return folder;
}

const marker = (file: string): string => `${file}.restoring`;

/**
 * Puts the finished draft in the place of the database. The steps cannot be one, so a marker says that they have begun: a program that starts
 * after a crash in between finishes them first. What was there must have been set aside before.
 */
export function putInPlace(draft: string, file: string): void {
  syncToDisk(draft);
  writeDurably(marker(file), path.basename(draft));
  finishPutInPlace(file);
}

export function isPuttingInPlace(file: string): boolean {
  return existsSync(marker(file));
}

/** Does nothing when no exchange of files was interrupted. */
export function finishPutInPlace(file: string): void {
  if (!existsSync(marker(file))) return;
  const draft = path.join(path.dirname(file), readFileSync(marker(file), 'utf8'));
  if (existsSync(draft)) {
    // An old log would be read into the new database.
    for (const part of ['-wal', '-shm', '.witness']) rmSync(`${file}${part}`, { force: true });
    syncToDisk(path.dirname(file));
    renameSync(draft, file);
  }
  syncToDisk(path.dirname(file));
  rmSync(marker(file));
  syncToDisk(path.dirname(file));
}
