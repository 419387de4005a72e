import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { trainingPassword } from '../../src/registry/index.ts';
import { sqliteDialect } from '../../src/registry/store/dialect.ts';
import { openStore } from '../../src/registry/store/store.ts';
import type { DeskClient } from '../../src/shared/contract/index.ts';
import { trainingDeskId } from '../../src/training/training-desk.ts';
import { failureOf, until } from '../integration/core/test-core.ts';
import { createDiskWorker, type DiskWorker } from './disk-worker.ts';
import { openCopy, startFullDesk, type FullDesk, type Output } from './full-desk.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/**
 * The whole program on a disk that is really full. What is free when the work begins decides at which write it runs out, so there are many rooms;
 * in every second one something else on the machine takes even the space that the desk gave up for this moment.
 */
const kib = 1024;
const mib = 1024 * kib;
const ballastBytes = 32 * mib;
const disks: readonly (readonly [sizeMib: number, rooms: readonly number[]])[] = [
  [80, [0, 4 * kib, 20 * kib, 36 * kib, 100 * kib, 300 * kib]],
  [96, [8 * kib, 12 * kib, 48 * kib, 64 * kib, 140 * kib]],
  [160, [16 * kib, 28 * kib, 76 * kib, 200 * kib, 700 * kib]],
];

const isOnline = (desk: FullDesk): Promise<void> => until(async () => (await desk.screen.desk.system.status()).link.state === 'online');

