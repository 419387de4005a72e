import { createPublicKey, verify } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditAnchorText, type AuditAnchor } from '../../../src/shared/registry-api/audit-anchor.ts';
import type { DeskEpoch } from '../../../src/shared/registry-api/desk-epoch.ts';
import type { ChangesPage, RegistryInfo } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandResult, Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { policyText, signedPolicySchema, type SignedPolicy } from '../../../src/shared/registry-api/policy.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { refusalOf, type Answer, type TestDesk } from './test-desk.ts';

interface Pushed {
  readonly code: string;
  readonly detail: string;
  readonly results: CommandResult[];
  readonly audit_anchor: AuditAnchor;
  readonly policy: SignedPolicy;
}

describe('policy, quota and the lives of a desk', () => {
  let running: TestRegistry;

  beforeAll(async () => {
    running = await runRegistry({ quota: { requestsAtOnce: 100, requestsPerS: 1, commandsAtOnce: 60, commandsPerS: 5 } });
  });
  afterAll(() => running.stop());

  const push = (by: TestDesk, commands: readonly Envelope[]): Promise<Answer<Pushed>> => by.call('POST', '/v1/sync/commands', { commands });
  const refusal = (by: TestDesk, override: Partial<Envelope> = {}) => refusalOf(by, { desk_seq: by.nextSeq(), ...override });
  const receiptKeyOf = async (by: TestDesk) => {
    const { receipt_key } = (await by.call<RegistryInfo>('GET', '/v1/registry')).body;
    return createPublicKey({ key: Buffer.from(receipt_key, 'base64'), format: 'der', type: 'spki' });
  };
  const isSigned = async (by: TestDesk, text: string, sig: string) =>
    verify(null, Buffer.from(text), await receiptKeyOf(by), Buffer.from(sig, 'base64url'));

  describe('the policy', () => {
    it('is signed, stands in every answer and changes for all desks at once, under a higher version', async () => {
      const desk = await running.enrol('desk-policy');
      const first = signedPolicySchema.parse((await desk.call<RegistryInfo>('GET', '/v1/registry')).body.policy);
      const { sig, ...signed } = first;
      expect(await isSigned(desk, policyText(signed), sig)).toBe(true);
      expect(first).toMatchObject({ batch: 50, maxOfflineHours: 72, maxOfflineCommands: 1000, minFreeBytes: 1024 ** 3 });
      const changed = await running.registry.setPolicy({ poll_s: 7, reconnect_spread_s: 120 });
      expect(changed.version).toBeGreaterThan(first.version);
      expect((await push(desk, [refusal(desk)])).body.policy).toEqual(changed);
      expect((await desk.call<ChangesPage>('GET', '/v1/sync/changes')).body.policy).toEqual(changed);
    });

    it('a batch above the policy is 413 before anything of it is read, one command always fits', async () => {
      const desk = await running.enrol('desk-batch');
      await running.registry.setPolicy({ batch: 2 });
      const commands = [refusal(desk), refusal(desk), refusal(desk)];
      expect(await push(desk, commands)).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
      expect((await desk.call('POST', '/v1/sync/commands', { commands: [1, 2, 3] })).status).toBe(413);
      expect((await push(desk, commands.slice(0, 2))).status).toBe(200);
      await running.registry.setPolicy({ batch: 50 });
      expect((await push(desk, commands)).status).toBe(200);
    });

    it('a program that is too old is told so and nothing of its commands happens', async () => {
      const desk = await running.enrol('desk-old');
      await running.registry.setPolicy({ min_app: '0.2.0' });
      const command = refusal(desk);
      expect(await push(desk, [command])).toMatchObject({ status: 426, body: { code: 'APP_TOO_OLD', detail: '0.2.0' } });
      expect((await desk.call('GET', '/v1/sync/changes')).status).toBe(200);
      await running.registry.setPolicy({ min_app: '0.1.0' });
      expect((await push(desk, [command])).body.results[0]?.result.outcome).toBe('applied');
    });
  });

  it('fault 17: a desk beyond its quota is told when to come again, and another is served meanwhile', async () => {
    const desk = await running.enrol('desk-wild');
    const other = await running.enrol('desk-calm');
    const batch = () => Array.from({ length: 50 }, () => refusal(desk));
    const kept = batch();
    expect((await push(desk, batch())).status).toBe(200);
    const refused = await push(desk, kept);
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY' } });
    const retryAfterS = Number(refused.headers['retry-after']);
    expect(retryAfterS).toBeGreaterThanOrEqual(1);
    expect(retryAfterS).toBeLessThanOrEqual(10);
    expect((await push(other, [refusal(other)])).status).toBe(200);
    for (let asked = 0; asked < 110; asked += 1) {
      const answer = await desk.call('GET', '/v1/registry');
      if (answer.status === 200) continue;
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
      return;
    }
    expect.unreachable('The quota of requests was never reached.');
  });

  describe('the audit chain', () => {
    const head = (letter: string) => letter.repeat(64);

    it('I-10: the highest head that a desk has shown is countersigned, and stays when an older command comes late', async () => {
      const desk = await running.enrol('desk-chain');
      const older = refusal(desk, { audit_seq: 5, audit_head: head('5') });
      const newer = refusal(desk, { audit_seq: 9, audit_head: head('9') });
      const { audit_anchor: anchor } = (await push(desk, [newer])).body;
      expect(anchor).toMatchObject({ desk_id: 'desk-chain', epoch: 1, seq: 9, head: head('9') });
      const { sig, ...signed } = anchor;
      expect(await isSigned(desk, auditAnchorText(signed), sig)).toBe(true);
      expect((await push(desk, [older])).body.audit_anchor).toEqual(anchor);
      expect((await push(desk, [newer])).body.audit_anchor).toEqual(anchor);
    });

    it('fault 29: another head for a countersigned row is a fork, also within one batch, and nothing of the request happens', async () => {
      const desk = await running.enrol('desk-rewritten');
      await push(desk, [refusal(desk, { audit_seq: 3, audit_head: head('a') })]);
      const rewritten = refusal(desk, { audit_seq: 3, audit_head: head('b') });
      const innocent = refusal(desk, { audit_seq: 4, audit_head: head('c') });
      expect(await push(desk, [innocent, rewritten])).toMatchObject({ status: 409, body: { code: 'AUDIT_FORK', detail: '1/3' } });
      expect((await push(desk, [innocent])).body.results[0]?.result.outcome).toBe('applied');
      const two = [refusal(desk, { audit_seq: 8, audit_head: head('d') }), refusal(desk, { audit_seq: 8, audit_head: head('e') })];
      expect(await push(desk, two)).toMatchObject({ status: 409, body: { code: 'AUDIT_FORK' } });
    });
  });

  describe('a restored desk', () => {
    const raise = (by: TestDesk, body: object) =>
      by.call<DeskEpoch & { code: string }>('POST', '/v1/desk/epoch', { cause: 'restored', ...body });

    it('fault 25: begins its next life once, under a head that the registry signed, and shuts out its copy', async () => {
      const desk = await running.enrol('desk-restored');
      const known = refusal(desk);
      const { audit_anchor: anchor } = (await push(desk, [known])).body;
      expect(await raise(desk, { raise_id: uuidv7(), from_epoch: 1, audit_anchor: null })).toMatchObject({
        status: 409,
        body: { code: 'AUDIT_FORK' },
      });
      const forged = { ...anchor, head: '1'.repeat(64) };
      expect(await raise(desk, { raise_id: uuidv7(), from_epoch: 1, audit_anchor: forged })).toMatchObject({
        status: 409,
        body: { code: 'AUDIT_FORK' },
      });

      const request = { raise_id: uuidv7(), from_epoch: 1, audit_anchor: anchor };
      const raised = await raise(desk, request);
      expect(raised).toMatchObject({ status: 200, body: { desk_id: 'desk-restored', epoch: 2, last_seq: 0, audit_anchor: anchor } });
      expect((await raise(desk, request)).body).toEqual(raised.body);
      expect((await desk.call<DeskEpoch>('GET', '/v1/desk/epoch')).body).toEqual(raised.body);

      // What the copy does under the old life is refused; what is on record keeps its answer; what was queued goes under the new life.
      const stray = refusal(desk);
      expect(await push(desk, [stray])).toMatchObject({ status: 409, body: { code: 'DESK_FORK' } });
      expect((await push(desk, [known])).body.results[0]?.result.outcome).toBe('applied');
      const { sig: _sig, ...unsigned } = stray;
      const again = desk.sign({ ...unsigned, desk_epoch: 2, desk_seq: 1 });
      expect((await push(desk, [again])).body.results[0]?.result.outcome).toBe('applied');
      expect((await raise(desk, request)).body).toMatchObject({ epoch: 2, last_seq: 1 });
      // A second restoration, of whatever copy, is a third life.
      expect((await raise(desk, { raise_id: uuidv7(), from_epoch: 1, audit_anchor: anchor })).body.epoch).toBe(3);
      expect(await push(desk, [refusal(desk, { desk_epoch: 2, desk_seq: 2 })])).toMatchObject({ status: 409, body: { code: 'DESK_FORK' } });
    });

    it('one that had no link counts on by itself, and its first command begins that life', async () => {
      const desk = await running.enrol('desk-alone');
      await push(desk, [refusal(desk)]);
      expect((await push(desk, [refusal(desk, { desk_epoch: 2, desk_seq: 1 })])).status).toBe(200);
      expect((await desk.call<DeskEpoch>('GET', '/v1/desk/epoch')).body).toMatchObject({ epoch: 2, last_seq: 1 });
      expect(await push(desk, [refusal(desk, { desk_seq: 2 })])).toMatchObject({ status: 409, body: { code: 'DESK_FORK' } });
    });
  });
});
