import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { sealedKeySchema, type SealedKey } from '../../../shared/registry-api/key-recovery.ts';
import { syncToDisk, writeDurably } from './files.ts';

/**
 * The database key as the registry's recovery key can open it lies in a file of its own beside the database, and as the last page of every backup, so
 * that a backup alone, carried anywhere, can be brought back. SQLite reads as many pages as its header counts and never sees that page.
 */
const wrapFileOf = (databaseFile: string): string => `${databaseFile}.recovery-key`;
const pageBytes = 4096;
const pageMark = 'QEYD-KEY-PAGE-1\n';
const sumBytes = 32;

function parseWrap(text: string): SealedKey | null {
  try {
    const parsed = sealedKeySchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.purpose === 'recovery' ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Null when there is none or it is not what was written. */
export function readKeyWrap(databaseFile: string): SealedKey | null {
  try {
    const [sum = '', text = ''] = readFileSync(wrapFileOf(databaseFile), 'utf8').split('\n');
    return createHash('sha256').update(text).digest('hex') === sum ? parseWrap(text) : null;
  } catch {
    return null;
  }
}

export function writeKeyWrap(databaseFile: string, wrap: SealedKey): void {
  const text = JSON.stringify(wrap);
  writeDurably(wrapFileOf(databaseFile), `${createHash('sha256').update(text).digest('hex')}\n${text}\n`);
}

/** The page that a backup ends with. */
export function appendKeyPage(backupFile: string, wrap: SealedKey): void {
  const body = Buffer.from(JSON.stringify(wrap), 'utf8');
  const page = Buffer.alloc(pageBytes);
  page.write(pageMark, 0, 'latin1');
  page.writeUInt16BE(body.length, pageMark.length);
  body.copy(page, pageMark.length + 2);
  createHash('sha256')
    .update(page.subarray(0, pageBytes - sumBytes))
    .digest()
    .copy(page, pageBytes - sumBytes);
  appendFileSync(backupFile, page);
  syncToDisk(backupFile);
}

/** Null: the file has no such page, or it is damaged. */
export function readKeyPage(backupFile: string): SealedKey | null {
  let handle: number | null = null;
  try {
    handle = openSync(backupFile, 'r');
    const { size } = fstatSync(handle);
    const page = Buffer.alloc(pageBytes);
    if (size < 2 * pageBytes || readSync(handle, page, 0, pageBytes, size - pageBytes) !== pageBytes) return null;
    if (!page.subarray(0, pageMark.length).equals(Buffer.from(pageMark, 'latin1'))) return null;
    const sum = createHash('sha256')
      .update(page.subarray(0, pageBytes - sumBytes))
      .digest();
    if (!sum.equals(page.subarray(pageBytes - sumBytes))) return null;
    const from = pageMark.length + 2;
    return parseWrap(page.subarray(from, from + page.readUInt16BE(pageMark.length)).toString('utf8'));
  } catch {
    return null;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** Of a copy that becomes a database: the page belongs to the backup only. */
export function dropKeyPage(file: string): void {
  if (readKeyPage(file) !== null) truncateSync(file, statSync(file).size - pageBytes);
}

/** Every wrap that can be found, the one beside the database first, then those of the backups, newest first; each key only once. */
export function listKeyWraps(databaseFile: string, backupFiles: readonly string[]): SealedKey[] {
  const found = [readKeyWrap(databaseFile), ...backupFiles.map(readKeyPage)];
  const known = new Set<string>();
  return found.filter((wrap): wrap is SealedKey => {
    if (wrap === null || known.has(wrap.ciphertext)) return false;
    known.add(wrap.ciphertext);
    return true;
  });
}

/** What the registry wrote down when it gave the key back: kept beside the database until the journal has it. */
export const keyReturnSchema = z.object({
  requestId: z.uuid(),
  checkNumber: z.string(),
  firstLogin: z.string(),
  secondLogin: z.string(),
  recoveryKeyId: z.string(),
  recordedAtMs: z.number().int(),
});
export type KeyReturn = z.infer<typeof keyReturnSchema>;
const returnFileOf = (databaseFile: string): string => `${databaseFile}.key-returned`;

export function writeKeyReturn(databaseFile: string, returned: KeyReturn): void {
  writeDurably(returnFileOf(databaseFile), JSON.stringify(returned));
}

export function readKeyReturn(databaseFile: string): KeyReturn | null {
  try {
    const parsed = keyReturnSchema.safeParse(JSON.parse(readFileSync(returnFileOf(databaseFile), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function removeKeyReturn(databaseFile: string): void {
  rmSync(returnFileOf(databaseFile), { force: true });
  syncToDisk(path.dirname(databaseFile));
}
