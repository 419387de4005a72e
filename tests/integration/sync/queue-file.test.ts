import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSigner } from '../../../src/core/act/envelope.ts';
import { createQueueFileSealer } from '../../../src/core/sync/queue-file.ts';
import { QueueFileError, type DeskCredentials, type RunningRegistry } from '../../../src/registry/index.ts';
import { recordKinds } from '../../../src/shared/registry-api/queue-file.ts';
import type { Envelope } from '../../../src/shared/registry-api/envelope.ts';
import { count } from '../../support/counts.ts';
import { exportQueue, heldAttachments, refusalDraft, withdrawalDraft } from '../../support/queue-files.ts';
import { openRealDesk, realOfficeId, startRealRegistry, until, type RealDesk } from '../../support/real-desk.ts';
import { dataOf, submission, TestDesk } from '../registry/test-desk.ts';

/** Begins as a JPEG does; the registry stores nothing else under that type. */
const jpegOf = (sizeBytes: number): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(sizeBytes - 3)]);

let registry: RunningRegistry;
let registryFolder: string;
let stopRegistry: () => Promise<void>;
let credentials: DeskCredentials;
let desk: RealDesk;
let deskCount = 0;
const keyHex = 'c4'.repeat(32);
const noLink = { failWith: { status: 503, times: 1_000_000, retryAfterS: 600 }, onlyPath: '/v1/sync/' } as const;

beforeAll(async () => {
  ({ registry, folder: registryFolder, stop: stopRegistry } = await startRealRegistry());
});
afterAll(async () => stopRegistry());
afterEach(async () => {
  await registry.setFaults({});
  await desk.remove();
});

async function start(options: Parameters<typeof openRealDesk>[2] = {}): Promise<void> {
  deskCount += 1;
  credentials = await registry.provisionDesk({ deskId: `desk-${deskCount}`, officeId: realOfficeId });
  desk = await openRealDesk(registry, credentials, { keyHex, ...options });
  await until(() => desk.worker.exchange.knownInfo()?.queue_file_key !== undefined, 'the key for files');
}

/** How often each act stands in the day's journal of the registry. */
async function countEffects(): Promise<Map<string, number>> {
  const on = new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 10);
  const day = await desk.desk.registry.dayCounts(on);
  if (!day.ok) throw new Error(day.failure.code);
  const effects = new Map<string, number>();
  for (const id of day.value.commandIds) effects.set(id, (effects.get(id) ?? 0) + 1);
  return effects;
}

async function refusalOfFile(file: string): Promise<string> {
  return await registry.importQueueFile(file).then(
    () => 'taken',
    (error: unknown) => {
      if (error instanceof QueueFileError) return error.code;
      throw error;
    },
  );
}

