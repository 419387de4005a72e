import { readFileSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { listConfigurationGaps } from '../shared/platform/desk-config.ts';
import type { CoreStart } from '../shared/platform/host-messages.ts';
import { verifyAudit } from './audit/verify.ts';
import type { Desk } from './desk.ts';
import { createSystemSpooler, joinPaperAt, joinPaperByPorts } from './documents/index.ts';
import { createFeatures } from './features/index.ts';
import { createPaperFeature } from './features/paper/index.ts';
import { createScanFeature } from './features/scan/index.ts';
import { createSyncFeature } from './features/sync/index.ts';
import { identityOf, openDesk } from './open-desk.ts';
import type { PortLike } from './platform/channel/message-port-channel.ts';
import { systemClock } from './platform/clock.ts';
import { createLog } from './platform/logger.ts';
import { systemRandomness } from './platform/randomness.ts';
import { createEventBus, createRouter, type DeskRouter } from './rpc/index.ts';
import { createHttpsTransport } from './sync/https-transport.ts';
import { createTrainingPort } from './training-port.ts';

export interface StartedDesk {
  readonly router: DeskRouter;
  /** Hands over the paper process's port; only where it has no socket. */
  joinPaper(port: PortLike): void;
  /** Ends the exchange and closes the database. */
  stop(): Promise<void>;
  readonly tookMs: number;
  /** Milliseconds of each part of the start. */
  readonly parts: Readonly<Record<string, number>>;
}

/** A start that cannot succeed; `code` is one of the host report's codes and `params` fill its sentence. */
export class StartFailure extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(code: string, params: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.name = 'StartFailure';
    this.code = code;
    this.params = params;
  }
}

const ballastBytes = 32 * 1024 * 1024;
declare const __QEYD_VERSION__: string | undefined;

/** Puts a desk together from its configuration and secrets, and begins the exchange. Rejects with `StartFailure`. */
export async function startDesk(start: CoreStart): Promise<StartedDesk> {
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
  const log = createLog();
  const registry = {
    url: config.registry.url,
    caPem: readConfigured(config.registry.caPath, 'registry.caPath'),
    certificatePem: readConfigured(config.registry.clientCertificatePath, 'registry.clientCertificatePath'),
    keyPem: secrets.clientKeyPem,
  };
  mark('config');

  const bus = createEventBus((error) => log.error('events.listener_failed', error));
  const opened = await openDesk({
    identity: identityOf(config, typeof __QEYD_VERSION__ === 'string' ? __QEYD_VERSION__ : '0.1.0'),
    databaseFile: path.join(config.dataFolder, 'desk.db'),
    databaseKeyHex: secrets.databaseKey,
    signingKeyPem: secrets.signingKeyPem,
    transport: createHttpsTransport(registry),
    bus,
    clock,
    random: systemRandomness,
    log,
    ballastBytes,
    freeBytes: () => freeDiskBytes(config.dataFolder),
  });
  if (!opened.ok) throw new StartFailure(opened.failure.code, opened.failure.params);
  const { desk, db, worker } = opened.value;
  mark('storage');

  const ports = start.paperSocketPath === '' ? joinPaperByPorts(clock) : null;
  const paperWorker = ports?.worker ?? joinPaperAt(start.paperSocketPath, clock);
  const spooler = createSystemSpooler(config);
  const paper = createPaperFeature(desk, { worker: paperWorker, spooler });
  const scan = createScanFeature(desk, { worker: paperWorker });
  const training = config.training === undefined ? null : createTrainingPort(config.training, registry);
  const features = createFeatures(desk, {
    config,
    bus,
    facts: { clockOffsetMs: () => worker.clockOffsetMs(), freeDiskBytes: () => freeDiskBytes(config.dataFolder) },
    verifyAudit: () => verifyAudit(db, desk.identity.deskId, () => pause(desk)),
    training,
    paper,
    scan,
    sync: createSyncFeature(desk, worker),
  });
  const router = createRouter(desk, features.handlers, features.sessions);
  scan.sweep();
  mark('features');
  worker.start({ projections: features.projections, attachments: scan.attachments });
  mark('exchange');

  const tookMs = Math.round(clock.monotonicMs() - beganMs);
  log.info('desk.started', { tookMs });
  return {
    router,
    joinPaper: (port) => ports?.join(port),
    stop: async () => {
      features.stop();
      paperWorker.close();
      await training?.close();
      await opened.value.close();
    },
    tookMs,
    parts,
  };
}

function readConfigured(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new StartFailure('CONFIG_INCOMPLETE', { gaps: name });
  }
}

function freeDiskBytes(folder: string): number | null {
  try {
    const free = statfsSync(folder);
    return free.bavail * free.bsize;
  } catch {
    return null;
  }
}

/** Gives the loop to others between two pages of a long read. */
function pause(desk: Pick<Desk, 'clock'>): Promise<void> {
  return new Promise((resolve) => void desk.clock.schedule(0, resolve));
}
