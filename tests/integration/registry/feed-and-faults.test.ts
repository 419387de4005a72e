import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAnswerSchema, type ChangesPage, type Faults } from '../../../src/shared/registry-api/endpoints.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import type { TestDesk } from './test-desk.ts';

describe('feed, attachments and faults', () => {
  let running: TestRegistry;
  let desk: TestDesk;
  let other: TestDesk;

  beforeAll(async () => {
    running = await runRegistry();
    desk = await running.enrol('desk-1');
    other = await running.enrol('desk-2');
  });
  afterAll(() => running.stop());

  const changes = (by: TestDesk, query = '') => by.call<ChangesPage & { code: string }>('GET', `/v1/sync/changes?limit=500${query}`);
  const refusal = (by: TestDesk) =>
    by.command(
      'application.refuse',
      {
        applicationId: uuidv7(),
        reasonCode: 'M-04',
        note: '',
        invalidityNote: false,
        returnedDocuments: [],
        summary: { category: 'K1', fin: 'QYD0099', surname: 'A', givenName: 'B' },
        lookUps: [],
      },
      'leyla',
      { desk_seq: by.nextSeq() },
    );
  const askPerson = () =>
    desk.call('POST', '/v1/lookups/person', {
      queryId: uuidv7(),
      fin: 'QYD0001',
      documentKind: 'citizen_card',
      documentNumber: 'AA0000012',
      birthOn: '1990-01-15',
    });

  describe('the change feed', () => {
    it('wakes a waiting desk as soon as another desk of the office has acted', async () => {
      const { next_cursor: cursor } = (await changes(desk)).body;
      const startedAt = performance.now();
      const waiting = changes(desk, `&wait_s=20&cursor=${encodeURIComponent(cursor)}`);
      const command = refusal(other);
      await other.push([command]);
      const page = await waiting;
      expect(page.body.changes).toMatchObject([{ entity: 'application', id: command.aggregate.key, rev: 1, op: 'upsert' }]);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect((await changes(desk, `&cursor=${encodeURIComponent(page.body.next_cursor)}`)).body).toMatchObject({
        changes: [],
        has_more: false,
      });
    });

    it('is cut into pages by the limit', async () => {
      const first = (await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=2')).body;
      expect(first).toMatchObject({ has_more: true });
      const second = (await desk.call<ChangesPage>('GET', `/v1/sync/changes?limit=2&cursor=${encodeURIComponent(first.next_cursor)}`)).body;
      const whole = (await desk.call<ChangesPage>('GET', '/v1/sync/changes?limit=4')).body;
      expect([...first.changes, ...second.changes]).toEqual(whole.changes);
      expect(new Set(whole.changes.map((change) => change.pos)).size).toBe(4);
    });

    it('shows an office nothing of another office and takes no cursor of it', async () => {
      const elsewhere = await running.enrol('desk-elsewhere', 'telim-2');
      expect((await changes(elsewhere)).body.changes).toEqual([]);
      const { next_cursor: cursor } = (await changes(desk)).body;
      expect(await changes(elsewhere, `&cursor=${encodeURIComponent(cursor)}`)).toMatchObject({
        status: 410,
        body: { code: 'CURSOR_EXPIRED' },
      });
      expect(await changes(desk, `&cursor=${encodeURIComponent(cursor.replace(/^./u, 'x'))}`)).toMatchObject({
        status: 400,
        body: { code: 'CURSOR_INVALID' },
      });
    });
  });

  describe('attachments', () => {
    const bytes = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(299_992)]);
    const name = createHash('sha256').update(bytes).digest('hex');
    const put = (sha256: string, offset: number, piece: Uint8Array, length = bytes.length, type = 'image/png') =>
      desk.call<{ code: string; offset: number }>('PATCH', `/v1/attachments/${sha256}`, piece, {
        'upload-offset': String(offset),
        'upload-length': String(length),
        'content-type': type,
      });

    it('SIM-18: come in pieces and go on where they stopped', async () => {
      expect((await desk.call('HEAD', `/v1/attachments/${name}`)).status).toBe(404);
      expect(await put(name, 0, bytes.subarray(0, 200_000))).toMatchObject({ status: 200, body: { offset: 200_000 } });
      expect((await desk.call('HEAD', `/v1/attachments/${name}`)).headers['upload-offset']).toBe('200000');
      expect(await put(name, 0, bytes.subarray(0, 10))).toMatchObject({ status: 409, body: { code: 'OFFSET_DIFFERS', offset: 200_000 } });
      expect((await put(name, 200_000, bytes.subarray(200_000))).status).toBe(200);
      const whole = await desk.call('HEAD', `/v1/attachments/${name}`);
      expect([whole.headers['upload-offset'], whole.headers['upload-length']]).toEqual(['300000', '300000']);
    });

    it('must hash to their name and be of a kind and size that is taken', async () => {
      const wrong = '0'.repeat(64);
      expect(await put(wrong, 0, bytes.subarray(0, 10), 10)).toMatchObject({ status: 422, body: { code: 'HASH_DIFFERS' } });
      expect((await desk.call('HEAD', `/v1/attachments/${wrong}`)).status).toBe(404);
      expect(await put(wrong, 0, bytes.subarray(0, 10), 200_000_000)).toMatchObject({ status: 413 });
      expect(await put(wrong, 0, bytes.subarray(0, 270_000))).toMatchObject({ status: 413 });
      expect(await put(wrong, 0, bytes.subarray(0, 10), 10, 'application/octet-stream')).toMatchObject({ status: 415 });
      expect((await desk.call('HEAD', '/v1/attachments/..%2F..%2Fkeys')).status).toBe(400);
    });
  });

  describe('faults', () => {
    it('M-43: a register that is out answers 503 and the others go on', async () => {
      await desk.setFaults({ outages: ['İAMAS'] });
      expect(await askPerson()).toMatchObject({ status: 503, body: { code: 'REGISTER_UNAVAILABLE', detail: 'İAMAS' } });
      expect((await desk.call('POST', '/v1/lookups/organisation', { queryId: uuidv7(), voen: '0000012341' })).status).toBe(200);
      await desk.setFaults({});
      expect((await askPerson()).status).toBe(200);
    });

    it('fails, breaks and delays as often as told', async () => {
      await desk.setFaults({ failWith: { status: 429, times: 1, retryAfterS: 7 } });
      expect(await askPerson()).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
      expect((await askPerson()).status).toBe(200);
      await desk.setFaults({ breakAnswers: 1 });
      expect(personAnswerSchema.safeParse((await askPerson()).body).success).toBe(false);
      expect(personAnswerSchema.safeParse((await askPerson()).body).success).toBe(true);
      await desk.setFaults({ latencyMs: 200 });
      const startedAt = performance.now();
      await askPerson();
      expect(performance.now() - startedAt).toBeGreaterThan(190);
      await desk.setFaults({});
    });

    it('a lost answer hits the path that was meant, not the waiting feed', async () => {
      await desk.setFaults({ loseAnswers: 1, onlyPath: '/v1/session' });
      expect((await askPerson()).status).toBe(200);
      await expect(desk.signIn('leyla')).rejects.toThrow();
      expect((await desk.signIn('leyla')).status).toBe(200);
    });

    it('unreachable means refused at once, and reachable again on the same port', async () => {
      await desk.setFaults({ isUnreachable: true });
      await expect(askPerson()).rejects.toThrow(/ECONNREFUSED|other side closed|ECONNRESET/u);
      await expect(askPerson()).rejects.toThrow(/ECONNREFUSED/u);
      await desk.setFaults({});
      expect((await askPerson()).status).toBe(200);
    });

    it('an expired server certificate is not spoken to', async () => {
      await desk.setFaults({ useExpiredCertificate: true });
      await expect(askPerson()).rejects.toThrow(/expired/u);
      await desk.setFaults({});
      expect((await askPerson()).status).toBe(200);
    });

    it('the switch is there over the network only where faults are allowed', async () => {
      const answer = await desk.call<Faults>('PUT', '/v1/_faults', { latencyMs: 5 });
      expect(answer).toMatchObject({ status: 200, body: { latencyMs: 5, isUnreachable: false } });
      await desk.call('PUT', '/v1/_faults', {});
      const strict = await runRegistry({ allowFaults: false });
      expect((await (await strict.enrol('desk-1')).call('GET', '/v1/_faults')).status).toBe(404);
      await strict.stop();
    });
  });
});
