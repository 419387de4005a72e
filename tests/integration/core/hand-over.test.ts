import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogTail } from '../../../src/core/platform/log-tail.ts';
import { createLog } from '../../../src/core/platform/logger.ts';
import type { RunningRegistry } from '../../../src/registry/index.ts';
import { azLower, azUpper } from '../../../src/shared/language/casing.ts';
import { foldForSearch } from '../../../src/shared/language/normalise.ts';
import { findInBytes } from '../../e2e/support/clear-text.ts';
import { captureScan, fillDraft, newId, nuray, sendCase, signContract, typedDataOf } from './test-cases.ts';
import { failureOf, startTestCore, startTestRegistry, type TestCore } from './test-core.ts';

/** Typed into a case, found on no list of this program; every letter that folding could change is among them. */
const typed = {
  surname: 'Çərkəzoğlışüvəİliyeva',
  givenName: 'Ümmügülşən Iradə',
  fatherName: 'Əjdərağa Ğılman',
  address: 'Bakı şəhəri, Qaraçuxur küçəsi 919, mənzil 77İ',
  fin: 'ZQ7XK4P',
  documentNumber: 'AZE98765432',
  phone: '+994509876543',
  iccid: '8999401987654321987',
  answer: 'Zülmətqartalı1907',
  formNumber: 'BƏFORMA-55119',
} as const;

const registryWords = ['QULIYEVA_NURAY', 'nuray', 'Nuray', 'Çərkəzoğlışüvəİliyeva', 'ZQ7XK4P', '+994509876543'];

