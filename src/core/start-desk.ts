import path from 'node:path';
import { listConfigurationGaps } from '../shared/platform/desk-config.ts';
import type { CoreStart } from '../shared/platform/host-messages.ts';
import { createFileSealKeys } from './audit/seal-keys.ts';
import { createSealer } from './audit/sealer.ts';
import { joinCardHost } from './cards/index.ts';
import { noCardHost } from './cards/ports.ts';
import { createSystemSpooler, joinPaperAt, joinPaperByPorts } from './documents/index.ts';
import { createFeatures } from './features/index.ts';
import { createPaperFeature } from './features/paper/index.ts';
import { createScanFeature } from './features/scan/index.ts';
import { createSyncFeature } from './features/sync/index.ts';
import { createStorageFeature } from './features/storage/index.ts';
import { createStorageCare, joinMaintenance } from './maintenance/index.ts';
import { createKeyCustody, noteReturnedKey } from './maintenance/key-custody.ts';
import { identityOf, openDesk } from './open-desk.ts';
import type { PortLike } from '../channel/message-port-channel.ts';
import { systemClock } from './platform/clock.ts';
import { createLogTail } from './platform/log-tail.ts';
import { createLog, standardError } from './platform/logger.ts';
import { systemRandomness } from './platform/randomness.ts';
import { plainSettings } from './plain-settings.ts';
import { readRegistryAccess } from './registry-access.ts';
import { createAsurePort } from './cards/asure-port.ts';
import { defaultCardKeys } from '../shared/registry-api/policy.ts';
import { createEventBus, createRouter, type DeskRouter } from './rpc/index.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import { freeAfterBackupBytes } from './storage/recovery/backups.ts';
import { freeBytesOf } from './storage/recovery/files.ts';
import { createHttpsTransport } from './sync/https-transport.ts';
import { createTrainingPort } from './training-port.ts';

export interface StartedDesk {
  readonly router: DeskRouter;
  /** Hands over the paper process's port; only where it has no socket. */
  joinPaper(port: PortLike): void;
  /** The same for the maintenance process. */
  joinMaintenance(port: PortLike): void;
  /** The same for the card host. */
  joinCards(port: PortLike): void;
  /** Ends the exchange and closes the database. */
  stop(): Promise<void>;
  readonly tookMs: number;
  /** Milliseconds of each part of the start. */
  readonly parts: Readonly<Record<string, number>>;
}

const ballastBytes = 32 * 1024 * 1024;
declare const __QEYD_VERSION__: string | undefined;

/**
 * Puts a desk together from its configuration and secrets, and begins the exchange. Rejects with `StartFailure`. `onDamaged`: the database was
 * found damaged under way; the program has to begin anew, into the recovery.
 */
