import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import { listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { restoreDatabase, type RestoreOptions, type RestoreReport } from '../../../src/core/storage/recovery/restore.ts';
import { findWitness, writeWitness } from '../../../src/core/storage/recovery/witness.ts';
import { backUp, flipByte, openWorkedDesk, snapshotFiles, putSnapshot, workedDeskId, workedKeyHex } from '../../support/worked-desk.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-restore-'));
  file = path.join(folder, 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pageBytes = 4096;

async function restore(options: Partial<RestoreOptions> = {}): Promise<RestoreReport> {
  const restored = await restoreDatabase({
    file,
    keyHex: workedKeyHex,
    deskId: workedDeskId,
    nowMs: 1_790_000_000_000,
    from: 'newest',
    cause: 'damaged',
    take: 'everything',
    byLogin: 'nigar',
    ...options,
  });
  if (!restored.ok) throw new Error(`${restored.failure.code} ${JSON.stringify(restored.failure.params)}`);
  return restored.value;
}

async function readCommands(): Promise<{ ids: string[]; epoch: number; isChainWhole: boolean; states: number[] }> {
  const desk = await openWorkedDesk(file);
  const rows = desk.db.all('SELECT command_id, state FROM outbox ORDER BY seq');
  const result = {
    ids: rows.map((row) => String(row['command_id'])),
    states: rows.map((row) => Number(row['state'])),
    epoch: Number(desk.db.get('SELECT desk_epoch FROM sync_state')?.['desk_epoch']),
    isChainWhole: (await verifyAudit(desk.db, workedDeskId)).firstBadSeq === null,
  };
  desk.db.close();
  return result;
}

describe('after damage', () => {
  /** 40 acts in a backup, 60 after it, some of those only in the log. */
  async function work(): Promise<string[]> {
    const desk = await openWorkedDesk(file);
    const ids = desk.act(40);
    desk.intent();
    await backUp(file, 1_780_000_000_000);
    ids.push(...desk.act(50));
    desk.db.get('PRAGMA wal_checkpoint(TRUNCATE)');
    ids.push(...desk.act(10));
    const witness = findWitness(desk.db);
    if (witness !== null) writeWitness(file, witness);
    snapshotFiles(file, path.join(folder, 'snapshot'));
    desk.db.close();
    putSnapshot(path.join(folder, 'snapshot'), file);
    return ids;
  }

  it('an untouched file gives back everything, also what stands in the log alone', async () => {
    const ids = await work();
    const report = await restore();
    expect(report).toMatchObject({
      actsInBackup: 41,
      actsRecovered: 60,
      actsLost: 0,
      actsToSend: 101,
      auditAside: 0,
      auditLost: 0,
      badPages: 0,
      deskEpoch: 2,
    });
    const found = await readCommands();
    expect(found).toEqual({ ids, epoch: 2, isChainWhole: true, states: ids.map(() => 0) });
  });

  it('each page of the file lost in turn: nothing of the backup is lost, and what is gone is counted', async () => {
    const ids = await work();
    const pages = readFileSync(path.join(folder, 'snapshot', 'desk.db')).length / pageBytes;
    for (let page = 0; page < pages; page += 3) {
      putSnapshot(path.join(folder, 'snapshot'), file);
      flipByte(file, page * pageBytes + 300);
      const report = await restore({ nowMs: 1_790_000_000_000 + page });
      const found = await readCommands();
      expect(found.isChainWhole).toBe(true);
      expect(found.ids.slice(0, 40)).toEqual(ids.slice(0, 40));
      const missing = ids.filter((id) => !found.ids.includes(id));
      const silent = found.states.filter((state) => state === 3).length;
      expect([page, missing.length + silent]).toEqual([page, report.actsLost]);
    }
  }, 120_000);

  it('the file is kept aside byte for byte, and nothing is erased', async () => {
    await work();
    flipByte(file, 5 * pageBytes + 9);
    const before = [readFileSync(file), readFileSync(`${file}-wal`)];
    await restore();
    const aside = path.join(folder, 'aside', '1790000000000');
    expect(readFileSync(path.join(aside, 'desk.db')).equals(before[0] as Buffer)).toBe(true);
    expect(readFileSync(path.join(aside, 'desk.db-wal')).equals(before[1] as Buffer)).toBe(true);
    expect(listBackups(file)).toHaveLength(1);
    expect(existsSync(`${file}.restored`)).toBe(false);
  });

  it('a spoilt newest copy is passed over for the one before it', async () => {
    const ids = await work();
    const [good] = listBackups(file);
    const bad = path.join(path.dirname(good?.file ?? ''), 'desk.db.v90.1785000000000');
    writeFileSync(bad, readFileSync(good?.file ?? ''));
    flipByte(bad, 3 * pageBytes + 50);
    const report = await restore();
    expect(report).toMatchObject({ badBackups: 1, backupAtMs: 1_780_000_000_000 });
    expect((await readCommands()).ids).toEqual(ids);
  });

  it('without any copy a new database takes over what is left', async () => {
    const ids = await work();
    rmSync(path.join(folder, 'backups'), { recursive: true });
    flipByte(file, 100);
    const report = await restore();
    expect(report).toMatchObject({ backupAtMs: null, actsInBackup: 0, auditLost: 0 });
    const found = await readCommands();
    expect(found.isChainWhole).toBe(true);
    expect(found.ids).toEqual(ids);
  });

  it('with nothing left at all the copy alone is used, and the witness says how much of the journal is gone', async () => {
    const ids = await work();
    writeFileSync(file, Buffer.alloc(50 * pageBytes, 7));
    rmSync(`${file}-wal`);
    const report = await restore();
    expect(report).toMatchObject({ actsRecovered: 0, auditLost: 60, deskEpoch: 2 });
    expect((await readCommands()).ids).toEqual(ids.slice(0, 40));
  });
});

describe('a restore that was asked for', () => {
  it('brings the copy back and keeps the queue and the journal of the present file', async () => {
    const desk = await openWorkedDesk(file);
    const ids = desk.act(5);
    desk.db.transact((tx) => tx.run("INSERT INTO settings(name, value) VALUES ('mark', 'old')"));
    const copy = await backUp(file, 1_780_000_000_000);
    ids.push(...desk.act(5));
    desk.db.transact((tx) => tx.run("UPDATE settings SET value = 'new' WHERE name = 'mark'"));
    expect(
      await restoreDatabase({
        file,
        keyHex: workedKeyHex,
        deskId: workedDeskId,
        nowMs: 1,
        from: 'newest',
        cause: 'asked',
        take: 'acts',
        byLogin: '',
      }),
    ).toMatchObject({
      ok: false,
      failure: { code: 'DATABASE_IN_USE' },
    });
    desk.db.close();
    const report = await restore({ from: { backup: copy.file }, cause: 'asked', take: 'acts' });
    expect(report).toMatchObject({ actsInBackup: 5, actsRecovered: 5, auditJoined: 5, actsLost: 0 });
    const after = await openWorkedDesk(file);
    expect(after.db.get("SELECT value FROM settings WHERE name = 'mark'")?.['value']).toBe('old');
    after.db.close();
    expect(await readCommands()).toMatchObject({ ids, epoch: 2, isChainWhole: true });
  });

  it('never uses an epoch twice, whatever copy it starts from', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(2);
    await backUp(file, 1_780_000_000_000);
    desk.db.close();
    for (const expected of [2, 3, 4]) {
      const report = await restore({ from: 'newest', cause: 'asked', take: 'nothing', nowMs: 1_790_000_000_000 + expected });
      expect(report.deskEpoch).toBe(expected);
    }
  });

  it('finishes after a crash in the middle of the exchange of files', async () => {
    const desk = await openWorkedDesk(file);
    const ids = desk.act(3);
    await backUp(file, 1_780_000_000_000);
    desk.db.close();
    writeFileSync(`${file}.restored`, readFileSync(listBackups(file)[0]?.file ?? ''));
    writeFileSync(`${file}.restoring`, 'desk.db.restored');
    writeFileSync(`${file}-wal`, 'an old log that must not be read');
    expect((await readCommands()).ids).toEqual(ids);
    expect(readdirSync(folder).filter((name) => name.includes('restor'))).toEqual([]);
  });
});
