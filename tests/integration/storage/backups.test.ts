import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpDatabase, listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { drillRestore } from '../../../src/core/storage/recovery/drill.ts';
import { mountSmallDisk } from '../../faults/small-disk.ts';
import { backUp, flipByte, openWorkedDesk, workedDeskId, workedKeyHex } from '../../support/worked-desk.ts';

let folder: string;
let file: string;
const target = () => ({ file, keyHex: workedKeyHex, deskId: workedDeskId });
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-backups-'));
  file = path.join(folder, 'desk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a backup', () => {
  it('is made while the desk works, ciphered like it, and says what it holds', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(5);
    const made = await backUp(file, 1_780_000_000_000);
    expect(made).toMatchObject({ commands: 5, auditRows: 5, atMs: 1_780_000_000_000 });
    const bytes = readFileSync(made.file);
    expect(bytes.includes('CREATE TABLE') || bytes.includes('registrar1')).toBe(false);
    desk.db.close();
  });

  it('seven are kept, and their names say nothing of a person', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(1);
    for (let night = 0; night < 9; night += 1) await backUp(file, 1_780_000_000_000 + night);
    const names = readdirSync(path.join(folder, 'backups'));
    expect(names).toHaveLength(7);
    expect(names.every((name) => /^desk\.db\.v\d+\.17800000000\d\d$/u.test(name))).toBe(true);
    expect(listBackups(file)[0]?.atMs).toBe(1_780_000_000_008);
    desk.db.close();
  });

  it('a copy that was never finished is none, and gives way', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(1);
    mkdirSync(path.join(folder, 'backups'));
    writeFileSync(path.join(folder, 'backups', 'desk.db.v90.1.unfinished'), 'half');
    expect(listBackups(file)).toEqual([]);
    await backUp(file, 2);
    expect(readdirSync(path.join(folder, 'backups'))).toHaveLength(1);
    desk.db.close();
  });

  it('of a damaged database is refused, and the copies that are there stay', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(40);
    await backUp(file, 1);
    desk.db.close();
    flipByte(file, 4096 * 8 + 77);
    expect(await backUpDatabase(target(), { nowMs: 2, freeAfterBytes: 0 })).toMatchObject({
      ok: false,
      failure: { code: 'DATABASE_DAMAGED' },
    });
    expect(listBackups(file).map(({ atMs }) => atMs)).toEqual([1]);
  });
});

it('a small disk is never filled by copies: without room none is made, older ones give way, and the desk goes on', async () => {
  const place = path.join(folder, 'disk');
  const disk = await mountSmallDisk(place, 8);
  try {
    const spareBytes = 6 * 1024 * 1024;
    const child = disk.spawn([process.execPath, path.join(import.meta.dirname, 'nights-child.ts'), place, String(spareBytes)]);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    const { first, leastFreeBytes, copies, acts } = JSON.parse(said) as {
      first: string;
      leastFreeBytes: number;
      copies: number;
      acts: number;
    };
    expect({ first, acts }).toEqual({ first: 'DISK_FULL', acts: 3 });
    expect(leastFreeBytes).toBeGreaterThanOrEqual(spareBytes);
    expect(copies).toBeGreaterThanOrEqual(2);
    expect(copies).toBeLessThan(7);
  } finally {
    await disk.end();
  }
}, 60_000);

describe('a restore drill', () => {
  it('restores the newest copy beside the running desk, says what came out and leaves nothing', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(6);
    await backUp(file, 1_780_000_000_000);
    desk.act(2);
    const drilled = await drillRestore(target(), { nowMs: 1_790_000_000_000, monotonicMs: () => performance.now(), freeAfterBytes: 0 });
    expect(drilled).toMatchObject({ ok: true, value: { backupAtMs: 1_780_000_000_000, commands: 6, auditRows: 6, applications: 0 } });
    expect(readdirSync(folder).filter((name) => name.startsWith('drill-'))).toEqual([]);
    desk.db.close();
  });

  it('finds a copy that cannot be relied on before it is needed', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(30);
    const made = await backUp(file, 1);
    desk.db.close();
    flipByte(made.file, 4096 * 5 + 11);
    expect(await drillRestore(target(), { nowMs: 2, monotonicMs: () => 0, freeAfterBytes: 0 })).toMatchObject({
      ok: false,
      failure: { code: 'BACKUP_DAMAGED' },
    });
  });
});

describe('the commands of the administrator', () => {
  const run = (script: string, ...args: string[]) => {
    const key = path.join(folder, 'key');
    writeFileSync(key, workedKeyHex);
    try {
      const all = [
        path.join(import.meta.dirname, '../../../src/core/maintenance', script),
        '--data',
        folder,
        '--desk',
        workedDeskId,
        '--key-file',
        key,
        ...args,
      ];
      return { code: 0, said: execFileSync(process.execPath, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, said: stdout + stderr };
    }
  };

  it('desk:drill, then desk:restore: refused while the desk runs, done when it does not', async () => {
    const desk = await openWorkedDesk(file);
    desk.act(4);
    await backUp(file, 1_780_000_000_000);
    desk.act(2);
    expect(run('drill-cli.ts')).toMatchObject({ code: 0, said: expect.stringContaining('4 commands') as string });
    expect(run('restore-cli.ts', '--from', 'newest')).toMatchObject({ code: 1, said: expect.stringContaining('Close it first') as string });
    desk.db.close();
    expect(run('restore-cli.ts', '--list').said).toContain('desk.db.v');
    expect(run('restore-cli.ts', '--from', path.join(folder, 'nowhere'))).toMatchObject({ code: 1 });
    const restored = run('restore-cli.ts', '--from', 'newest', '--by', 'admin');
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.said).toContain('4 in the copy, 2 brought over, 0 not recovered, 6 to be sent');
    expect(restored.said).toContain('epoch 2');
  });
});
