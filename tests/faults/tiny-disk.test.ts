import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { count } from '../support/counts.ts';
import { openWorkedDesk, workedDeskId } from '../support/worked-desk.ts';
import { mountSmallDisk } from './small-disk.ts';

/**
 * Fault 8: storage and exchange on a disk of 2 MiB. How much of it is taken before decides at which write it runs out. The whole program on a full
 * disk: full-disk.test.ts.
 */
const kib = 1024;
const ballastBytes = 256 * kib;
const sizes = Array.from({ length: count(3, 20) }, (_, index) => index * count(172, 26) * kib);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qeyd-tiny-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

it('2 MiB, full at another write each time: acts are refused whole, the queue still empties, and with room the desk goes on', async () => {
  const figures = { sizes: 0, acked: 0, refused: 0 };
  for (const [index, takenBytes] of sizes.entries()) {
    const where = `${takenBytes / kib} KiB taken`;
    const disk = await mountSmallDisk(path.join(folder, `disk-${index}`), 2);
    try {
      const words = [path.join(folder, `disk-${index}`, 'desk.db'), String(ballastBytes), String(takenBytes)];
      const child = disk.spawn(['setsid', process.execPath, path.join(import.meta.dirname, 'tiny-disk-child.ts'), ...words]);
      let said = '';
      let errors = '';
      child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString('utf8')));
      child.stdout?.on('data', (piece: Buffer) => {
        said += piece.toString('utf8');
        if (/^full /mu.test(said)) disk.grow(16);
      });
      const [code] = (await once(child, 'close')) as [number | null];
      expect([code, errors], `${where}: ${said}`).toEqual([0, '']);
      const lines = said.trimEnd().split('\n');
      const told = (word: string): string[] =>
        lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
      const acked = told('acked');
      expect(acked.length, where).toBeGreaterThan(10);
      expect(told('DISK_FULL'), where).toHaveLength(1);
      expect(told('STORAGE_FAILED'), where).toEqual([]);
      expect(told('while-full'), where).toEqual(['DISK_FULL', 'DISK_FULL', 'DISK_FULL']);
      // Given up while it was full, and written anew when there was room.
      expect(told('ballast'), where).toEqual(['released', 'kept']);
      expect(told('waiting'), where).toEqual(['0', '0']);
      // The very act that was refused was taken afterwards, once.
      expect(
        acked.filter((id) => id === told('DISK_FULL')[0]),
        where,
      ).toHaveLength(1);

      cpSync(disk.outside, path.join(folder, 'copy'), { recursive: true });
      const { db } = await openWorkedDesk(path.join(folder, 'copy', 'desk.db'));
      const ids = (sql: string): string[] => db.all(sql).map((row) => String(row['command_id']));
      expect(db.all('PRAGMA integrity_check'), where).toEqual([{ integrity_check: 'ok' }]);
      await expect(verifyAudit(db, workedDeskId), where).resolves.toMatchObject({ firstBadSeq: null });
      expect(ids('SELECT command_id FROM remembered_commands').sort(), where).toEqual([...acked].sort());
      expect(ids('SELECT command_id FROM outbox WHERE state = 1').sort(), where).toEqual([...acked].sort());
      expect(ids('SELECT command_id FROM receipts').sort(), where).toEqual([...acked].sort());
      db.close();
      rmSync(path.join(folder, 'copy'), { recursive: true });
      figures.sizes += 1;
      figures.acked += acked.length;
      figures.refused += told('while-full').length + 1;
    } finally {
      await disk.end();
    }
  }
  console.info(`tiny-disk ${JSON.stringify(figures)}`);
}, 240_000);
