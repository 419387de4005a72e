import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The forms in which a program could let a word slip out: as it is, as Windows writes it, and packed into base64 at any of three places. */
function formsOf(word: string): Map<string, Buffer> {
  const plain = Buffer.from(word, 'utf8');
  const forms = new Map<string, Buffer>([
    ['UTF-8', plain],
    ['UTF-8, small letters', Buffer.from(word.toLowerCase(), 'utf8')],
    ['UTF-16', Buffer.from(word, 'utf16le')],
    ['UTF-16, small letters', Buffer.from(word.toLowerCase(), 'utf16le')],
    ['hexadecimal', Buffer.from(plain.toString('hex'), 'latin1')],
  ]);
  for (const before of [0, 1, 2]) {
    // The characters at both ends depend on the neighbours; those between are the word's own.
    const packed = Buffer.concat([Buffer.alloc(before), plain])
      .toString('base64')
      .replace(/=+$/u, '');
    const own = packed.slice(before === 0 ? 0 : before + 1, Math.floor(((before + plain.length) * 8) / 6));
    forms.set(`base64 at ${String(before)}`, Buffer.from(own, 'latin1'));
  }
  return forms;
}

export function findInBytes(bytes: Buffer, words: readonly string[]): string[] {
  return words.flatMap((word) => [...formsOf(word)].filter(([, form]) => bytes.includes(form)).map(([name]) => `${word} (${name})`));
}

/** Every place under a folder, names of files too, where one of the words stands. `leaveOut` names folders right below it. */
export async function findInFolder(folder: string, words: readonly string[], leaveOut: readonly string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (leaveOut.includes(name.split(sep)[0] ?? '')) continue;
    found.push(...findInBytes(Buffer.from(name, 'utf8'), words).map((what) => `${what} in the name ${name}`));
    if (!entry.isFile()) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    found.push(...findInBytes(bytes, words).map((what) => `${what} in ${name}`));
  }
  return found;
}
