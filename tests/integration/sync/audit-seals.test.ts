import { afterAll, beforeAll, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { createFileSealKeys } from '../../../src/core/audit/seal-keys.ts';
import { createSealer } from '../../../src/core/audit/sealer.ts';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import { loadSqlite } from '../../../src/core/storage/native.ts';
import { systemRandomness } from '../../../src/core/platform/randomness.ts';
import { openRealDesk, realOfficeId, startRealRegistry, until, type RealDesk } from '../../support/real-desk.ts';

let real: Awaited<ReturnType<typeof startRealRegistry>>;
beforeAll(async () => {
  real = await startRealRegistry();
}, 30_000);
afterAll(() => real.stop());

const keyHex = '3e'.repeat(32);
const draft = (): CommandDraft => {
  const key = systemRandomness.uuid();
  return {
    kind: 'application.withdraw',
    payload: { applicationId: key, reason: 'sınaq' },
    aggregate: { type: 'application', key },
    baseRev: null,
    leaseToken: 0,
  };
};
const sealAll = (desk: RealDesk): void => createSealer(desk.desk, createFileSealKeys(path.join(desk.folder, 'desk.db'), keyHex)).stop();
const send = async (desk: RealDesk): Promise<void> => {
  desk.act({ outbox: [draft()] });
  await until(
    () => desk.db.get('SELECT 1 FROM outbox WHERE state = 0') === undefined || desk.worker.exchange.frozen() !== null,
    'an answer',
  );
};
const countersigned = (desk: RealDesk): number => Number(desk.db.get('SELECT coalesce(max(no), 0) AS n FROM audit_seal_anchor')?.['n']);

it('fault 29: the newest seal travels with every batch and is countersigned; a desk that makes its seals anew is refused', async () => {
  const credentials = await real.registry.provisionDesk({ deskId: 'telim-1-seal', officeId: realOfficeId });
  const desk = await openRealDesk(real.registry, credentials, { keyHex });
  await send(desk);
  sealAll(desk);
  await send(desk);
  expect(countersigned(desk)).toBe(1);
  // More seals than one batch shows, and more than one at once.
  for (let n = 0; n < 25; n += 1) {
    desk.desk.acts.record(null, () => ({ value: undefined, audit: { act: 'test', detail: {} } }));
    sealAll(desk);
  }
  await send(desk);
  await send(desk);
  expect(countersigned(desk)).toBe(26);
  const verdict = await verifyAudit(desk.db, credentials.deskId);
  expect(verdict).toMatchObject({ firstBadSeq: null, seals: 26 });
  expect(verdict.countersignedUptoSeq).toBeGreaterThan(0);

  // Whoever took the machine makes a whole new journal of seals, with a key of his own.
  desk.db.transact((tx) => {
    for (const name of ['audit_seal', 'audit_seal_anchor']) {
      tx.run(`DROP TRIGGER ${name}_stays`);
      tx.run(`DELETE FROM ${name}`);
    }
  });
  rmSync(path.join(desk.folder, 'desk.db.seal-key'));
  sealAll(desk);
  expect((await verifyAudit(desk.db, credentials.deskId)).firstBadSeq).toBeNull();
  await send(desk);
  expect(desk.worker.exchange.frozen()?.code).toBe('AUDIT_FORK');
  await desk.remove();
}, 30_000);

it('fault 26: a registry that has lost its newest seals asks for them and countersigns them again', async () => {
  const credentials = await real.registry.provisionDesk({ deskId: 'telim-1-lost', officeId: realOfficeId });
  const desk = await openRealDesk(real.registry, credentials, { keyHex });
  const sealMore = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      desk.desk.acts.record(null, () => ({ value: undefined, audit: { act: 'test', detail: {} } }));
      sealAll(desk);
    }
  };
  sealMore(30);
  for (let n = 0; n < 3; n += 1) await send(desk);
  expect(countersigned(desk)).toBe(30);
  const native = await loadSqlite();
  if (!native.ok) throw new Error(native.code);
  const base = new native.Sqlite(path.join(real.folder, 'registry.sqlite'));
  const lost = base.prepare('DELETE FROM audit_seal WHERE desk_id = ? AND no > 4').run(credentials.deskId);
  const known = (): number =>
    (base.prepare('SELECT max(no) AS n FROM audit_seal WHERE desk_id = ?').get(credentials.deskId) as { n: number }).n;
  expect([lost.changes, known()]).toEqual([26, 4]);
  sealMore(1);
  for (let n = 0; n < 4; n += 1) await send(desk);
  expect([known(), countersigned(desk)]).toEqual([31, 31]);
  expect(desk.worker.exchange.frozen()).toBeNull();
  base.close();
  await desk.remove();
}, 30_000);
