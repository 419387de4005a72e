import { createPublicKey, verify } from 'node:crypto';
import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from '../../../src/registry/intake/canonical.ts';
import { provisionDesk, provisionRegistry } from '../../../src/registry/index.ts';
import type { SimAnswer } from '../../../src/shared/registry-api/endpoints.ts';
import type { CommandPayload, CommandResult, Envelope, Receipt } from '../../../src/shared/registry-api/envelope.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { activation, dataOf, sendAndSign, submission, TestDesk } from './test-desk.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

function refusal(applicationId = uuidv7()): CommandPayload<'application.refuse'> {
  return {
    applicationId,
    reasonCode: 'M-06',
    note: '',
    invalidityNote: true,
    returnedDocuments: [{ document: 'D-02', note: '' }],
    summary: { category: 'K1', fin: 'QYD0099', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  };
}

describe('command intake', () => {
  let running: TestRegistry;
  let desk: TestDesk;
  let other: TestDesk;

  beforeAll(async () => {
    running = await runRegistry();
    desk = await running.enrol('desk-1');
    other = await running.enrol('desk-2');
  });
  afterAll(() => running.stop());

  const refuse = (by: TestDesk, override: Partial<Envelope> = {}, applicationId?: string) =>
    by.command('application.refuse', refusal(applicationId), 'leyla', { desk_seq: by.nextSeq(), ...override });
  const post = (by: TestDesk, commands: Envelope[]) =>
    by.call<{ code: string; results: CommandResult[] }>('POST', '/v1/sync/commands', { commands });

  describe('who may speak', () => {
    it('a desk without a certificate hears that and is cut off', async () => {
      const url = new URL(running.registry.url);
      const outcome = await new Promise<string>((resolve) => {
        const socket = connect(
          { host: url.hostname, port: Number(url.port), ca: readFileSync(running.registry.ca.tlsCa), servername: 'localhost' },
          () => {
            socket.write('GET /v1/registry HTTP/1.1\r\nhost: localhost\r\n\r\n');
          },
        );
        let heard = '';
        socket.on('data', (piece: Buffer) => (heard += piece.toString('utf8')));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve(heard);
        });
      });
      expect(outcome).toMatch(/^HTTP\/1\.1 403 /u);
      expect(outcome).toContain('{"code":"DESK_CERTIFICATE_MISSING","detail":""}');
    });

    it('TLS 1.2 is not spoken', async () => {
      const url = new URL(running.registry.url);
      const { certificatePem: cert, privateKeyPem: key, registryCaPem: ca } = desk.credentials;
      const error = await new Promise<Error>((resolve) => {
        connect({ host: url.hostname, port: Number(url.port), ca, cert, key, maxVersion: 'TLSv1.2' }).on('error', resolve);
      });
      expect(error.message).toMatch(/protocol version|alert/iu);
    });

    it('a certificate of another desk authority is named as such, one of an unknown desk is DESK_UNKNOWN', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'other-registry-'));
      await provisionRegistry(folder);
      const stranger = new TestDesk(running.registry, {
        ...(await provisionDesk(folder, { deskId: 'desk-1', officeId: 'telim-1' })),
        registryCaPem: desk.credentials.registryCaPem,
      });
      expect(await stranger.call('GET', '/v1/registry')).toMatchObject({ status: 403, body: { code: 'DESK_CERTIFICATE_UNKNOWN' } });
      await stranger.close();
      rmSync(folder, { recursive: true });

      const forgotten = await running.enrol('desk-forgotten');
      rmSync(path.join(running.folder, 'desks', 'desk-forgotten.json'));
      expect(await forgotten.call('GET', '/v1/registry')).toMatchObject({ status: 403, body: { code: 'DESK_UNKNOWN' } });
    });

    it('a command of another desk, a forged one and one with another payload are refused whole', async () => {
      const foreign = refuse(desk, { desk_id: 'desk-2', desk_seq: 99 });
      expect(await post(desk, [foreign])).toMatchObject({ status: 403, body: { code: 'DESK_MISMATCH' } });
      const genuine = refuse(desk, { desk_seq: 1 });
      expect(await post(desk, [{ ...genuine, occurred_at_ms: 1 }])).toMatchObject({ status: 403, body: { code: 'SIGNATURE_INVALID' } });
      const { sig: _sig, ...unsigned } = genuine;
      const swapped = desk.sign({ ...unsigned, payload: refusal() });
      expect(await post(desk, [swapped])).toMatchObject({ status: 403, body: { code: 'PAYLOAD_HASH_INVALID' } });
      expect(await desk.call('GET', '/v1/register/day?on=2026-01-01')).toMatchObject({ status: 200, body: { commandIds: [] } });
    });

    it('an operator without the role, and one whom nobody knows, change nothing', async () => {
      const byAuditor = await running.enrol('desk-roles');
      const results = await byAuditor.push([
        byAuditor.command('application.refuse', refusal(), 'sevda', { desk_seq: 1 }),
        byAuditor.command('application.refuse', refusal(), 'nobody', { desk_seq: 2 }),
        byAuditor.command('application.refuse', refusal(), 'sevda', {
          desk_seq: 3,
          actor: {
            operator_id: '0192f000-0000-7000-8000-000000000005',
            login: 'sevda',
            role: 'registrar',
            auth_method: 'password_online',
            session_id: 's',
          },
        }),
      ]);
      expect(results.map((each) => each.result)).toMatchObject([
        { outcome: 'rejected', code: 'ROLE_NOT_ALLOWED' },
        { outcome: 'rejected', code: 'OPERATOR_UNKNOWN' },
        { outcome: 'rejected', code: 'ROLE_NOT_HELD' },
      ]);
    });
  });

  describe('one command, one effect', () => {
    it('the same command again gets the stored answer with the same receipt', async () => {
      const by = await running.enrol('desk-replay');
      const command = refuse(by);
      const [first] = await by.push([command]);
      const [again] = await by.push([command]);
      expect(again).toEqual(first);
      expect(first?.result).toMatchObject({ outcome: 'applied', rev: 1, state: 'REFUSED' });
    });

    it('the receipt is signed over the canonical result with the published key', async () => {
      const info = await desk.call<{ receipt_key: string }>('GET', '/v1/registry');
      const key = createPublicKey({ key: Buffer.from(info.body.receipt_key, 'base64'), format: 'der', type: 'spki' });
      const by = await running.enrol('desk-receipt');
      const [answer] = await by.push([refuse(by)]);
      const { sig, ...proven } = answer?.receipt as Receipt;
      expect(verify(null, Buffer.from(canonicalJson(proven)), key, Buffer.from(sig, 'base64url'))).toBe(true);
      expect(proven).toMatchObject({ desk_id: 'desk-receipt', result_sha256: sha256Hex(canonicalJson(answer?.result)) });
    });

    it('the same id for something else is refused and nothing of its batch happens', async () => {
      const by = await running.enrol('desk-fingerprint');
      const command = refuse(by);
      await by.push([command]);
      const companion = refuse(by);
      const changed = by.command('application.refuse', { ...refusal(command.aggregate.key), note: 'başqa' }, 'leyla', {
        command_id: command.command_id,
        desk_seq: command.desk_seq,
      });
      expect(await post(by, [companion, changed])).toMatchObject({ status: 422, body: { code: 'FINGERPRINT_MISMATCH' } });
      expect((await by.push([companion]))[0]?.result.outcome).toBe('applied');
    });

    it('places of the outbox may be taken out of order, but each once: a second taker is a fork', async () => {
      const by = await running.enrol('desk-places');
      expect((await by.push([refuse(by, { desk_seq: 2 }), refuse(by, { desk_seq: 1 })])).map((each) => each.result.outcome)).toEqual([
        'applied',
        'applied',
      ]);
      expect(await post(by, [refuse(by, { desk_seq: 3 }), refuse(by, { desk_seq: 2 })])).toMatchObject({
        status: 409,
        body: { code: 'DESK_FORK' },
      });
      expect((await by.push([refuse(by, { desk_seq: 1, desk_epoch: 2 })]))[0]?.result.outcome).toBe('applied');
    });

    it('a lost answer to an issuance never makes a second certificate', async () => {
      const send = desk.command('application.send', submission(dataOf({ fin: 'QYD0008', phone: '+994770000008' })), 'leyla');
      await desk.setFaults({ loseAnswers: 1 });
      await expect(desk.intent(send)).rejects.toThrow();
      const found = await desk.intent(send);
      expect(found.result).toMatchObject({ outcome: 'applied', certificates: [{ kind: 'AUT' }, { kind: 'PER' }] });
      const sim = await desk.call<SimAnswer>('POST', '/v1/lookups/sim', { queryId: uuidv7(), phone: '+994770000008', iccid: '' });
      expect(sim.body.sim?.certificates).toHaveLength(2);
    });

    it('the same intent eight times at once issues once', async () => {
      const send = desk.command(
        'application.send',
        submission(dataOf({ fin: 'QYD0009', phone: '+994990000009', kinds: ['STA'], category: 'K5', voen: '0000001741' })),
        'leyla',
      );
      const answers = await Promise.all(Array.from({ length: 8 }, () => desk.intent(send)));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(answers[0]?.result).toMatchObject({ outcome: 'applied', certificates: [{ kind: 'AUT' }, { kind: 'PER' }, { kind: 'STA' }] });
    });

    it('a payload that breaks its schema is invalid, keeps its place and has no receipt', async () => {
      const by = await running.enrol('desk-invalid');
      const payload = { ...refusal(), reasonCode: 7 };
      const broken = by.command('application.refuse', payload as never, 'leyla', { desk_seq: by.nextSeq() });
      const next = refuse(by);
      expect(await by.push([broken, next])).toMatchObject([
        { result: { outcome: 'invalid', code: 'PAYLOAD_INVALID' }, receipt: null },
        { result: { outcome: 'applied' } },
      ]);
    });
  });

  describe('order and conflicts', () => {
    it('a predecessor without an answer blocks its own aggregate only, a refused one blocks nothing', async () => {
      const by = await running.enrol('desk-order');
      const missing = uuidv7();
      const held = refuse(by, { after: missing });
      const free = refuse(by);
      expect((await by.push([held, free])).map((each) => each.result)).toMatchObject([
        { outcome: 'blocked', by: missing },
        { outcome: 'applied' },
      ]);
      const repeated = by.command('application.withdraw', { applicationId: free.aggregate.key, reason: 'x' }, 'leyla', {
        desk_seq: by.nextSeq(),
        after: free.command_id,
        base_rev: 1,
      });
      const remark = by.command(
        'register.correct',
        { applicationId: free.aggregate.key, actCommandId: free.command_id, note: 'düzəldildi' },
        'leyla',
        { desk_seq: by.nextSeq(), after: repeated.command_id, base_rev: 1 },
      );
      expect((await by.push([repeated, remark])).map((each) => each.result)).toMatchObject([
        { outcome: 'rejected', code: 'STATE' },
        { outcome: 'applied', rev: 2 },
      ]);
    });

    it('an act on a revision that is no longer the last is a conflict and tells the present state', async () => {
      const { applicationId } = await sendAndSign(desk, dataOf({ fin: 'QYD0010', phone: '+994500000010' }));
      const late = desk.command('application.withdraw', { applicationId, reason: 'imtina' }, 'leyla', {
        desk_seq: desk.nextSeq(),
        base_rev: 1,
        lease_token: 1,
      });
      expect((await desk.push([late]))[0]?.result).toMatchObject({
        outcome: 'conflict',
        rev: 2,
        fields: ['rev'],
        current: { state: 'CERT_PRINTED' },
      });
      const informed = desk.command('application.withdraw', { applicationId, reason: 'imtina' }, 'leyla', {
        desk_seq: desk.nextSeq(),
        base_rev: 2,
        lease_token: 1,
      });
      expect((await desk.push([informed]))[0]?.result).toMatchObject({ outcome: 'applied', state: 'WITHDRAWN' });
    });

    it('fault 20: an act that was refused for who did it proves no knowledge of the case to the act that follows it', async () => {
      const by = await running.enrol('desk-unread');
      const { applicationId } = await sendAndSign(desk, dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
      const lease = (from: TestDesk, release = false) =>
        from.call<{ token: number }>('POST', '/v1/leases', { applicationId, release, operatorLogin: 'leyla' });
      await lease(desk, true);
      const held = await lease(by);
      const withdraw = (login: string, after: string) =>
        by.command('application.withdraw', { applicationId, reason: 'x' }, login, {
          desk_seq: by.nextSeq(),
          after,
          base_rev: 1,
          lease_token: held.body.token,
        });
      const unread = withdraw('sevda', '');
      const follower = withdraw('leyla', unread.command_id);
      expect((await by.push([unread, follower])).map((each) => each.result)).toMatchObject([
        { outcome: 'rejected', code: 'ROLE_NOT_ALLOWED' },
        { outcome: 'conflict', fields: ['rev'] },
      ]);
    });

    it('a desk without the lease, or with an outdated one, is fenced off', async () => {
      const { applicationId } = await sendAndSign(
        desk,
        dataOf({ fin: 'QYD0005', phone: '+994550000005', kinds: ['STA'], category: 'K5', voen: '0000000131' }),
      );
      const lease = (by: TestDesk, release = false) =>
        by.call<{ token: number; code: string; holder: string }>('POST', '/v1/leases', { applicationId, release, operatorLogin: 'rashad' });
      expect(await lease(other)).toMatchObject({ status: 409, body: { code: 'LEASE_HELD', holder: 'desk-1' } });
      expect(await lease(desk, true)).toMatchObject({ status: 200 });
      expect(await lease(other)).toMatchObject({ status: 200, body: { token: 2 } });
      const late = desk.command('application.withdraw', { applicationId, reason: 'x' }, 'leyla', {
        desk_seq: desk.nextSeq(),
        base_rev: 4,
        lease_token: 1,
      });
      expect((await desk.push([late]))[0]?.result).toMatchObject({ outcome: 'conflict', fields: ['lease'] });
      const holder = other.command('application.withdraw', { applicationId, reason: 'x' }, 'rashad', {
        desk_seq: other.nextSeq(),
        base_rev: 4,
        lease_token: 2,
      });
      expect((await other.push([holder]))[0]?.result).toMatchObject({ outcome: 'applied', state: 'WITHDRAWN' });
    });

    it('the supervisor judges an act from another desk without making the case stale', async () => {
      const { applicationId, after } = await sendAndSign(
        desk,
        dataOf({ fin: 'QYD0004', phone: '+994700000004', kinds: ['STA'], category: 'K6', voen: '0000000131' }),
      );
      const review = other.command(
        'register.review',
        { applicationId, actCommandId: after, verdict: 'returned', reason: 'möhür yoxdur' },
        'nigar',
        { desk_seq: other.nextSeq(), base_rev: 2 },
      );
      expect((await other.push([review]))[0]?.result).toMatchObject({ outcome: 'applied', rev: 3, state: 'CERT_PRINTED' });
      expect((await desk.intent(activation(desk, applicationId, after, { base_rev: 2 }))).result).toMatchObject({
        outcome: 'applied',
        rev: 4,
      });
    });
  });

  it('counts the acts of a Baku day for the comparison', async () => {
    const by = await running.enrol('desk-day');
    const lateEvening = Date.parse('2026-03-02T21:30:00Z');
    const command = refuse(by, { occurred_at_ms: lateEvening });
    await by.push([command]);
    expect((await by.call('GET', '/v1/register/day?on=2026-03-03')).body).toEqual({
      on: '2026-03-03',
      counts: { 'application.refuse': 1 },
      commandIds: [command.command_id],
    });
    expect((await by.call('GET', '/v1/register/day?on=2026-03-02')).body).toMatchObject({ commandIds: [] });
  });

  it('keeps bodies within limits and answers errors in one form', async () => {
    const by = await running.enrol('desk-limits');
    expect(await by.call('POST', '/v1/sync/commands', { commands: [] })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await by.call('POST', '/v1/session', { login: 'x', password: 'y'.repeat(600_000), officeId: '' })).toMatchObject({
      status: 413,
      body: { code: 'TOO_LARGE' },
    });
    expect(await by.call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await request(`${running.registry.publicUrl}/v1/registry`)).statusCode).toBe(404);
  });

  it('describes itself in OpenAPI 3.1', async () => {
    const answer = await desk.call<{ openapi: string; paths: Record<string, unknown> }>('GET', '/v1/openapi.json');
    expect(answer.body.openapi).toBe('3.1.0');
    expect(Object.keys(answer.body.paths)).toEqual(
      expect.arrayContaining(['/v1/session', '/v1/sync/commands', '/v1/sync/changes', '/v1/lookups/person', '/v1/attachments/{sha256}']),
    );
  });
});
