import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** One page in the log, as far as the log can be believed. */
export interface WalFrame {
  readonly pageNumber: number;
  /** Where the page itself begins in the log. */
  readonly offset: number;
  /** Pages of the database after the transaction that this frame ends; 0 inside a transaction. */
  readonly commitPages: number;
}

export interface WalReading {
  readonly pageBytes: number;
  /** Frames of whole transactions, in order: what SQLite itself would read. */
  readonly frames: readonly WalFrame[];
  /** Frames after the place where the chain of checksums breaks that bear this log's own mark: SQLite drops them without a word. */
  readonly dropped: readonly WalFrame[];
  /**
   * `whole`: nothing was dropped. `torn`: at most the one transaction that was being written when the machine stopped. `damaged`: the log
   * lost transactions that were complete and acknowledged, or its head.
   */
  readonly state: 'whole' | 'torn' | 'damaged';
}

const headBytes = 32;
const frameHeadBytes = 24;
const magic = 0x377f0682;

/**
 * Reads a write-ahead log and says what SQLite would silently leave out. Because each commit is synced before it is acknowledged, a machine that
 * stops can tear only one transaction: more than one complete transaction behind a break means that the log was damaged afterwards.
 * Null when there is no log or it is empty. Source: sqlite.org/fileformat2.html#walformat; ADR-0003
 */
export function readWal(databaseFile: string, pageBytesHint = 4096): WalReading | null {
  let handle: number;
  try {
    handle = openSync(`${databaseFile}-wal`, 'r');
  } catch (error) {
    // A log that is there and does not open is not a missing one.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(fstatSync(handle).size);
    let read = 0;
    while (read < bytes.length) {
      const piece = readSync(handle, bytes, read, bytes.length - read, read);
      if (piece === 0) break;
      read += piece;
    }
    return read === 0 ? null : parse(bytes.subarray(0, read), pageBytesHint);
  } finally {
    closeSync(handle);
  }
}

function parse(bytes: Buffer, pageBytesHint: number): WalReading {
  if (bytes.length < headBytes) return { pageBytes: pageBytesHint, frames: [], dropped: [], state: 'torn' };
  const word = bytes.readUInt32BE(0);
  const pageBytes = bytes.readUInt32BE(8) === 1 ? 65_536 : bytes.readUInt32BE(8);
  const isBigEndian = (word & 1) === 1;
  const headSums = checksum(bytes, 0, 24, isBigEndian, 0, 0);
  const isHeadGood =
    (word & 0xfffffffe) >>> 0 === magic &&
    headSums[0] === bytes.readUInt32BE(24) &&
    headSums[1] === bytes.readUInt32BE(28) &&
    pageBytes >= 512;
  if (!isHeadGood) {
    // The head is synced before the first frame is written: without room for a frame it is one that never reached the disk whole.
    const state = bytes.length < headBytes + frameHeadBytes + pageBytesHint ? 'torn' : 'damaged';
    return { pageBytes: pageBytesHint, frames: [], dropped: listWithoutHead(bytes, pageBytesHint), state };
  }

  const frames: WalFrame[] = [];
  const dropped: WalFrame[] = [];
  let pending: WalFrame[] = [];
  let isBroken = false;
  let sums = headSums;
  for (let at = headBytes; at + frameHeadBytes + pageBytes <= bytes.length; at += frameHeadBytes + pageBytes) {
    const frame = { pageNumber: bytes.readUInt32BE(at), offset: at + frameHeadBytes, commitPages: bytes.readUInt32BE(at + 4) };
    const isOurs = bytes.compare(bytes, 16, 24, at + 8, at + 16) === 0;
    if (!isBroken) {
      sums = checksum(bytes, at, at + 8, isBigEndian, sums[0], sums[1]);
      sums = checksum(bytes, at + frameHeadBytes, at + frameHeadBytes + pageBytes, isBigEndian, sums[0], sums[1]);
      isBroken = !isOurs || sums[0] !== bytes.readUInt32BE(at + 16) || sums[1] !== bytes.readUInt32BE(at + 20);
    }
    if (!isBroken) {
      pending.push(frame);
      if (frame.commitPages === 0) continue;
      frames.push(...pending);
      pending = [];
    } else if (isOurs) {
      dropped.push(frame);
    }
  }
  const droppedCommits = countCommits(pending, dropped);
  // Without its last frame a transaction was never acknowledged, so nothing is missed of it.
  const state = droppedCommits > 1 ? 'damaged' : droppedCommits === 1 ? 'torn' : 'whole';
  return { pageBytes, frames, dropped: dropped.length === 0 ? [] : [...pending, ...dropped], state };
}

const sectorBytes = 512;

/**
 * How many transactions end in the dropped frames. Where page and mark of a frame lie in one sector and the mark of the log in the next, a machine that
 * stopped may have left the first half of an earlier life: it says nothing then. A transaction writes its pages in rising order, so its end is real where the
 * frame behind it begins anew with a lower page, or where there is none.
 */
function countCommits(pending: readonly WalFrame[], dropped: readonly WalFrame[]): number {
  return dropped.filter(({ commitPages, offset }, index) => {
    if (commitPages === 0) return false;
    if ((offset - frameHeadBytes + 8) % sectorBytes !== 0) return true;
    const before = dropped[index - 1] ?? pending.at(-1);
    const after = dropped[index + 1];
    return before === undefined || after === undefined || after.pageNumber <= before.pageNumber;
  }).length;
}

/** The head is synced before the first frame is written, so a spoilt one with frames behind it is damage; they share the mark of the first. */
function listWithoutHead(bytes: Buffer, pageBytes: number): WalFrame[] {
  const frames: WalFrame[] = [];
  for (let at = headBytes; at + frameHeadBytes + pageBytes <= bytes.length; at += frameHeadBytes + pageBytes) {
    if (bytes.compare(bytes, headBytes + 8, headBytes + 16, at + 8, at + 16) !== 0) break;
    frames.push({ pageNumber: bytes.readUInt32BE(at), offset: at + frameHeadBytes, commitPages: bytes.readUInt32BE(at + 4) });
  }
  return frames;
}

type Sums = readonly [number, number];

function checksum(bytes: Buffer, from: number, until: number, isBigEndian: boolean, first: number, second: number): Sums {
  let s0 = first;
  let s1 = second;
  for (let at = from; at < until; at += 8) {
    s0 = (s0 + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + s1) >>> 0;
    s1 = (s1 + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + s0) >>> 0;
  }
  return [s0, s1];
}
