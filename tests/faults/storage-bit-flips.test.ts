import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBackup, type CheckedBackup } from '../../src/core/storage/recovery/backups.ts';
import { findWitness, writeWitness } from '../../src/core/storage/recovery/witness.ts';
import { loadSqlite } from '../../src/core/storage/native.ts';
import { openDatabase } from '../../src/core/storage/open-database.ts';
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

/** The places come from it; change it to look elsewhere. */
const seed = 20_261_122;
let folder: string;
let file: string;
let snapshot: string;
let truth: string;
let backup: CheckedBackup;

/** A desk that was killed: acts in the file, acts in the log alone, a copy, and a witness two seconds old. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-flips-'));
  file = path.join(folder, 'desk.db');
  snapshot = path.join(folder, 'snapshot');
  const desk = await openWorkedDesk(file);
  desk.act(30);
  backup = await backUp(file, 1_780_000_000_000);
  desk.db.get('PRAGMA wal_checkpoint(TRUNCATE)');
  desk.act(20);
  desk.intent();
  const witness = findWitness(desk.db);
  if (witness !== null) writeWitness(file, witness);
  truth = fingerprintOf(desk.db);
  snapshotFiles(file, snapshot);
  desk.db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens what is there: `refused` with its code, or what the desk says it knows. */
async function openAnyway(): Promise<{ readonly refused: string } | { readonly known: string; readonly isTailDropped: boolean }> {
  let isTailDropped = false;
  const onTailDropped = (): void => {
    isTailDropped = true;
  };
  const opened = await openDatabase({
    file,
    keyHex: workedKeyHex,
    clock: { nowMs: () => 1_790_000_000_000 },
    deskId: workedDeskId,
    onTailDropped,
  });
  if (!opened.ok) return { refused: opened.failure.code };
  try {
    return { known: fingerprintOf(opened.value), isTailDropped };
  } finally {
    opened.value.close();
  }
}

async function flipMany(part: '' | '-wal', times: number): Promise<{ detected: number; harmless: number }> {
  const random = seededFraction(seed + part.length);
  const outcome = { detected: 0, harmless: 0 };
  for (let round = 0; round < times; round += 1) {
    putSnapshot(snapshot, file);
    const offset = Math.floor(random() * statSync(`${file}${part}`).size);
    const mask = 1 << Math.floor(random() * 8);
    flipByte(`${file}${part}`, offset, mask);
    const found = await openAnyway();
    const where = `seed ${seed}, ${part || 'database'} byte ${offset}, mask ${mask}`;
    if ('refused' in found) {
      expect(['DATABASE_DAMAGED', 'DATABASE_KEY'], where).toContain(found.refused);
      outcome.detected += 1;
    } else {
      // Never silent wrong data: what opens says exactly what was written.
      expect(found.known === truth, where).toBe(true);
      outcome.harmless += 1;
    }
  }
  return outcome;
}

describe('one flipped bit', () => {
  it('in the database is detected, or changes nothing that is read', async () => {
    const times = count(100, 1_000);
    const { detected, harmless } = await flipMany('', times);
    console.info(`database: ${times} flips, ${detected} detected, ${harmless} harmless, 0 silent`);
    expect(detected).toBeGreaterThan(times / 4);
  }, 600_000);

  it('in the log is detected, or changes nothing that is read', async () => {
    const times = count(100, 1_000);
    const { detected, harmless } = await flipMany('-wal', times);
    console.info(`log: ${times} flips, ${detected} detected, ${harmless} harmless, 0 silent`);
    expect(detected).toBeGreaterThan(times / 2);
  }, 600_000);

  it('in the log is told to people even when the witness is gone', async () => {
    const random = seededFraction(seed + 9);
    const times = count(60, 600);
    let told = 0;
    for (let round = 0; round < times; round += 1) {
      putSnapshot(snapshot, file);
      rmSync(`${file}.witness`);
      // The last transactions: behind a spoilt one there is no other that gives the damage away.
      const sizeBytes = statSync(`${file}-wal`).size;
      flipByte(`${file}-wal`, Math.floor(sizeBytes - random() * 60_000));
      const found = await openAnyway();
      if ('known' in found && found.known !== truth) {
        expect(found.isTailDropped, `seed ${seed}, round ${round}`).toBe(true);
        told += 1;
      }
    }
    console.info(
      `last transactions of the log, no witness: ${times} flips, ${told} told as an unfinished write, the others refused or harmless`,
    );
  }, 600_000);

  it('in a backup is detected when the copy is looked at, or changes nothing that is read', async () => {
    const native = await loadSqlite();
    if (!native.ok) throw new Error(native.code);
    const random = seededFraction(seed);
    const times = count(100, 1_000);
    let detected = 0;
    for (let round = 0; round < times; round += 1) {
      const offset = Math.floor(random() * backup.sizeBytes);
      const whole = readFileSync(backup.file);
      flipByte(backup.file, offset);
      const checked = checkBackup(native.Sqlite, backup, { keyHex: workedKeyHex, deskId: workedDeskId });
      flipByte(backup.file, offset);
      expect(readFileSync(backup.file).equals(whole)).toBe(true);
      if (!checked.ok) detected += 1;
      else expect([offset, checked.value.commands, checked.value.auditRows]).toEqual([offset, backup.commands, backup.auditRows]);
    }
    console.info(`backup: ${times} flips, ${detected} detected`);
    expect(detected).toBeGreaterThan(times / 2);
  }, 600_000);
});
