import type { DeskConfig } from '../shared/platform/desk-config.ts';
import type { Clock, Randomness } from '../shared/platform/ports.ts';
import { succeed, type Failure, type Result } from '../shared/platform/result.ts';
import type { OfflineLimits } from '../shared/rules/offline-limits.ts';
import { createActRunner } from './act/act-runner.ts';
import { createSigner } from './act/envelope.ts';
import type { Desk, DeskIdentity, Log } from './desk.ts';
import type { EventBus } from './platform/event-bus.ts';
import { migrations } from './storage/migrations/all.ts';
import { latestVersion } from './storage/migrate.ts';
import { openDatabase } from './storage/open-database.ts';
import { insertCareRun } from './storage/repositories/storage-care-repository.ts';
import type { SqliteDatabase } from './storage/sqlite-database.ts';
import { createQueueExporter, type QueueExporter } from './sync/export-queue.ts';
import { createRegistryClient } from './sync/registry-client.ts';
import { createRestoredHistory, type RestoredHistory } from './sync/restored-history.ts';
import { guardRestoredLife } from './sync/restored-life.ts';
import { collectSyncFacts, type SyncFacts } from './sync/sync-facts.ts';
import { createSyncWorker, type SyncWorker } from './sync/sync-worker.ts';
import type { RegistryTransport } from './sync/transport.ts';

export interface DeskParts {
  readonly identity: DeskIdentity;
  /** Absolute path, or `:memory:`. */
  readonly databaseFile: string;
  readonly databaseKeyHex: string;
  readonly signingKeyPem: string;
  readonly transport: RegistryTransport;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly ballastBytes?: number;
  /** A page read under way is not what was written: the program has to begin anew. */
  readonly onDamaged?: (sqliteCode: string) => void;
  readonly freeBytes?: () => number | null;
  /** The limits of working offline that hold while the registry has signed none. */
  readonly defaultLimits?: OfflineLimits;
}

/** A desk without its features: storage, acts and the exchange, on whatever ports it was given. */
export interface OpenDesk {
  readonly desk: Desk;
  readonly db: SqliteDatabase;
  readonly worker: SyncWorker;
  /** Asks the registry what it has of a desk that was restored; started after the worker. */
  readonly history: RestoredHistory;
  /** Writes what waits into a file for the registry. */
  readonly exporter: QueueExporter;
  /** The exchange in numbers and codes. */
  syncFacts(): SyncFacts;
  /** Ends the exchange, then closes the database. */
  close(): Promise<void>;
}

export async function openDesk(parts: DeskParts): Promise<Result<OpenDesk, Failure>> {
  const { identity, clock, random, log, bus } = parts;
  const signer = createSigner(parts.signingKeyPem);
  const found = { hasTailDropped: false };
  const opened = await openDatabase({
    file: parts.databaseFile,
    keyHex: parts.databaseKeyHex,
    clock,
    ballastBytes: parts.ballastBytes ?? 0,
    deskId: identity.deskId,
    onTailDropped: () => {
      found.hasTailDropped = true;
    },
    ...(parts.onDamaged === undefined ? {} : { onDamaged: parts.onDamaged }),
  });
  if (!opened.ok) return opened;
  const db = opened.value;
  const bootId = random.uuid();
  const publish: Desk['publish'] = (event) => bus.publish(event);
  const worker = createSyncWorker({
    db,
    identity,
    clock,
    random,
    log,
    transport: guardRestoredLife({ db, transport: parts.transport, deskId: identity.deskId, signer, clock, log }),
    bootId,
    publish,
    ...(parts.freeBytes === undefined ? {} : { freeBytes: parts.freeBytes }),
    ...(parts.defaultLimits === undefined ? {} : { defaultLimits: parts.defaultLimits }),
  });
  const acts = createActRunner({
    db,
    identity,
    clock,
    random,
    signer,
    bootId,
    schemaVersion: latestVersion(migrations),
    publish,
    onQueued: () => worker.noteQueued(),
    clockOffsetMs: () => worker.clockOffsetMs(),
    clockErrorMs: () => worker.exchange.time.estimate()?.errorMs ?? null,
    checkClock: () => worker.exchange.time.check(),
    findStop: (drafts) => worker.exchange.findStop(drafts),
  });
  const desk: Desk = { identity, clock, random, log, db, acts, registry: createRegistryClient(worker.exchange), sync: worker, publish };
  // An unfinished write is told to people and written down; what was acknowledged is there.
  if (found.hasTailDropped) noteTailDropped(desk);
  const history = createRestoredHistory(worker.exchange);
  return succeed({
    desk,
    db,
    worker,
    history,
    exporter: createQueueExporter(worker.exchange, signer),
    syncFacts: () => collectSyncFacts(worker.exchange),
    close: async () => {
      history.stop();
      await worker.stop();
      db.close();
    },
  });
}

function noteTailDropped({ acts, clock }: Desk): void {
  acts.record(null, (tx) => {
    insertCareRun(tx, { kind: 'tail_dropped', atMs: clock.nowMs(), tookMs: 0, code: 'OK', detail: {} });
    return { value: undefined, audit: { act: 'storage.tail_dropped', detail: {} } };
  });
}

/** The desk as its configuration names it. */
export function identityOf(config: DeskConfig, appVersion: string): DeskIdentity {
  return {
    mode: config.mode,
    officeId: config.office.id,
    officeCode: config.office.code,
    officeName: config.office.name,
    deskId: config.desk.id,
    deskCode: config.desk.code,
    appVersion,
  };
}
