import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWal } from './wal-frames.ts';

const pageBytes = 4096;
const frameBytes = 24 + pageBytes;
const salt = 0xc35e4fd8;

function sumOver(bytes: Buffer, [first, second]: readonly [number, number]): [number, number] {
  let s0 = first;
  let s1 = second;
  for (let at = 0; at < bytes.length; at += 8) {
    s0 = (s0 + bytes.readUInt32BE(at) + s1) >>> 0;
    s1 = (s1 + bytes.readUInt32BE(at + 4) + s0) >>> 0;
  }
  return [s0, s1];
}

/** A log as SQLite lays it out. Source: sqlite.org/fileformat2.html#walformat */
function logOf(frames: readonly { readonly page: number; readonly commit: number }[]): Buffer {
  const head = Buffer.alloc(32);
  for (const [at, value] of [0x377f0683, 3007000, pageBytes, 0, salt, 7].entries()) head.writeUInt32BE(value, at * 4);
  let sums = sumOver(head.subarray(0, 24), [0, 0]);
  head.writeUInt32BE(sums[0], 24);
  head.writeUInt32BE(sums[1], 28);
  const pieces = frames.map(({ page, commit }, index) => {
    const frame = Buffer.alloc(frameBytes, index);
    for (const [at, value] of [page, commit, salt, 7].entries()) frame.writeUInt32BE(value, at * 4);
    sums = sumOver(frame.subarray(24), sumOver(frame.subarray(0, 8), sums));
    frame.writeUInt32BE(sums[0], 16);
    frame.writeUInt32BE(sums[1], 20);
    return frame;
  });
  return Buffer.concat([head, ...pieces]);
}
const transaction = (...pages: number[]) => pages.map((page, index) => ({ page, commit: index === pages.length - 1 ? 126 : 0 }));
const placeOf = (frame: number): number => 32 + frame * frameBytes;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-log-'));
  file = path.join(folder, 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (log: Buffer) => {
  writeFileSync(`${file}-wal`, log);
  return readWal(file);
};

describe('a log after the machine stopped', () => {
  const before = Array.from({ length: 19 }, () => transaction(1, 7)).flat();

  it('whole, it gives every transaction', () => {
    const reading = read(logOf([...before, ...transaction(1, 6, 109)]));
    expect(reading).toMatchObject({ state: 'whole', dropped: [] });
    expect(reading?.frames).toHaveLength(41);
  });

  it('torn in its last transaction is torn, also where half of a frame’s head is of an earlier life and says that a transaction ends there', () => {
    const log = logOf([...before, ...transaction(1, 6, 109, 112, 118, 123, 124, 126)]);
    log.fill(0, placeOf(40) + 1024, placeOf(40) + 1536);
    // The one frame of these whose head lies in two sectors: the first half did not reach the disk.
    expect(placeOf(41) % 512).toBe(504);
    log.writeUInt32BE(119, placeOf(41));
    log.writeUInt32BE(119, placeOf(41) + 4);
    const reading = read(log);
    expect(reading?.state).toBe('torn');
    expect(reading?.frames).toHaveLength(38);
  });

  it('that lost two whole transactions is damaged, also when the first of them ends in a frame whose head lies in two sectors', () => {
    const log = logOf([...before, ...transaction(1, 6, 109, 119), ...transaction(1, 6, 109, 126)]);
    log.fill(0, placeOf(40) + 1024, placeOf(40) + 1536);
    expect(read(log)?.state).toBe('damaged');
  });
});
