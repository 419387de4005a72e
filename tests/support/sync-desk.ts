import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createActRunner } from '../../src/core/act/act-runner.ts';
import type { ActRunner, CommandDraft } from '../../src/core/act/act.ts';
import { createSigner } from '../../src/core/act/envelope.ts';
import type { DeskIdentity, Projection } from '../../src/core/desk.ts';
import { systemRandomness } from '../../src/core/platform/randomness.ts';
import type { SqliteDatabase } from '../../src/core/storage/sqlite-database.ts';
import { openDatabase, type OpenOptions } from '../../src/core/storage/open-database.ts';
import { createSyncWorker, type SyncWorker } from '../../src/core/sync/sync-worker.ts';
import type { RegistryTransport } from '../../src/core/sync/transport.ts';
import type { AttachmentSource } from '../../src/core/sync/ports.ts';
import type { DeskEvent } from '../../src/shared/contract/system.ts';
import { succeed } from '../../src/shared/platform/result.ts';
import type { TestClock } from './test-clock.ts';
import { silentLog, testActor } from './test-desk.ts';

export const syncIdentity: DeskIdentity = {
  mode: 'training',
  officeId: 'BAK1',
  officeCode: 'BAK1',
  officeName: 'Bakı 1',
  deskId: 'desk-01',
  deskCode: '01',
  appVersion: '0.1.0',
};

export interface SyncDesk {
  readonly db: SqliteDatabase;
  readonly acts: ActRunner;
  readonly publicKey: KeyObject;
  readonly events: DeskEvent[];
  worker(): SyncWorker;
  /** Abandons the worker where it stands and starts a new one on the same database, as after a crash. */
  crash(): void;
  /** A new program on the same database that reads more. */
  upgrade(projections: readonly Projection[]): void;
  queue(key: string, options?: { readonly lane?: 'urgent'; readonly baseRev?: number }): string;
  intent(key: string): string;
  /** Any act; throws the code of a refusal. */
  act(effects: { readonly outbox?: readonly CommandDraft[]; readonly intent?: CommandDraft }): string;
  close(): Promise<void>;
}

/** Acts and the exchange on a database in memory (or in a file) under a test clock, with the given transport in place of the network. */
export async function createSyncDesk(parts: {
  readonly clock: TestClock;
  readonly transport: RegistryTransport;
  readonly projections?: readonly Projection[];
  readonly attachments?: AttachmentSource;
  readonly keys?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  readonly fraction?: () => number;
  readonly freeBytes?: () => number | null;
  /** A file in place of memory. */
  readonly database?: Pick<OpenOptions, 'file' | 'keyHex' | 'ballastBytes'>;
}): Promise<SyncDesk> {
  const { clock } = parts;
  const opened = await openDatabase({ file: ':memory:', keyHex: '', clock, ...parts.database });
  if (!opened.ok) throw new Error(opened.failure.code);
  const db = opened.value;
  const keys = parts.keys ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const events: DeskEvent[] = [];
  const publish = (event: DeskEvent): void => void events.push(event);
  const random = { ...systemRandomness, fraction: parts.fraction ?? systemRandomness.fraction };
  let features = { projections: parts.projections ?? [], ...(parts.attachments === undefined ? {} : { attachments: parts.attachments }) };
  const startWorker = (): SyncWorker => {
    const made = createSyncWorker({
      db,
      identity: syncIdentity,
      clock,
      random,
      log: silentLog,
      transport: parts.transport,
      bootId: 'boot',
      publish,
      verifyInline: true,
      ...(parts.freeBytes === undefined ? {} : { freeBytes: parts.freeBytes }),
    });
    made.start(features);
    return made;
  };
  let worker = startWorker();
  const acts = createActRunner({
    db,
    identity: syncIdentity,
    clock,
    random,
    signer: createSigner(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    bootId: 'boot',
    schemaVersion: 10,
    publish,
    onQueued: () => worker.noteQueued(),
    clockOffsetMs: () => worker.clockOffsetMs(),
    clockErrorMs: () => worker.exchange.time.estimate()?.errorMs ?? null,
    checkClock: () => worker.exchange.time.check(),
    findStop: (drafts) => worker.exchange.findStop(drafts),
  });
  const draftOf = (key: string, baseRev: number | null = null): CommandDraft => ({
    kind: 'application.withdraw',
    payload: { applicationId: key, reason: 'sınaq' },
    aggregate: { type: 'application', key },
    baseRev,
    leaseToken: 0,
  });
  const act = (effects: { readonly outbox?: readonly CommandDraft[]; readonly intent?: CommandDraft }): string => {
    const commandId = random.uuid();
    const done = acts.perform({ commandId, operation: 'test', actor: testActor, input: commandId }, () =>
      succeed({ value: null, audit: { act: 'test', detail: {} }, ...effects }),
    );
    if (!done.ok) throw new Error(done.failure.code);
    return commandId;
  };
  return {
    db,
    acts,
    publicKey: keys.publicKey,
    events,
    worker: () => worker,
    crash: () => {
      void worker.stop();
      worker = startWorker();
    },
    upgrade: (projections) => {
      features = { ...features, projections };
      void worker.stop();
      worker = startWorker();
    },
    queue: (key, options = {}) =>
      act({ outbox: [{ ...draftOf(key, options.baseRev ?? null), ...(options.lane === undefined ? {} : { lane: options.lane }) }] }),
    act,
    intent: (key) => act({ intent: draftOf(key) }),
    close: async () => {
      await worker.stop();
      db.close();
    },
  };
}
