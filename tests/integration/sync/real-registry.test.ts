import { createHash, randomBytes } from 'node:crypto';
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandDraft } from '../../../src/core/act/act.ts';
import { verifyAudit } from '../../../src/core/audit/verify.ts';
import type { AttachmentSource } from '../../../src/core/sync/ports.ts';
import type { DeskCredentials, RunningRegistry } from '../../../src/registry/index.ts';
import { actorOf, openRealDesk, realOfficeId, startRealRegistry, until, type RealDesk } from '../../support/real-desk.ts';
import { dataOf, submission } from '../registry/test-desk.ts';

let registry: RunningRegistry;
let stopRegistry: () => Promise<void>;
let credentials: DeskCredentials;
let desk: RealDesk;
let deskCount = 0;

beforeAll(async () => {
  ({ registry, stop: stopRegistry } = await startRealRegistry());
});
afterAll(async () => stopRegistry());
afterEach(async () => {
  await registry.setFaults({});
  await desk.remove();
});

async function start(options: Parameters<typeof openRealDesk>[2] = {}): Promise<void> {
  deskCount += 1;
  credentials = await registry.provisionDesk({ deskId: `desk-${deskCount}`, officeId: realOfficeId });
  desk = await openRealDesk(registry, credentials, options);
}

function sendDraft(fin: string, phone: string): CommandDraft {
  const payload = submission(dataOf({ fin, phone }));
  return {
    kind: 'application.send',
    payload,
    aggregate: { type: 'application', key: payload.applicationId },
    baseRev: null,
    leaseToken: 0,
  };
}

const refusal = (applicationId: string): CommandDraft => ({
  kind: 'application.refuse',
  payload: {
    applicationId,
    reasonCode: 'M-05',
    note: '',
    invalidityNote: false,
    returnedDocuments: [],
    summary: { category: 'K1', fin: 'QYD0009', surname: 'SINAQ', givenName: 'SINAQ' },
    lookUps: [],
  },
  aggregate: { type: 'application', key: applicationId },
  baseRev: null,
  leaseToken: 0,
});

