import { readFileSync } from 'node:fs';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
}

export interface ArchivedFile {
  readonly name: string;
  /** Undefined for a file that lies beside the archive because the system must be able to map it. */
  readonly content: Buffer | undefined;
}

function* walk(entry: Entry, name: string): Generator<readonly [string, Entry]> {
  if (entry.files === undefined) yield [name, entry];
  for (const [part, inner] of Object.entries(entry.files ?? {})) yield* walk(inner, name === '' ? part : `${name}/${part}`);
}

/** Lists an asar archive: two length-prefixed pickles hold a JSON tree, the contents follow. */
export function readArchive(file: string): readonly ArchivedFile[] {
  const bytes = readFileSync(file);
  const headerBytes = bytes.readUInt32LE(4);
  const jsonBytes = bytes.readUInt32LE(12);
  const header = JSON.parse(bytes.subarray(16, 16 + jsonBytes).toString('utf8')) as Entry;
  return [...walk(header, '')].map(([name, entry]) => {
    const start = 8 + headerBytes + Number(entry.offset ?? 0);
    return { name, content: entry.unpacked === true ? undefined : bytes.subarray(start, start + (entry.size ?? 0)) };
  });
}
