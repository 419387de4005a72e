import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/core/storage/open-database.ts';
import { findWitness, writeWitness } from '../../src/core/storage/recovery/witness.ts';
import { count, seededFraction } from '../support/counts.ts';
import {
  backUp,
  fingerprintOf,
  flipByte,
  openWorkedDesk,
  putSnapshot,
  snapshotFiles,
  workedDeskId,
  workedKeyHex,
} from '../support/worked-desk.ts';

let folder: string;
let file: string;
/** Three moments of one desk: each with acts in the file and acts in the log alone. */
const moments: { readonly snapshot: string; readonly known: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-surgery-'));
  file = path.join(folder, 'desk.db');
  const desk = await openWorkedDesk(file);
  for (const name of ['first', 'second', 'third']) {
    desk.act(12);
    desk.db.get('PRAGMA wal_checkpoint(TRUNCATE)');
    desk.act(9);
    const witness = findWitness(desk.db);
    if (witness !== null) writeWitness(file, witness);
    snapshotFiles(file, path.join(folder, name));
    moments.push({ snapshot: path.join(folder, name), known: fingerprintOf(desk.db) });
  }
  desk.db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const last = () => moments[2] as (typeof moments)[number];

async function open(keyHex = workedKeyHex): Promise<string> {
  const opened = await openDatabase({ file, keyHex, clock: { nowMs: () => 1_790_000_000_000 }, deskId: workedDeskId });
  if (!opened.ok) return opened.failure.code;
  try {
    return fingerprintOf(opened.value);
  } finally {
    opened.value.close();
  }
}

/** Detected, or exactly what was written. */
async function expectNeverSilent(where: string): Promise<'detected' | 'whole'> {
  const found = await open();
  if (found === 'DATABASE_DAMAGED') return 'detected';
  expect(found === last().known, where).toBe(true);
  return 'whole';
}

describe('surgery on the files of a desk that was killed', () => {
  it('without its shared index (-shm) it opens with everything', async () => {
    putSnapshot(last().snapshot, file);
    rmSync(`${file}-shm`, { force: true });
    expect(await open()).toBe(last().known);
  });

  it('with a spoilt shared index (-shm) it opens with everything', async () => {
    putSnapshot(last().snapshot, file);
    writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0x5a));
    expect(await open()).toBe(last().known);
  });

  it.each([0, 1])('with the log of an older moment (%i) it is refused', async (older) => {
    putSnapshot(last().snapshot, file);
    copyFileSync(path.join(moments[older]?.snapshot ?? '', 'desk.db-wal'), `${file}-wal`);
    rmSync(`${file}-shm`, { force: true });
    expect(await open()).toBe('DATABASE_DAMAGED');
  });

  it.each([0, 1])('with the database of an older moment (%i) under its log it is refused', async (older) => {
    putSnapshot(last().snapshot, file);
    copyFileSync(path.join(moments[older]?.snapshot ?? '', 'desk.db'), file);
    rmSync(`${file}-shm`, { force: true });
    expect(await expectNeverSilent(`moment ${older}`)).toBe('detected');
  });

  it.each([0, 1])('with everything of an older moment (%i) but the witness it is refused', async (older) => {
    putSnapshot(moments[older]?.snapshot ?? '', file);
    copyFileSync(path.join(last().snapshot, 'desk.db.witness'), `${file}.witness`);
    expect(await open()).toBe('DATABASE_DAMAGED');
  });

  it('without its log it is refused', async () => {
    putSnapshot(last().snapshot, file);
    rmSync(`${file}-wal`);
    expect(await open()).toBe('DATABASE_DAMAGED');
  });

  it('with a log whose length reached the disk before its head did it opens with everything', async () => {
    putSnapshot(last().snapshot, file);
    const desk = await openWorkedDesk(file);
    const known = fingerprintOf(desk.db);
    desk.db.close();
    rmSync(`${file}-wal`, { force: true });
    writeFileSync(`${file}-wal`, Buffer.alloc(32));
    expect(await open()).toBe(known);
  });

  it('cut anywhere, database or log, it is refused or whole', async () => {
    const random = seededFraction(7);
    const times = count(30, 300);
    let detected = 0;
    for (let round = 0; round < times; round += 1) {
      putSnapshot(last().snapshot, file);
      const part = round % 2 === 0 ? '' : '-wal';
      const keep = Math.floor(random() * statSync(`${file}${part}`).size);
      truncateSync(`${file}${part}`, keep);
      if ((await expectNeverSilent(`${part || 'database'} cut to ${keep}`)) === 'detected') detected += 1;
    }
    // A cut through a page that the log holds anew takes nothing away.
    expect(detected).toBeGreaterThan(times * 0.8);
  }, 600_000);

  it('two pages in each other’s place are refused or not read', async () => {
    const random = seededFraction(8);
    const pageBytes = 4096;
    for (let round = 0; round < count(20, 200); round += 1) {
      putSnapshot(last().snapshot, file);
      const bytes = readFileSync(file);
      const pages = bytes.length / pageBytes;
      const [left, right] = [Math.floor(random() * pages) * pageBytes, Math.floor(random() * pages) * pageBytes];
      const page = Buffer.from(bytes.subarray(left, left + pageBytes));
      bytes.copyWithin(left, right, right + pageBytes);
      page.copy(bytes, right);
      writeFileSync(file, bytes);
      await expectNeverSilent(`pages at ${left} and ${right}`);
    }
  }, 600_000);

  it('the database gone while there are copies: never a new, empty desk', async () => {
    putSnapshot(last().snapshot, file);
    const desk = await openWorkedDesk(file);
    await backUp(file, 1_780_000_000_000);
    desk.db.close();
    for (const part of ['', '-wal', '-shm', '.witness']) rmSync(`${file}${part}`, { force: true });
    expect(await open()).toBe('DATABASE_DAMAGED');
    rmSync(path.join(folder, 'backups'), { recursive: true });
  });
});

describe('another key', () => {
  it.each(Array.from({ length: 10 }, (_, index) => index))('%i: is refused, and the files are as they were', async (index) => {
    putSnapshot(last().snapshot, file);
    const before = [readFileSync(file), readFileSync(`${file}-wal`)];
    const keyHex = Buffer.alloc(32, index).toString('hex');
    expect(await open(keyHex)).toBe('DATABASE_KEY');
    expect([readFileSync(file), readFileSync(`${file}-wal`)].map((bytes, place) => bytes.equals(before[place] as Buffer))).toEqual([
      true,
      true,
    ]);
    expect(await open()).toBe(last().known);
  });

  it('a file whose first page is spoilt is told from another key', async () => {
    putSnapshot(last().snapshot, file);
    rmSync(`${file}-wal`);
    flipByte(file, 500);
    expect(await open()).toBe('DATABASE_DAMAGED');
  });
});
