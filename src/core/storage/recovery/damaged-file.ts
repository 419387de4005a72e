import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadPage } from './btree.ts';
import { createPageCodec, findPageCodec, type PageCodec } from './page-codec.ts';
import { readWal } from './wal-frames.ts';

/** A database file and its log, read page by page; nothing of either is changed. */
export interface DamagedFile {
  readonly codec: PageCodec;
  readonly pageCount: number;
  readonly readPage: ReadPage;
  close(): void;
}

/**
 * Opens what is left of a database. The newest believable version of each page is read: the log's before the file's. Undefined when no page can
 * be read at all (another key, or nothing left).
 */
export function openDamagedFile(file: string, keyHex: string): DamagedFile | undefined {
  const main = openRaw(file);
  const log = openRaw(`${file}-wal`);
  const close = (): void => {
    main?.close();
    log?.close();
  };
  const codec =
    (main === undefined ? undefined : findPageCodec(keyHex, main.readAt, main.sizeBytes)) ??
    (log === undefined ? undefined : findLogCodec(file, keyHex, log));
  if (codec === undefined) {
    close();
    return undefined;
  }
  const versions = new Map<number, number[]>();
  let logPages = 0;
  const wal = readWal(file, codec.pageBytes);
  if (wal !== null && wal.pageBytes === codec.pageBytes) {
    const committedUntil = wal.dropped.findLastIndex((frame) => frame.commitPages > 0) + 1;
    for (const frame of [...wal.frames, ...wal.dropped.slice(0, committedUntil)]) {
      versions.set(frame.pageNumber, [...(versions.get(frame.pageNumber) ?? []), frame.offset]);
      logPages = Math.max(logPages, frame.pageNumber);
    }
  }
  const mainPages = main === undefined ? 0 : Math.floor(main.sizeBytes / codec.pageBytes);
  return {
    codec,
    pageCount: Math.max(mainPages, logPages),
    close,
    readPage(pageNumber) {
      for (const offset of (versions.get(pageNumber) ?? []).toReversed()) {
        const page = log?.readAt(offset, codec.pageBytes);
        const plain = page === null || page === undefined ? null : codec.decipher(page, pageNumber);
        if (plain !== null) return plain;
      }
      if (pageNumber < 1 || pageNumber > mainPages) return versions.has(pageNumber) ? null : undefined;
      const page = main?.readAt((pageNumber - 1) * codec.pageBytes, codec.pageBytes);
      return page === null || page === undefined ? null : codec.decipher(page, pageNumber);
    },
  };
}

interface RawFile {
  readonly sizeBytes: number;
  readonly readAt: (offset: number, length: number) => Buffer | null;
  close(): void;
}

function openRaw(file: string): RawFile | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return undefined;
  }
  return {
    sizeBytes: fstatSync(handle).size,
    readAt(offset, length) {
      const bytes = Buffer.alloc(length);
      try {
        return readSync(handle, bytes, 0, length, offset) === length ? bytes : null;
      } catch {
        // A sector that the disk cannot read is a page that is gone, not the end of the file.
        return null;
      }
    },
    close: () => closeSync(handle),
  };
}

/** Everything may stand in the log alone, when the main file is gone. */
function findLogCodec(file: string, keyHex: string, log: RawFile): PageCodec | undefined {
  const wal = readWal(file);
  if (wal === null) return undefined;
  const codec = createPageCodec(keyHex, wal.pageBytes);
  const isReadable = [...wal.frames, ...wal.dropped].some(({ offset, pageNumber }) => {
    const page = log.readAt(offset, wal.pageBytes);
    return page !== null && codec.decipher(page, pageNumber) !== null;
  });
  return isReadable ? codec : undefined;
}