describe('a desk and the reference registry over mutual TLS', () => {
  it('drains what was queued, with verified receipts and one effect each', async () => {
    await start();
    const ids = Array.from({ length: 70 }, () => desk.act({ outbox: [refusal(desk.desk.random.uuid())] }));
    await until(() => desk.worker.queue().queued === 0, 'an empty queue');
    const rows = desk.db.all('SELECT state, last_answer FROM outbox');
    expect(rows.filter((row) => row['state'] !== 1)).toEqual([]);
    expect(desk.db.all('SELECT command_id FROM receipts')).toHaveLength(ids.length);
    await until(
      () => desk.db.all("SELECT id FROM entity_revs WHERE entity = 'application'").length === ids.length,
      'the changes of the feed',
    );
    expect(desk.worker.link().state).toBe('online');
    await expect(verifyAudit(desk.db, credentials.deskId)).resolves.toMatchObject({ firstBadSeq: null });
    await until(() => desk.worker.page().lastDrain !== null, 'the summary of the drain');
    expect(desk.worker.clockOffsetMs()).toBeLessThan(5000);
  });

  it('a lost answer to an issuance is asked again under the same id and gives the same certificate, never a second', async () => {
    await start();
    await until(() => desk.worker.link().state === 'online', 'the link');
    await registry.setFaults({ loseAnswers: 2, onlyPath: '/v1/sync/intents' });
    const draft = sendDraft('QYD0001', '+994500000001');
    const commandId = desk.act({ intent: draft });
    const first = await desk.worker.settleIntent(commandId);
    expect(first).toMatchObject({ ok: false, failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(desk.worker.queue().unknown).toBe(1);
    await until(() => desk.worker.queue().unknown === 0, 'the outcome, by itself', 15_000);
    const settled = await desk.worker.settleIntent(commandId);
    if (!settled.ok || settled.value.result.outcome !== 'applied') throw new Error('not applied');
    const certificates = settled.value.result.certificates ?? [];
    expect(certificates.map(({ kind }) => kind)).toEqual(['AUT', 'PER']);
    const again = await desk.worker.settleIntent(commandId);
    expect(again).toEqual(settled);
    const known = await desk.desk.registry.lookUpSim({
      queryId: desk.desk.random.uuid(),
      phone: '+994500000001',
      iccid: '8999401000000000018',
    });
    if (!known.ok) throw new Error(known.failure.code);
    expect(known.value.sim?.certificates.map(({ serial }) => serial).sort()).toEqual(certificates.map(({ serial }) => serial).sort());
    expect(new X509Certificate(Buffer.from(certificates[1]?.der ?? '', 'base64')).subject).toContain('QYD0001');
  });

  it('asks the outcome after a restart of the program', async () => {
    await start({ keyHex: 'ab'.repeat(32) });
    await until(() => desk.worker.link().state === 'online', 'the link');
    await registry.setFaults({ loseAnswers: 10, onlyPath: '/v1/sync/intents' });
    const commandId = desk.act({ intent: sendDraft('QYD0006', '+994500000006') });
    await desk.worker.settleIntent(commandId);
    await desk.close();
    await registry.setFaults({});
    desk = await openRealDesk(registry, credentials, { folder: desk.folder, keyHex: 'ab'.repeat(32) });
    await until(() => desk.worker.queue().unknown === 0, 'the outcome');
    expect(desk.db.get('SELECT result FROM receipts WHERE command_id = @commandId', { commandId })).toBeDefined();
  });

  it('notices the return of the network within five seconds and drains by itself', async () => {
    await start();
    await until(() => desk.worker.link().state === 'online', 'the link');
    await registry.setFaults({ isUnreachable: true });
    await until(() => desk.worker.link().state === 'offline', 'the loss');
    for (let index = 0; index < 5; index += 1) desk.act({ outbox: [refusal(desk.desk.random.uuid())] });
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(desk.worker.queue()).toMatchObject({ queued: 5 });
    expect(desk.worker.page().rows.every((row) => row.state === 'queued')).toBe(true);
    await registry.setFaults({});
    await until(() => desk.worker.queue().queued === 0, 'the drain', 5000);
    expect(desk.events.some((event) => event.type === 'link.changed' && event.link.state === 'online')).toBe(true);
  }, 30_000);

  it('freezes on an expired certificate of the registry, falls back to nothing, and goes on when it is renewed', async () => {
    await start();
    await until(() => desk.worker.link().state === 'online', 'the link');
    await registry.setFaults({ useExpiredCertificate: true });
    desk.act({ outbox: [refusal(desk.desk.random.uuid())] });
    await until(() => desk.worker.link().state === 'frozen', 'the freeze', 15_000);
    expect(desk.worker.queue().queued).toBe(1);
    await registry.setFaults({});
    await desk.worker.sendNow();
    await until(() => desk.worker.queue().queued === 0, 'the drain', 20_000);
  }, 50_000);

  it('tells an answer that breaks its schema from a look-up without result', async () => {
    await start();
    await registry.setFaults({ breakAnswers: 1, onlyPath: '/v1/lookups/person' });
    const query = {
      queryId: desk.desk.random.uuid(),
      fin: 'QYD0001',
      documentKind: 'citizen_card',
      documentNumber: 'AA0000012',
      birthOn: '1990-01-15',
    };
    expect(await desk.desk.registry.lookUpPerson(query)).toMatchObject({ ok: false, failure: { code: 'REGISTRY_ANSWER_INVALID' } });
    expect(await desk.desk.registry.lookUpPerson(query)).toMatchObject({ ok: true, value: { person: { fin: 'QYD0001' } } });
  });

  it('uploads an attachment in pieces after a reset in the middle', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(600 * 1024)]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    let sentBytes = 0;
    const source: AttachmentSource = {
      listPending: () => (sentBytes < bytes.length ? [{ sha256, sizeBytes: bytes.length, mediaType: 'application/pdf', sentBytes }] : []),
      readPiece: (_sha256, offset, length) => bytes.subarray(offset, offset + length),
      markProgress: (_sha256, sent) => {
        sentBytes = sent;
      },
    };
    await start({ attachments: source });
    await registry.setFaults({ loseAnswers: 1, onlyPath: '/v1/attachments' });
    desk.worker.wake(true);
    await until(() => sentBytes === bytes.length, 'the whole file', 15_000);
    expect(desk.worker.queue().attachmentsBytes).toBe(0);
  });

  it('signs in through the registry and refuses a wrong password by its code', async () => {
    await start();
    expect(await desk.desk.registry.signIn('leyla', 'yanlış parol')).toMatchObject({ ok: false, failure: { code: 'SIGN_IN_REFUSED' } });
    expect(actorOf('leyla').role).toBe('registrar');
  });
});