describe('the unsent queue in a file', () => {
  it('I-3 I-4: a desk without a link hands everything over, and when the link is back it gets the answers that were given to the file', async () => {
    const files = [jpegOf(700_000), jpegOf(20_000)];
    const attachments = heldAttachments(files);
    await registry.setFaults(noLink);
    await start({ attachments });
    const refused = Array.from({ length: 120 }, () => desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] }));
    const payload = submission(dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
    const sent = desk.act({
      intent: {
        kind: 'application.send',
        payload,
        aggregate: { type: 'application', key: payload.applicationId },
        baseRev: null,
        leaseToken: 0,
      },
    });
    const last = desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });

    attachments.release();
    expect(desk.exporter.count()).toEqual({ acts: 122, attachments: 2, attachmentBytes: 720_000 });
    const before = desk.db.all('SELECT * FROM outbox');
    const written = await exportQueue(desk);
    expect(written).toMatchObject({ acts: 122, attachments: 2, sizeBytes: statSync(written.file).size });
    expect(statSync(written.file).mode & 0o777).toBe(0o600);
    expect(desk.db.all('SELECT * FROM outbox')).toEqual(before);
    const bytes = readFileSync(written.file);
    for (const word of ['QYD0009', 'SINAQ', 'application.refuse', refused[0] ?? '']) expect(bytes.includes(word)).toBe(false);

    const report = await registry.importQueueFile(written.file);
    expect(report).toMatchObject({ deskId: credentials.deskId, deskEpoch: 1, sha256: written.sha256 });
    expect(report.acts).toEqual({ applied: 122, known: 0, refused: 0, conflict: 0, deferred: 0 });
    expect(report.attachments).toEqual({ stored: 2, known: 0, refused: 0 });
    const again = await registry.importQueueFile(written.file);
    expect([again.acts, again.attachments]).toEqual([
      { applied: 0, known: 122, refused: 0, conflict: 0, deferred: 0 },
      { stored: 0, known: 2, refused: 0 },
    ]);
    expect(desk.worker.queue()).toMatchObject({ queued: 121, unknown: 1 });

    await registry.setFaults({});
    await desk.worker.sendNow();
    await until(() => desk.worker.queue().queued + desk.worker.queue().unknown === 0, 'an empty queue');
    await until(() => attachments.listPending().length === 0, 'the attachments, which the registry has');
    expect(desk.db.all('SELECT state FROM outbox WHERE state <> 1')).toEqual([]);
    expect(desk.db.get('SELECT state FROM intents')).toEqual({ state: 1 });
    const effects = await countEffects();
    expect([...refused, sent, last].map((id) => effects.get(id))).toEqual(Array.from({ length: 122 }, () => 1));
    expect(desk.exporter.count()).toEqual({ acts: 0, attachments: 0, attachmentBytes: 0 });
  });

  it('takes whole what the desk had begun to send in pieces, and nothing that is not of its declared type', async () => {
    const file = jpegOf(300_000);
    const attachments = heldAttachments([file, Buffer.alloc(5000, '<script>')]);
    await registry.setFaults(noLink);
    await start({ attachments });
    const sha256 = createHash('sha256').update(file).digest('hex');
    const peer = new TestDesk(registry, credentials);
    const path = `/v1/attachments/${sha256}`;
    const begun = await peer.call('PATCH', path, file.subarray(0, 100_000), {
      'content-type': 'image/jpeg',
      'upload-offset': '0',
      'upload-length': '300000',
    });
    expect(begun.status).toBe(200);
    desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
    attachments.release();
    const { file: handed } = await exportQueue(desk);
    expect((await registry.importQueueFile(handed)).attachments).toEqual({ stored: 1, known: 0, refused: 1 });
    expect((await peer.call('HEAD', path)).headers['upload-length']).toBe('300000');
    await peer.close();
  });

  it('says at the desk that the registry has not told its key yet', async () => {
    await start();
    desk.db.transact((tx) => tx.run("UPDATE sync_state SET registry_info = ''"));
    desk.worker.exchange.forgetInfo();
    expect(desk.exporter.findStop()).toMatchObject({ code: 'EXPORT_KEY_UNKNOWN' });
    expect(
      await desk.exporter.write(
        () => Promise.resolve(),
        () => undefined,
      ),
    ).toMatchObject({ ok: false });
  });

  it('a file that is cut, changed, exchanged or continued is refused with its reason, and nothing of it happens', async () => {
    await registry.setFaults(noLink);
    const attachments = heldAttachments([jpegOf(200_000)]);
    await start({ attachments });
    const id = desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
    attachments.release();
    const { file } = await exportQueue(desk);
    const whole = readFileSync(file);
    const bad = path.join(desk.folder, 'bad');
    const tryBytes = async (bytes: Uint8Array): Promise<string> => {
      writeFileSync(bad, bytes);
      return await refusalOfFile(bad);
    };
    const cuts = [9, 12, 200, 20_000, 70_000, whole.length - 64, whole.length - 1];
    for (const cut of cuts) expect([cut, await tryBytes(whole.subarray(0, cut))]).toEqual([cut, 'FILE_TRUNCATED']);
    for (const cut of [0, 4]) expect([cut, await tryBytes(whole.subarray(0, cut))]).toEqual([cut, 'NOT_A_QUEUE_FILE']);
    expect(await tryBytes(Buffer.concat([whole, Buffer.from('x')]))).toBe('FILE_CHANGED');
    expect(await tryBytes(Buffer.from('PDF'.repeat(1000)))).toBe('NOT_A_QUEUE_FILE');
    for (let tried = 0; tried < count(150, 3000); tried += 1) {
      const at = tried < 300 ? tried : Math.floor(Math.random() * whole.length);
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (tried % 8));
      expect([at, await tryBytes(changed)]).not.toEqual([at, 'taken']);
    }
    const changed = Buffer.from(whole);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(await tryBytes(changed)).toBe('SIGNATURE_INVALID');
    changed[40_000] = (changed[40_000] ?? 0) ^ 1;
    expect(await tryBytes(changed)).toBe('FILE_CHANGED');
    // Frames one and two change places.
    const first = 12 + whole.readUInt32BE(8);
    const frame = 4 + whole.readUInt32BE(first);
    const exchanged = Buffer.concat([
      whole.subarray(0, first),
      whole.subarray(first + frame, first + 2 * frame),
      whole.subarray(first, first + frame),
      whole.subarray(first + 2 * frame),
    ]);
    expect(await tryBytes(exchanged)).toBe('FILE_CHANGED');
    expect(await refusalOfFile(path.join(desk.folder, 'none'))).toBe('FILE_MISSING');
    expect((await countEffects()).get(id)).toBeUndefined();
    await registry.setFaults({});
    await desk.worker.sendNow();
    expect((await countEffects()).get(id)).toBe(1);
  });

  it('fault 25: a file of an unknown desk, signed by another, with acts of another, or of an older life is refused', async () => {
    await registry.setFaults(noLink);
    await start();
    const id = desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
    const { file } = await exportQueue(desk);
    const key = desk.worker.exchange.knownInfo()?.queue_file_key?.key ?? '';
    const stranger = await registry.provisionDesk({ deskId: `stranger-${deskCount}`, officeId: realOfficeId });
    const envelope = desk.db.get('SELECT envelope FROM outbox_envelopes')?.['envelope'] as Uint8Array;
    const forge = (deskId: string, by: DeskCredentials, commands: readonly Uint8Array[], registryKey = key, epoch = 1): string => {
      const sealer = createQueueFileSealer(
        { desk_id: deskId, desk_epoch: epoch, made_at_ms: 1 },
        registryKey,
        createSigner(by.privateKeyPem),
      );
      const parts = [
        sealer.begin(),
        sealer.add(recordKinds.start, Buffer.from(JSON.stringify({ commands: commands.length, attachments: 0 }))),
      ];
      for (const command of commands) parts.push(sealer.add(recordKinds.command, command));
      parts.push(sealer.add(recordKinds.end, Buffer.alloc(0)), sealer.finish());
      const forged = path.join(desk.folder, 'forged');
      writeFileSync(forged, Buffer.concat(parts));
      return forged;
    };
    expect(await refusalOfFile(forge('nobody', credentials, [envelope]))).toBe('DESK_UNKNOWN');
    expect(await refusalOfFile(forge(credentials.deskId, stranger, [envelope]))).toBe('SIGNATURE_INVALID');
    expect(await refusalOfFile(forge(stranger.deskId, stranger, [envelope]))).toBe('OTHER_DESK');
    expect(await refusalOfFile(forge(credentials.deskId, credentials, [envelope, envelope]))).toBe('FILE_UNREADABLE');
    expect(await refusalOfFile(forge(credentials.deskId, credentials, [Buffer.from('{}')]))).toBe('FILE_UNREADABLE');
    const other = await startRealRegistry();
    expect(await other.registry.importQueueFile(file).catch((error: unknown) => (error as QueueFileError).code)).toBe('OTHER_REGISTRY');
    await other.stop();

    // A copy of the desk has used the place for another act.
    const copy = new TestDesk(registry, credentials);
    const own = JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope;
    const otherKey = randomUUID();
    const payload = { ...(own.payload as object), applicationId: otherKey };
    await registry.setFaults({});
    const { sig: _sig, ...unsigned } = own;
    const cloned = copy.command('application.refuse', payload as never, 'leyla', {
      desk_seq: unsigned.desk_seq,
      audit_seq: unsigned.audit_seq,
      audit_head: unsigned.audit_head,
    });
    await registry.setFaults(noLink);
    const clonedFile = forge(credentials.deskId, credentials, [Buffer.from(JSON.stringify(cloned))]);
    expect((await registry.importQueueFile(clonedFile)).acts.applied).toBe(1);
    expect(await refusalOfFile(file)).toBe('DESK_FORK');

    const raised = await copy.call('POST', '/v1/desk/epoch', {
      raise_id: randomUUID(),
      from_epoch: 1,
      audit_anchor: null,
      cause: 'set_up_anew',
    });
    expect(raised.status).toBe(200);
    expect(await refusalOfFile(clonedFile)).toBe('EPOCH_OLD');
    await copy.close();
    await registry.setFaults({});
    expect((await countEffects()).get(id)).toBeUndefined();
  });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** `npm run registry:import`, as a program beside the registry that runs. */