describe('files that a person carries away', () => {
  let registry: RunningRegistry;
  let stopRegistry: () => Promise<void>;
  let core: TestCore;
  const logged: string[] = [];
  const logTail = createLogTail({ write: (line) => void logged.push(line) });

  beforeAll(async () => {
    ({ registry, stop: stopRegistry } = await startTestRegistry());
    core = await startTestCore(registry, { logTail });
  });
  afterAll(async () => {
    await core.close();
    await stopRegistry();
  });

  it('there is nothing to hand over while nothing waits, and the screen is told so', async () => {
    await core.signIn('nigar');
    expect(await core.client.sync.exportState()).toMatchObject({ acts: 0, attachments: 0, stop: 'NOTHING_TO_EXPORT', progress: null });
    expect(await failureOf(core.client.sync.exportQueue({ acts: 0 }))).toMatchObject({ code: 'NOTHING_TO_EXPORT' });
  });

  it('J-16: the file is written for the number that was confirmed, and the audit log knows its counts and its hash', async () => {
    await core.signIn('leyla');
    const sent = await sendCase(core);
    await registry.setFaults({ failWith: { status: 503, times: 1_000_000, retryAfterS: 600 }, onlyPath: '/v1/sync/commands' });
    await signContract(core, sent.applicationId);
    const second = await fillDraft(core.client, {
      ...nuray,
      change: (data) => ({
        ...data,
        person: { ...data.person, fin: typed.fin, surname: typed.surname, givenName: typed.givenName, fatherName: typed.fatherName },
        document: { ...data.document, number: typed.documentNumber },
        contact: { ...data.contact, registeredAddress: typed.address, actualAddress: typed.address, phone: typed.phone },
        carrier: { ...data.carrier, phone: typed.phone, iccid: typed.iccid, connectionFormNumber: typed.formNumber },
      }),
    });
    await core.client.application.setSecretAnswer({
      commandId: newId(),
      applicationId: second.applicationId,
      question: 'first_school',
      answer: typed.answer,
    });
    await core.client.application.refuse({
      commandId: newId(),
      applicationId: second.applicationId,
      reasonCode: 'other',
      note: typed.surname,
      returnedDocuments: ['D-01', 'D-02', 'D-09', 'D-10'].map((document) => ({ document, note: '' })),
    });
    await captureScan(core, sent.applicationId, 'contract').catch(() => undefined);
    await core.signIn('nigar');

    const state = await core.client.sync.exportState();
    expect(state).toMatchObject({ acts: 2, stop: null, folder: path.join(core.folder, 'exports') });
    expect(await failureOf(core.client.sync.exportQueue({ acts: 7 }))).toMatchObject({
      code: 'QUEUE_CHANGED',
      data: { params: { acts: 2 } },
    });
    const both = await Promise.all([core.client.sync.exportQueue({ acts: 2 }), failureOf(core.client.sync.exportQueue({ acts: 2 }))]);
    const [exported, refused] = both;
    expect(refused).toMatchObject({ code: 'EXPORT_RUNNING' });
    const bytes = readFileSync(exported.file);
    expect(exported).toMatchObject({ acts: 2, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(readdirSync(path.dirname(exported.file))).toEqual([path.basename(exported.file)]);
    expect(findInBytes(bytes, Object.values(typed))).toEqual([]);
    const [row] = await core.client.audit.list({ limit: 1, act: 'sync.export' });
    expect(row).toMatchObject({
      operatorLogin: 'nigar',
      detail: { acts: 2, attachments: exported.attachments, sizeBytes: bytes.length, sha256: exported.sha256 },
    });
    expect((await core.client.sync.page()).queue.queued).toBe(2);
    expect((await registry.importQueueFile(exported.file)).acts).toMatchObject({ applied: 2, refused: 0, deferred: 0 });
  });

  it('a folder that cannot be written leaves no file, no line in the audit log and the queue as it is', async () => {
    const folder = path.join(core.folder, 'exports');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    const before = await core.client.audit.list({ limit: 1, act: 'sync.export' });
    expect(await failureOf(core.client.sync.exportQueue({ acts: 2 }))).toMatchObject({ code: 'EXPORT_FOLDER' });
    expect(await core.client.audit.list({ limit: 1, act: 'sync.export' })).toEqual(before);
    rmSync(folder);
    mkdirSync(folder);
    chmodSync(folder, 0o700);
    writeFileSync(path.join(folder, 'qeyd-queue-left.part'), 'of a crash');
    await core.client.sync.exportQueue({ acts: 2 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('the help package holds what support needs and not one word of any person, also not of a registry or an error that says one', async () => {
    const { db } = core.desk;
    // What would have to go wrong elsewhere: answers, log lines and errors that carry data.
    for (const word of registryWords) {
      db.transact((tx) => {
        tx.run('INSERT INTO outbox_attempt(at_ms, what, commands, outcome, http, took_ms) VALUES (1, @word, 1, @word, 409, 1)', { word });
        tx.run('UPDATE outbox SET last_answer = @word', { word });
      });
      const log = createLog(logTail.destination);
      const fields = Object.fromEntries(
        ['action', 'code', 'commandId', 'kind', 'name', 'operation', 'path', 'reason', 'state', 'status', 'version'].map((name) => [
          name,
          word,
        ]),
      );
      log.warn(word, fields);
      const error = new TypeError(`${word} is wrong`);
      error.stack = `TypeError: ${word}\n    at read (/home/${word}/qeyd/read.ts:10:5)\n    at ${word}`;
      log.error('rpc.failed', error, fields);
      log.info('rpc.slow', { operation: 'application.saveDraft', tookMs: 41 });
    }
    const made = await core.client.sync.helpPackage();
    const packed = readFileSync(made.file);
    const text = gunzipSync(packed);
    const help = JSON.parse(text.toString('utf8')) as Record<string, Record<string, unknown>>;
    expect(help['program']).toMatchObject({ appVersion: '0.1.0', node: process.versions.node });
    expect(help['storage']?.['userVersion']).toBeGreaterThanOrEqual(105);
    expect(help['sync']).toMatchObject({
      queue: { queued: 2, outbox: { open: 2, applied: 0 } },
      link: { state: 'online', breaker: 'closed' },
      clock: { unseen: 0 },
    });
    expect(help['audit']).toMatchObject({ head: expect.stringMatching(/^[0-9a-f]{64}$/u) as string });
    expect(JSON.stringify(help['sync'])).toContain('"code":"OTHER"');
    expect(JSON.stringify(help['log'])).toContain('"operation":"application.saveDraft"');
    expect(JSON.stringify(help['log'])).toContain('read read.ts:10:5');

    const words = listWords(core);
    expect(words.length).toBeGreaterThan(40);
    expect(findInBytes(text, words)).toEqual([]);
    expect(findInBytes(packed, words)).toEqual([]);
    expect(findInBytes(Buffer.from(foldForSearch(text.toString('utf8'))), words.map(foldForSearch))).toEqual([]);
    expect(path.basename(made.file)).toMatch(/^qeyd-help-desk-01-\d{8}T\d{9}Z\.json\.gz$/u);
    expect((await core.client.audit.list({ limit: 1, act: 'sync.help_package' }))[0]).toMatchObject({
      operatorLogin: 'nigar',
      detail: { sizeBytes: packed.length },
    });
  });

  it('keeps the ten newest help packages and every file of acts', async () => {
    for (let made = 0; made < 12; made += 1) await core.client.sync.helpPackage();
    const names = readdirSync(path.join(core.folder, 'exports'));
    expect(names.filter((name) => name.startsWith('qeyd-help-'))).toHaveLength(10);
    expect(names.filter((name) => name.endsWith('.qeydq'))).toHaveLength(1);
  });
});

/** Everything of persons, papers, cards and keys that this desk holds, also folded and in capital and small letters. */
function listWords(core: TestCore): string[] {
  const { db } = core.desk;
  const registered = typedDataOf(nuray);
  const column = (sql: string): string[] => db.all(sql).flatMap((row) => Object.values(row).map(String));
  const words = [
    ...Object.values(typed),
    ...registryWords,
    ...[registered.person, registered.document, registered.carrier, registered.contact].flatMap((part) =>
      Object.values(part).filter((value): value is string => typeof value === 'string'),
    ),
    ...column('SELECT login, full_name, verifier FROM operator'),
    ...column('SELECT serial FROM certificate'),
    ...column('SELECT number FROM paper_document'),
    ...column('SELECT aggregate FROM outbox').map((aggregate) => aggregate.replace('application:', '')),
    core.keyHex,
    ...core.credentials.privateKeyPem.split('\n').filter((line) => line.length > 20 && !line.startsWith('--')),
    'Telim-2026-nigar',
    core.folder,
    'Bakı 1 saylı mərkəz',
  ].filter((word) => word.length >= 4 && !['leyla', 'nigar'].includes(word));
  const plain = words.filter((word) => !['citizen_card', 'azercell', 'bakcell'].includes(word));
  return [...new Set([...plain, 'leyla', 'nigar', ...plain.flatMap((word) => [azUpper(word), azLower(word), foldForSearch(word)])])];
}
