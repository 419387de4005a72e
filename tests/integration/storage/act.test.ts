import { afterEach, describe, expect, it } from 'vitest';
import { fail, succeed } from '../../../src/shared/platform/result.ts';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { createTestDesk, testActor, type TestDesk } from '../../support/test-desk.ts';

let desk: TestDesk;
afterEach(() => desk.close());

const withdraw = (key: string): CommandDraft => ({
  kind: 'application.withdraw',
  payload: { applicationId: key, reason: 'sınaq' },
  aggregate: { type: 'application', key },
  baseRev: 1,
  leaseToken: 0,
});

describe('an act', () => {
  it('commits domain row, command, audit row and remembered id together', async () => {
    desk = await createTestDesk();
    const key = desk.random.uuid();
    const request = { commandId: desk.random.uuid(), operation: 'test.withdraw', actor: testActor, input: { key } };
    let decisions = 0;
    const perform = () =>
      desk.acts.perform(request, (tx) => {
        decisions += 1;
        tx.run("INSERT INTO settings(name, value) VALUES ('domain', @key)", { key });
        return succeed({
          value: { done: key },
          audit: { act: 'test.withdraw', applicationId: key, detail: { reason: 'x' } },
          outbox: [withdraw(key), withdraw(key)],
          events: [{ type: 'session.changed' as const }],
        });
      });
    expect(perform()).toEqual({ ok: true, value: { done: key } });
    expect(perform()).toEqual({ ok: true, value: { done: key } });
    expect(decisions).toBe(1);
    expect(desk.events).toEqual([{ type: 'session.changed' }]);
    const rows = desk.db.all('SELECT desk_seq, command_id, envelope FROM outbox JOIN outbox_envelopes USING (seq) ORDER BY seq');
    expect(rows.map((row) => row['desk_seq'])).toEqual([1, 2]);
    const [first, second] = rows.map((row) => JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString()) as Record<string, unknown>);
    expect(first).toMatchObject({ command_id: request.commandId, after: '', audit_seq: 1 });
    expect(second).toMatchObject({ after: request.commandId });
    await expect(verifyAudit(desk.db, desk.identity.deskId)).resolves.toMatchObject({ rows: 1, firstBadSeq: null });
  });

  it('writes nothing when it is refused, and refuses the same id with another input', async () => {
    desk = await createTestDesk();
    const commandId = desk.random.uuid();
    const request = { commandId, operation: 'test', actor: testActor, input: 1 };
    const refused = desk.acts.perform(request, (tx) => {
      tx.run("INSERT INTO settings(name, value) VALUES ('domain', 'x')");
      return fail('CONFLICT');
    });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'CONFLICT' } });
    expect(desk.db.all('SELECT name FROM settings')).toEqual([]);
    expect(desk.db.all('SELECT seq FROM audit')).toEqual([]);
    desk.acts.perform(request, () => succeed({ value: null, audit: { act: 'test', detail: {} } }));
    expect(desk.acts.perform({ ...request, input: 2 }, () => succeed({ value: null, audit: { act: 'test', detail: {} } }))).toMatchObject({
      ok: false,
      failure: { code: 'COMMAND_REUSED' },
    });
  });

  it('keeps everything over a restart', async () => {
    desk = await createTestDesk();
    desk.acts.record(testActor, () => ({ value: undefined, audit: { act: 'test', detail: { n: 1 } } }));
    desk.stop();
    desk = await createTestDesk({ restartOf: desk });
    desk.acts.record(null, () => ({ value: undefined, audit: { act: 'test', detail: { n: 2 } } }));
    await expect(verifyAudit(desk.db, desk.identity.deskId)).resolves.toMatchObject({ rows: 2, firstBadSeq: null });
  });

  it('reports a full disk, keeps nothing of the act, and takes it when there is room again', async () => {
    desk = await createTestDesk();
    const pages = Number(desk.db.get('PRAGMA page_count')?.['page_count']);
    desk.db.get(`PRAGMA max_page_count = ${pages}`);
    const request = { commandId: desk.random.uuid(), operation: 'test', actor: testActor, input: 1 };
    const act = () =>
      desk.acts.perform(request, (tx) => {
        for (let index = 0; index < 20; index += 1) {
          tx.run('INSERT INTO settings(name, value) VALUES (@name, @value)', { name: `big${index}`, value: 'x'.repeat(2000) });
        }
        return succeed({ value: 1, audit: { act: 'test', detail: {} } });
      });
    expect(act()).toEqual({ ok: false, failure: { code: 'DISK_FULL', params: {}, retryable: true } });
    expect(desk.db.all('SELECT name FROM settings')).toEqual([]);
    expect(act()).toEqual({ ok: true, value: 1 });
  });

  it('leaves the audit rows alone: update and delete abort', async () => {
    desk = await createTestDesk();
    desk.acts.record(null, () => ({ value: undefined, audit: { act: 'test', detail: {} } }));
    expect(() => desk.db.transact((tx) => tx.run("UPDATE audit SET act = 'other'"))).toThrow(/append-only/);
    expect(() => desk.db.transact((tx) => tx.run('DELETE FROM audit'))).toThrow(/append-only/);
  });
});