function runImport(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: path.resolve(import.meta.dirname, '../../..') };
    execFile(process.execPath, ['src/registry/queue-files/import-cli.ts', ...args], options, (error, out, complaint) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, error: complaint });
    });
  });
}

describe('npm run registry:import', () => {
  it('takes a file beside a running registry while the desk sends the same acts, and says counts and nothing of any person', async () => {
    await registry.setFaults(noLink);
    await start();
    const ids = Array.from({ length: 300 }, () => desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] }));
    const { file } = await exportQueue(desk);
    const importing = runImport(file, '--data', registryFolder, '--desk', credentials.deskId);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await registry.setFaults({});
    await desk.worker.sendNow();
    const { code, out, error } = await importing;
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^desk ${credentials.deskId}, life 1, written [^ ]+, sha256 [0-9a-f]{64}\nacts 300: applied `, 'u'));
    const [, applied, known] = /applied (\d+), already known (\d+), refused 0, conflict 0, deferred 0/u.exec(out) ?? [];
    expect(Number(applied) + Number(known)).toBe(300);
    for (const word of ['QYD0009', 'SINAQ', 'leyla', 'Leyla', 'M-05']) expect(out).not.toContain(word);
    await until(() => desk.worker.queue().queued === 0, 'an empty queue');
    const effects = await countEffects();
    expect(ids.map((id) => effects.get(id))).toEqual(ids.map(() => 1));
  });

  it('tells what is wrong with a file in a sentence and ends with 2', async () => {
    await start();
    const none = await runImport(path.join(desk.folder, 'none'), '--data', registryFolder);
    expect(none).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringMatching(/^Nothing was taken. FILE_MISSING: the file cannot be read/u) as string,
    });
    const nowhere = await runImport('any', '--data', path.join(desk.folder, 'no-registry'));
    expect(nowhere).toMatchObject({ code: 2, error: expect.stringContaining('NO_REGISTRY') as string });
    await registry.setFaults(noLink);
    desk.act({ outbox: [refusalDraft(desk.desk.random.uuid())] });
    const { file } = await exportQueue(desk);
    const other = await runImport(file, '--data', registryFolder, '--desk', 'another');
    expect(other).toMatchObject({ code: 2, out: '', error: expect.stringContaining('OTHER_DESK') as string });
  });

  it('I-5: an act whose predecessor the registry does not have waits and is counted as deferred; the next import brings it', async () => {
    await registry.setFaults(noLink);
    await start();
    const applicationId = desk.desk.random.uuid();
    desk.act({ outbox: [refusalDraft(applicationId)] });
    desk.act({ outbox: [withdrawalDraft(applicationId)] });
    const whole = await exportQueue(desk);
    // As if the first had been set down as a conflict that only the registry's proxy told.
    desk.db.transact((tx) => tx.run('UPDATE outbox SET state = 2, conflict_rev = 7 WHERE seq = 1'));
    const cut = await exportQueue(desk);
    expect((await registry.importQueueFile(cut.file)).acts).toEqual({ applied: 0, known: 0, refused: 0, conflict: 0, deferred: 1 });
    const ended = await runImport(cut.file, '--data', registryFolder);
    expect([ended.code, ended.out]).toEqual([1, expect.stringContaining('import the same file again') as string]);
    expect((await registry.importQueueFile(whole.file)).acts).toEqual({ applied: 1, known: 0, refused: 1, conflict: 0, deferred: 0 });
    expect((await registry.importQueueFile(cut.file)).acts).toEqual({ applied: 0, known: 1, refused: 0, conflict: 0, deferred: 0 });
  });
});

type Step =
  | { readonly kind: 'act'; readonly aggregate: number }
  | { readonly kind: 'export' }
  | { readonly kind: 'import'; readonly which: number }
  | { readonly kind: 'push'; readonly which: readonly number[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('act' as const), aggregate: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('export' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('import' as const), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('push' as const), which: fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }) }) },
);

describe('by the link and by file', () => {
  it('I-3 I-4 I-5: whatever goes which way, in any order and how often, each act is on record once and the desk hears of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        await start();
        const { folder } = desk;
        await desk.close();
        // Knows the registry and does not reach it: nothing is ever heard of what arrived.
        desk = await openRealDesk({ url: 'https://127.0.0.1:9' }, credentials, { folder, keyHex });
        const link = new TestDesk(registry, credentials);
        const cases = Array.from({ length: 4 }, () => desk.desk.random.uuid());
        const begun = new Set<string>();
        const ids: string[] = [];
        const files: string[] = [];
        for (const one of steps) {
          if (one.kind === 'act') {
            const applicationId = cases[one.aggregate] ?? '';
            ids.push(desk.act({ outbox: [(begun.has(applicationId) ? withdrawalDraft : refusalDraft)(applicationId)] }));
            begun.add(applicationId);
          } else if (one.kind === 'export') files.push((await exportQueue(desk)).file);
          else if (one.kind === 'import') {
            const file = files[one.which % Math.max(1, files.length)];
            if (file !== undefined) await registry.importQueueFile(file);
          } else {
            const stored = desk.db
              .all('SELECT envelope FROM outbox_envelopes ORDER BY seq')
              .map((row) => JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString('utf8')) as Envelope);
            const chosen = new Set(one.which.map((index) => index % Math.max(1, stored.length)));
            const commands = [...chosen].map((index) => stored[index]).filter((each) => each !== undefined);
            if (commands.length > 0) await link.push(commands);
          }
        }
        await link.close();
        await desk.close();
        desk = await openRealDesk(registry, credentials, { folder, keyHex });
        await until(() => desk.worker.queue().queued === 0, 'an empty queue');
        const rows = desk.db.all('SELECT o.command_id, o.state, r.result FROM outbox o JOIN receipts r ON r.command_id = o.command_id');
        expect(rows).toHaveLength(ids.length);
        const effects = await countEffects();
        for (const row of rows) {
          const isApplied = row['state'] === 1;
          expect(String(row['result'])).toContain(isApplied ? '"applied"' : '"rejected"');
          expect(effects.get(String(row['command_id'])) ?? 0).toBe(isApplied ? 1 : 0);
        }
        expect(rows.filter((row) => row['state'] === 1)).toHaveLength(begun.size);
        await desk.remove();
      }),
      { numRuns: count(5, 120), interruptAfterTimeLimit: count(8_000, 240_000), markInterruptAsFailure: false },
    );
    await start();
  }, 300_000);
});
