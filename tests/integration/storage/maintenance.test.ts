import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStorageCare, joinMaintenance } from '../../../src/core/maintenance/index.ts';
import { createMaintenanceClient, type Maintenance } from '../../../src/core/maintenance/maintenance-client.ts';
import { serveMaintenance } from '../../../src/core/maintenance/maintenance-host.ts';
import { nodePortChannel } from '../../../src/channel/message-port-channel.ts';
import { systemClock } from '../../../src/core/platform/clock.ts';
import { listBackups } from '../../../src/core/storage/recovery/backups.ts';
import { findNewestCareRun } from '../../../src/core/storage/repositories/storage-care-repository.ts';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import { createTestDesk, type TestDesk } from '../../support/test-desk.ts';

let desk: TestDesk;
beforeEach(async () => {
  desk = await createTestDesk();
  desk.acts.record(null, () => ({ value: undefined, audit: { act: 'test', detail: {} } }));
});
afterEach(() => desk.close());
const own = () => ({ file: path.join(desk.folder, 'desk.db'), keyHex: desk.databaseKeyHex, deskId: desk.identity.deskId });

describe('the maintenance process', () => {
  const entry = path.join(import.meta.dirname, '../../../src/core/maintenance/maintenance-host-node.ts');
  const start = (socketPath: string): ChildProcess => {
    const child = fork(entry, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
    child.send({ type: 'start', socketPath });
    return child;
  };

  it('does its tasks beside the running desk, and the next process goes on after one that was killed', async () => {
    const room = mkdtempSync(path.join(tmpdir(), 'qeyd-maintenance-'));
    const socketPath = path.join(room, 'socket');
    let child = start(socketPath);
    const { maintenance } = joinMaintenance(socketPath, own(), systemClock);
    expect(await maintenance.verifyAudit()).toEqual(
      succeed({ rows: 1, firstBadSeq: null, seals: 0, sealedUptoSeq: 0, countersignedUptoSeq: 0 }),
    );
    expect(await maintenance.check(true)).toMatchObject({ ok: true, value: { isWhole: true } });
    expect(await maintenance.backUp({ nowMs: 5, freeAfterBytes: 0 })).toMatchObject({ ok: true, value: { atMs: 5, auditRows: 1 } });
    expect(await maintenance.drill({ nowMs: 6, freeAfterBytes: 0 })).toMatchObject({ ok: true, value: { backupAtMs: 5, auditRows: 1 } });
    // A restore under the feet of a running desk is refused by its lock.
    expect(await maintenance.restore({ nowMs: 7, byLogin: '' })).toMatchObject({ ok: false, failure: { code: 'DATABASE_IN_USE' } });

    const underWay = maintenance.verifyAudit();
    child.kill('SIGKILL');
    const broken = await underWay;
    if (!broken.ok) expect(broken.failure).toMatchObject({ code: 'MAINTENANCE_UNAVAILABLE', retryable: true });
    await new Promise((resolve) => child.once('exit', resolve));
    child = start(socketPath);
    expect(await maintenance.verifyAudit()).toEqual(
      succeed({ rows: 1, firstBadSeq: null, seals: 0, sealedUptoSeq: 0, countersignedUptoSeq: 0 }),
    );
    maintenance.close();
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(room, { recursive: true, force: true });
  }, 60_000);

  it('that speaks nonsense is dropped, and its task fails as retryable', async () => {
    const { port1, port2 } = new MessageChannel();
    const liar = nodePortChannel(port2);
    liar.onMessage(() => liar.send({ kind: 'verified', id: 1, rows: 'many' }));
    const maintenance = createMaintenanceClient(() => Promise.resolve(nodePortChannel(port1)), own(), desk.clock);
    expect(await maintenance.verifyAudit()).toMatchObject({ ok: false, failure: { code: 'MAINTENANCE_UNAVAILABLE', retryable: true } });
    maintenance.close();
  });

  it('answers damage as damage', async () => {
    const { port1, port2 } = new MessageChannel();
    serveMaintenance(nodePortChannel(port2), () => undefined);
    const maintenance = createMaintenanceClient(
      () => Promise.resolve(nodePortChannel(port1)),
      { ...own(), keyHex: '0'.repeat(64) },
      desk.clock,
    );
    expect(await maintenance.check(false)).toMatchObject({ ok: true, value: { isWhole: false } });
    expect(await maintenance.verifyAudit()).toMatchObject({ ok: false, failure: { code: 'DATABASE_KEY' } });
    maintenance.close();
  });
});

describe('the care by the clock', () => {
  const hourMs = 3_600_000;
  const facts = { sizeBytes: 1, auditRows: 1, commands: 0, applications: 0 };

  /** A process that does everything at once, or fails as told. */
  function playedMaintenance(plan: { backupCode: string }): Maintenance & { readonly asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      verifyAudit: () => Promise.resolve(succeed({ rows: 0, firstBadSeq: null, seals: 0, sealedUptoSeq: 0, countersignedUptoSeq: 0 })),
      check: (isFull) => {
        asked.push(isFull ? 'full check' : 'check');
        return Promise.resolve(succeed({ isWhole: true, pages: 1 }));
      },
      backUp: ({ nowMs }) => {
        asked.push('backup');
        return Promise.resolve(plan.backupCode === 'OK' ? succeed({ ...facts, atMs: nowMs }) : fail(plan.backupCode, {}, true));
      },
      drill: ({ nowMs }) => {
        asked.push('drill');
        return Promise.resolve(succeed({ ...facts, backupAtMs: nowMs, tookMs: 1 }));
      },
      restore: () => Promise.resolve(fail('DATABASE_IN_USE')),
      close: () => undefined,
    };
  }
  const careOf = (maintenance: Maintenance, onDamaged: (code: string) => void = () => undefined) =>
    createStorageCare({ desk, maintenance, databaseFile: own().file, freeAfterBytes: 0, onDamaged });

  it('catches up after the start, then does its work once a night', async () => {
    const maintenance = playedMaintenance({ backupCode: 'OK' });
    const care = careOf(maintenance);
    care.start();
    await desk.clock.advance(3 * 60_000);
    expect(maintenance.asked).toEqual(['full check', 'backup', 'drill']);
    await desk.clock.advance(24 * hourMs);
    expect(maintenance.asked.slice(3)).toEqual(['check', 'backup']);
    await desk.clock.advance(24 * hourMs);
    expect(maintenance.asked.slice(5)).toEqual(['check', 'backup']);
    expect(findNewestCareRun(desk.db, 'backup')).toMatchObject({ code: 'OK', detail: { auditRows: 1 } });
    care.stop();
  }, 60_000);

  it('a copy that failed is told, and tried again after an hour', async () => {
    const plan = { backupCode: 'DISK_FULL' };
    const maintenance = playedMaintenance(plan);
    const care = careOf(maintenance);
    care.start();
    await desk.clock.advance(30 * 60_000);
    expect(maintenance.asked).toEqual(['full check', 'backup']);
    expect(findNewestCareRun(desk.db, 'backup')?.code).toBe('DISK_FULL');
    plan.backupCode = 'OK';
    await desk.clock.advance(60 * 60_000);
    expect(maintenance.asked.slice(2)).toEqual(['backup', 'drill']);
    care.stop();
  });

  it('damage that it finds ends the desk into the recovery, and nothing more is written', async () => {
    const told: string[] = [];
    const care = careOf(playedMaintenance({ backupCode: 'DATABASE_DAMAGED' }), (code) => told.push(code));
    expect(await care.backUp()).toMatchObject({ ok: false, failure: { code: 'DATABASE_DAMAGED' } });
    expect(told).toEqual(['DATABASE_DAMAGED']);
    expect(findNewestCareRun(desk.db, 'backup')).toBeUndefined();
    care.stop();
    expect(listBackups(own().file)).toEqual([]);
  });
});