export async function startDesk(start: CoreStart, onDamaged: (code: string) => void = () => undefined): Promise<StartedDesk> {
  const clock = systemClock;
  const beganMs = clock.monotonicMs();
  const parts: Record<string, number> = {};
  let markMs = beganMs;
  const mark = (name: string): void => {
    const nowMs = clock.monotonicMs();
    parts[name] = Math.round(nowMs - markMs);
    markMs = nowMs;
  };

  const { config, secrets } = start;
  const gaps = listConfigurationGaps(config);
  if (gaps.length > 0) throw new StartFailure('CONFIG_INCOMPLETE', { gaps: gaps.join(', ') });
  if (secrets.databaseKey === '') throw new StartFailure('SECRET_MISSING', { name: 'database-key' });
  const logTail = createLogTail(standardError());
  const log = createLog(logTail.destination);
  const registry = readRegistryAccess(config, secrets);
  mark('config');

  const databaseFile = path.join(config.dataFolder, 'desk.db');
  const bus = createEventBus((error) => log.error('events.listener_failed', error));
  const opened = await openDesk({
    identity: identityOf(config, typeof __QEYD_VERSION__ === 'string' ? __QEYD_VERSION__ : '0.1.0'),
    databaseFile,
    databaseKeyHex: secrets.databaseKey,
    signingKeyPem: secrets.signingKeyPem,
    transport: createHttpsTransport(registry),
    bus,
    clock,
    random: systemRandomness,
    log,
    ballastBytes,
    freeBytes: () => freeBytesOf(config.dataFolder),
    onDamaged,
  });
  if (!opened.ok) throw new StartFailure(opened.failure.code, opened.failure.params);
  const { desk, db, worker } = opened.value;
  mark('storage');
  noteReturnedKey(desk, databaseFile);
  const sealer = createSealer(desk, createFileSealKeys(databaseFile, secrets.databaseKey));
  const custody = createKeyCustody({
    desk,
    databaseFile,
    databaseKeyHex: secrets.databaseKey,
    policy: () => worker.exchange.policy.signed(),
  });

  const ports = start.paperSocketPath === '' ? joinPaperByPorts(clock) : null;
  const paperWorker = ports?.worker ?? joinPaperAt(start.paperSocketPath, clock);
  const spooler = createSystemSpooler(config);
  const paper = createPaperFeature(desk, { worker: paperWorker, spooler });
  const scan = createScanFeature(desk, { worker: paperWorker });
  const training = config.training === undefined ? null : createTrainingPort(config.training, registry);
  const joined = joinMaintenance(
    start.maintenanceSocketPath,
    { file: databaseFile, keyHex: secrets.databaseKey, deskId: config.desk.id },
    clock,
  );
  const cards =
    config.cards === undefined ? { host: noCardHost(), join: () => undefined } : joinCardHost(start.cardsSocketPath ?? '', clock);
  const care = createStorageCare({
    desk,
    maintenance: joined.maintenance,
    databaseFile,
    freeAfterBytes: freeAfterBackupBytes,
    onDamaged,
  });
  const storage = createStorageFeature(desk, {
    space: () => spaceOf(freeBytesOf(config.dataFolder), db.isSpaceShort),
    nextBackupAtMs: () => care.nextBackupAtMs(),
    backUp: () => care.backUp(),
  });
  const features = createFeatures(desk, {
    config,
    bus,
    cards: cards.host,
    facts: { clockOffsetMs: () => worker.clockOffsetMs(), freeDiskBytes: () => freeBytesOf(config.dataFolder) },
    verifyAudit: () => joined.maintenance.verifyAudit(),
    training,
    paper,
    scan,
    sync: createSyncFeature(desk, worker, {
      folder: config.exportFolder === '' ? path.join(config.dataFolder, 'exports') : config.exportFolder,
      exporter: opened.value.exporter,
      facts: () => ({
        sync: opened.value.syncFacts(),
        settings: plainSettings(config),
        freeBytes: freeBytesOf(config.dataFolder),
        logLines: logTail.lines(),
      }),
    }),
    storage,
    production: {
      worker: paperWorker,
      spooler,
      asure: createAsurePort(config.cards?.asure, log),
      algorithm: () => worker.exchange.policy.signed()?.card_keys?.[0] ?? defaultCardKeys[0] ?? 'p-256',
    },
  });
  const router = createRouter(desk, features.handlers, features.sessions);
  scan.sweep();
  features.noteStart();
  mark('features');
  worker.start({ projections: features.projections, attachments: scan.attachments });
  opened.value.history.start();
  care.start();
  custody.start();
  sealer.start();
  mark('exchange');

  const tookMs = Math.round(clock.monotonicMs() - beganMs);
  log.info('desk.started', { tookMs });
  return {
    router,
    joinPaper: (port) => ports?.join(port),
    joinMaintenance: (port) => joined.join(port),
    joinCards: (port) => cards.join(port),
    stop: async () => {
      features.stop();
      closeInOrder(() => features.noteStop(), log);
      care.stop();
      custody.stop();
      sealer.stop();
      joined.maintenance.close();
      cards.host.close();
      paperWorker.close();
      await training?.close();
      await opened.value.close();
    },
    tookMs,
    parts,
  };
}

/** A database that cannot take the mark any more must not keep the program from ending. */
function closeInOrder(noteStop: () => void, log: ReturnType<typeof createLog>): void {
  try {
    noteStop();
  } catch (error) {
    log.error('desk.stop_not_noted', error);
  }
}

/** People are told before the limit under which a desk may not work without the registry. Source: sync-and-reliability (b6) */
const warnBelowBytes = 2 * 1024 * 1024 * 1024;

function spaceOf(freeBytes: number | null, isShort: boolean) {
  const isNear = freeBytes !== null && freeBytes < warnBelowBytes;
  return { level: isShort ? ('read_only' as const) : isNear ? ('warning' as const) : ('fine' as const), freeBytes };
}