describe.each(disks)('a disk of %i MiB that is really full', (sizeMib, rooms) => {
  let folder: string;
  let disk: SmallDisk;
  let desk: FullDesk | undefined;
  let output: Output;
  let worker: DiskWorker;

  const start = async (): Promise<FullDesk> => {
    const started = await startFullDesk(disk, folder, output);
    if (started === null) throw new Error(output.text);
    await isOnline(started);
    await started.screen.desk.session.signIn({ login: 'leyla', password: trainingPassword('leyla') });
    return started;
  };
  const client = (): DeskClient => {
    if (desk === undefined) throw new Error('The desk does not run');
    return desk.screen.desk;
  };
  const ballastSize = () => statSync(path.join(disk.outside, 'desk.db.ballast'), { throwIfNoEntry: false })?.size ?? 0;

  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => {
      console.info(output.text);
    });
    output = { text: '' };
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-full-disk-'));
    mkdirSync(path.join(folder, 'tmp'));
    disk = await mountSmallDisk(path.join(folder, 'desk'), sizeMib);
    desk = await start();
    worker = createDiskWorker(client);
  });
  afterEach(async () => {
    await desk?.end('SIGTERM');
    desk = undefined;
    await disk.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('acts are refused whole, receipts still come in, and with space the desk goes on by itself', async () => {
    for (const [index, room] of rooms.entries()) {
      const where = `${sizeMib} MiB with ${room / kib} KiB free`;
      expect(ballastSize(), where).toBe(ballastBytes);
      await worker.setIntake(false);
      await worker.finishCase();
      disk.fill(room);
      const refused = await worker.workUntilRefused();
      expect(refused.failure, where).toMatchObject({ code: 'DISK_FULL', data: { retryable: true } });
      await worker.expectAllThere(where);
      expect(ballastSize(), where).toBe(0);
      expect(await refusalsWhileFull(), where).toEqual(['DISK_FULL', 'DISK_FULL', 'DISK_FULL']);

      if (index % 2 === 1) {
        disk.fill(0);
        await worker.setIntake(true);
        expect([undefined, 'DISK_FULL'], where).toContain((await failureOf(client().sync.sendNow()))?.code);
        await worker.expectAllThere(`${where}, and the ballast taken`);
      } else {
        await worker.setIntake(true);
        await client().sync.sendNow();
        await until(async () => (await queueLength()) === 0);
        // The receipts came in although there is still no room for a new act.
        await worker.expectAllRegistered(where);
        expect(await refusalsWhileFull(), where).toEqual(['DISK_FULL', 'DISK_FULL', 'DISK_FULL']);
      }

      disk.free();
      // The very command that was refused is taken now, once.
      if (index % 3 !== 2) await worker.repeat(refused);
      else worker.giveUp(refused);
      await worker.finishCase();
      await client().sync.sendNow();
      await until(async () => (await queueLength()) === 0);
      await worker.expectAllRegistered(where);
    }
    expect(output.text.match(/desk\.started/gu) ?? [], 'the core was never started again').toHaveLength(1);
    await desk?.end('SIGTERM');
    await expectWhole();
  }, 300_000);

  it('killed while the disk is full it says at its start that there is no room, and starts with everything when there is', async () => {
    disk.fill(rooms[1] ?? 0);
    await worker.setIntake(false);
    await worker.workUntilRefused();
    disk.fill(0);
    await desk?.end('SIGKILL');
    const refusal: Output = { text: '' };
    expect((await startFullDesk(disk, folder, refusal)) === null, refusal.text).toBe(true);
    expect(refusal.text).toContain('Diskdə yer qalmayıb. Yadda saxlanılmış məlumat itməyib. Yer boşaldıb proqramı yenidən başladın.');
    expect(refusal.text).not.toMatch(/\n\s+at .+\(/u);
    disk.free();
    const again = await start();
    desk = again;
    expect(ballastSize()).toBe(ballastBytes);
    await worker.expectAllThere('after the start');
    await worker.finishCase();
    await until(async () => (await queueLength()) === 0);
    await again.end('SIGTERM');
    await expectWhole();
  }, 120_000);

  const queueLength = async (): Promise<number> => {
    const { queue } = await client().system.status();
    return queue.queued + queue.unknown;
  };
  const refusalsWhileFull = () => worker.tryEverything().then((failures) => failures.map((failure) => failure?.code ?? 'no refusal'));

  /** The file as it lies on the disk, its audit chain, and the registry's side of it. */
  async function expectWhole(): Promise<void> {
    const { db, close } = await openCopy(disk, folder);
    expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    await expect(verifyAudit(db, trainingDeskId)).resolves.toMatchObject({ firstBadSeq: null });
    const ids = (sql: string): string[] =>
      db
        .all(sql)
        .map((row) => String(row['id']))
        .sort();
    const remembered = ids('SELECT command_id AS id FROM remembered_commands');
    expect(worker.told().filter((id) => !remembered.includes(id))).toEqual([]);
    expect(worker.givenUp().filter((id) => remembered.includes(id))).toEqual([]);
    expect(
      ids(
        "SELECT json_extract(CAST(rec AS TEXT), '$.commandId') AS id FROM audit WHERE act NOT LIKE 'sync.%' AND json_extract(CAST(rec AS TEXT), '$.commandId') <> ''",
      ),
    ).toEqual(remembered);
    const queued = ids('SELECT command_id AS id FROM outbox');
    expect(ids('SELECT command_id AS id FROM receipts')).toEqual(queued);
    close();
    const store = await openStore(sqliteDialect(path.join(folder, 'registry', 'registry.sqlite')));
    const commands = await store.read((session) => session.db.selectFrom('command').select('command_id').execute());
    await store.close();
    expect(commands.map(({ command_id }) => command_id).sort()).toEqual(queued);
  }
});

it('a disk too small for the ballast is refused at the start and left as it was; with more room the desk begins', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qeyd-full-disk-'));
  const disk = await mountSmallDisk(path.join(folder, 'desk'), 24);
  try {
    const output: Output = { text: '' };
    expect((await startFullDesk(disk, folder, output)) === null, output.text).toBe(true);
    expect(output.text).toContain('Diskdə yer qalmayıb.');
    expect(disk.freeBytes()).toBeGreaterThan(16 * mib);
    disk.grow(96);
    const desk = await startFullDesk(disk, folder, output);
    if (desk === null) throw new Error(output.text);
    await isOnline(desk);
    expect(statSync(path.join(disk.outside, 'desk.db.ballast')).size).toBe(ballastBytes);
    expect(await failureOf(desk.screen.desk.session.signIn({ login: 'leyla', password: trainingPassword('leyla') }))).toBeNull();
    await desk.end('SIGTERM');
  } finally {
    await disk.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}, 60_000);
