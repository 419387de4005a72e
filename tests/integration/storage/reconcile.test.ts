import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { backUpDatabase } from '../../../src/core/storage/recovery/backups.ts';
import { restoreDatabase } from '../../../src/core/storage/recovery/restore.ts';
import { findNewestRestoration } from '../../../src/core/storage/repositories/storage-care-repository.ts';
import type { DeskCredentials, RunningRegistry } from '../../../src/registry/index.ts';
import { openRealDesk, realOfficeId, startRealRegistry, until, type RealDesk } from '../../support/real-desk.ts';

let registry: RunningRegistry;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ registry, stop } = await startRealRegistry());
});
afterAll(() => stop());

const withdraw = (): CommandDraft => {
  const key = crypto.randomUUID();
  return {
    kind: 'application.withdraw',
    payload: { applicationId: key, reason: 'sınaq' },
    aggregate: { type: 'application', key },
    baseRev: null,
    leaseToken: 0,
  };
};
const queued = (desk: RealDesk): number => Number(desk.db.get('SELECT count(*) AS n FROM outbox WHERE state = 0')?.['n']);
const idle = (desk: RealDesk): Promise<void> => until(() => queued(desk) === 0, 'an empty queue');

describe('after a restore the desk and the registry agree again', () => {
  let credentials: DeskCredentials;
  let folder: string;
  const keyHex = randomBytes(32).toString('hex');
  const target = () => ({ file: path.join(folder, 'desk.db'), keyHex, deskId: credentials.deskId });

  const open = (): Promise<RealDesk> => openRealDesk(registry, credentials, { folder, keyHex });

  async function workAndRestore(
    deskId: string,
    take: 'acts' | 'nothing',
    afterBackup: (desk: RealDesk) => Promise<void>,
  ): Promise<string[]> {
    credentials = await registry.provisionDesk({ deskId, officeId: realOfficeId });
    folder = mkdtempSync(path.join(tmpdir(), 'qeyd-reconcile-'));
    const desk = await open();
    const before = Array.from({ length: 5 }, () => desk.act({ outbox: [withdraw()] }));
    await idle(desk);
    // Two that the copy holds as waiting, though they are answered before it is used.
    await registry.setFaults({ isUnreachable: true });
    before.push(desk.act({ outbox: [withdraw()] }), desk.act({ outbox: [withdraw()] }));
    const copy = await backUpDatabase(target(), { nowMs: Date.now(), freeAfterBytes: 0 });
    if (!copy.ok) throw new Error(copy.failure.code);
    await registry.setFaults({});
    await desk.worker.sendNow();
    await idle(desk);
    await afterBackup(desk);
    await desk.close();
    const restored = await restoreDatabase({
      ...target(),
      nowMs: Date.now(),
      from: { backup: copy.value.file },
      cause: 'asked',
      take,
      byLogin: 'nigar',
    });
    if (!restored.ok) throw new Error(restored.failure.code);
    return before;
  }

  it('what the registry has and the desk does not is known history; what waits gets its stored answer; new acts go on', async () => {
    const after: string[] = [];
    await workAndRestore('desk-r1', 'nothing', async (desk) => {
      after.push(...Array.from({ length: 4 }, () => desk.act({ outbox: [withdraw()] })));
      await idle(desk);
    });
    const desk = await open();
    desk.act({ outbox: [withdraw()] });
    await idle(desk);
    expect(await desk.history.tryNow()).toBe(true);
    expect(findNewestRestoration(desk.db)).toMatchObject({ deskEpoch: 2, reconciliation: { known: 12, unknownHere: 4, lost: 0 } });
    const history = desk.db.all('SELECT command_id, outcome FROM registry_history ORDER BY command_id');
    expect(history.map((row) => row['command_id'])).toEqual(after.toSorted());
    const states = desk.db.all('SELECT o.state, r.command_id FROM outbox o LEFT JOIN receipts r ON r.command_id = o.command_id');
    expect(states.every((row) => row['state'] !== 0 && row['command_id'] !== null)).toBe(true);
    expect(desk.worker.link().state).toBe('online');
    expect((await verifyAudit(desk.db, credentials.deskId)).firstBadSeq).toBeNull();
    expect(desk.db.all("SELECT act FROM audit WHERE act LIKE 'storage.%' ORDER BY seq").map((row) => row['act'])).toEqual([
      'storage.restored',
      'storage.reconciled',
    ]);
    await desk.remove();
  });

  it('acts that never left the desk are sent in the new life, each once', async () => {
    let unsent = '';
    await workAndRestore('desk-r2', 'acts', async (desk) => {
      await registry.setFaults({ isUnreachable: true });
      unsent = desk.act({ outbox: [withdraw()] });
    });
    await registry.setFaults({});
    const desk = await open();
    desk.act({ outbox: [withdraw()] });
    await idle(desk);
    expect(await desk.history.tryNow()).toBe(true);
    expect(findNewestRestoration(desk.db)?.reconciliation).toMatchObject({ unknownHere: 0, lost: 0 });
    const row = desk.db.get('SELECT epoch, state FROM outbox WHERE command_id = @unsent', { unsent });
    expect(row).toMatchObject({ epoch: 2 });
    expect(row?.['state']).not.toBe(0);
    const counted = desk.db.get('SELECT count(*) AS n, count(DISTINCT command_id) AS different FROM outbox');
    expect(counted?.['n']).toBe(counted?.['different']);
    await desk.remove();
  });

  it('the copy that goes on in the old life is shut out', async () => {
    await workAndRestore('desk-r3', 'nothing', async (desk) => {
      desk.act({ outbox: [withdraw()] });
      await idle(desk);
    });
    const desk = await open();
    desk.act({ outbox: [withdraw()] });
    await idle(desk);
    const clone = mkdtempSync(path.join(tmpdir(), 'qeyd-clone-'));
    const [aside] = readdirSync(path.join(folder, 'aside'));
    cpSync(path.join(folder, 'aside', aside ?? ''), clone, { recursive: true });
    const twin = await openRealDesk(registry, credentials, { folder: clone, keyHex });
    twin.act({ outbox: [withdraw()] });
    await until(() => twin.worker.link().state === 'frozen', 'the copy is frozen');
    await twin.close();
    rmSync(clone, { recursive: true, force: true });
    expect(desk.worker.link().state).toBe('online');
    await desk.remove();
  });

  it('a desk is shown its own commands only', async () => {
    const mine = await registry.provisionDesk({ deskId: 'desk-r4', officeId: realOfficeId });
    const dispatcher = new Agent({ connect: { ca: mine.registryCaPem, cert: mine.certificatePem, key: mine.privateKeyPem } });
    const ask = async (deskId: string): Promise<number> => {
      const answer = await request(new URL(`/v1/desks/${deskId}/commands?epoch=1&after_seq=0`, registry.url), { dispatcher });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect([await ask('desk-r4'), await ask('desk-r1')]).toEqual([200, 403]);
    await dispatcher.close();
  });
});
